"""Every address. A window's own addresses are in its own urls.py."""

from django.urls import include, path

urlpatterns = [
    path("", include("jalon.config.door_urls")),
    path("", include("jalon.workspace.urls")),
    path("portal/", include("jalon.portal.urls")),
]
