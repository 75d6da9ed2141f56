"""The app of notices."""

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    """The outbox."""

    name = "jalon.notices"
    label = "notices"
