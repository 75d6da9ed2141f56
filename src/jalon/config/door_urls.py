"""Addresses outside both windows."""

from django.urls import path

from jalon.workspace import doors, first_hour

urlpatterns = [
    path("", doors.home, name="home"),
    path("welcome/", first_hour.welcome, name="welcome"),
    path("sign-in/", doors.sign_in, name="sign-in"),
    path("password/", doors.forgotten_password, name="password-forgotten"),
    path("password/<str:token>/", doors.set_password, name="password-set"),
    path("sign-out/", doors.sign_out, name="sign-out"),
    path("theme/", doors.theme, name="theme"),
    path("language/", doors.language, name="language"),
    path("demo/enter/<slug:who>/", doors.demo_enter, name="demo-enter"),
]
