"""The addresses of both windows, for tests of the frame."""

from django.urls import include, path

urlpatterns = [path("", include("jalon.config.door_urls")), path("", include("jalon.workspace.urls"))]
