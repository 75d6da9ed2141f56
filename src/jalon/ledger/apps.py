"""The app of the ledger."""

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    """Facts at rest and their projections."""

    name = "jalon.ledger"
    label = "ledger"
