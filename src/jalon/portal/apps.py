"""The app of portal."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """The client's window."""

    name = "jalon.portal"
    label = "portal"
