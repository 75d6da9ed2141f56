"""The app of config."""

from django.apps import AppConfig


class ConfigConfig(AppConfig):
    """Settings and command line."""

    name = "jalon.config"
    label = "config"
