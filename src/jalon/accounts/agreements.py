"""Agreements on disk: found, loaded once, kept."""

from __future__ import annotations

from functools import lru_cache

from jalon.accounts.models import Account, House
from jalon.accounts.shelf import folders, path_of, usual, versions
from jalon.core.agreement.linting import lint
from jalon.core.agreement.loading import AgreementError, parse
from jalon.core.agreement.model import Agreement
from jalon.core.agreement.problems import Problem

__all__ = ["folders", "for_new_clients", "load", "of", "path_of", "problems_of", "versions"]


@lru_cache(maxsize=32)
def load(agreement: str, version: str) -> Agreement:
    """One version, parsed once a process: a published file never changes."""
    file = path_of(agreement, version)
    return parse(file.read_text(encoding="utf-8"), file=str(file))


@lru_cache(maxsize=32)
def problems_of(agreement: str, version: str) -> tuple[Problem, ...]:
    """What `jalon agreement check` finds in one version, in the order of its file; checked once a process."""
    file = path_of(agreement, version)
    text = file.read_text(encoding="utf-8")
    try:
        beside = file.parent / parse(text, file=str(file)).source_file
    except AgreementError as error:
        return error.problems
    return lint(text, file=str(file), source=beside.read_text(encoding="utf-8") if beside.is_file() else None)


def of(account: Account) -> Agreement | None:
    """The agreement of a client, or None while it has signed nothing."""
    if not account.agreement:
        return None
    return load(account.agreement, account.agreement_version)


def for_new_clients() -> tuple[str, str] | None:
    """The (agreement, version) that a new client signs: the one that the house chose, else the usual one; None without any."""
    house = House.get()
    chosen = (house.agreement, house.agreement_version)
    return chosen if chosen in versions() else usual()
