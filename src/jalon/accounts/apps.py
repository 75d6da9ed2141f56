"""The app of people and clients."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Accounts, contacts, staff, users."""

    name = "jalon.accounts"
    label = "accounts"
