"""The app of documents."""

from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    """Reviews and documents."""

    name = "jalon.documents"
    label = "documents"
