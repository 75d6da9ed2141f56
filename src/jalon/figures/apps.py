"""The app of figures."""

from django.apps import AppConfig


class FiguresConfig(AppConfig):
    """Drawings and the frame of pages."""

    name = "jalon.figures"
    label = "figures"
