"""The app of demo."""

from django.apps import AppConfig


class DemoConfig(AppConfig):
    """The demo portfolio."""

    name = "jalon.demo"
    label = "demo"
