"""The app of trust."""

from django.apps import AppConfig


class TrustConfig(AppConfig):
    """Backups, restores, drills."""

    name = "jalon.trust"
    label = "trust"
