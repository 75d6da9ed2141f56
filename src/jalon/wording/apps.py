"""The app of wording."""

from django.apps import AppConfig


class WordingConfig(AppConfig):
    """Words."""

    name = "jalon.wording"
    label = "wording"
