"""The app of workspace."""

from django.apps import AppConfig


class WorkspaceConfig(AppConfig):
    """The vendor's window."""

    name = "jalon.workspace"
    label = "workspace"
