"""The app of usage."""

from django.apps import AppConfig


class UsageConfig(AppConfig):
    """Product usage."""

    name = "jalon.usage"
    label = "usage"
