"""Agreements on disk: found, loaded once, kept."""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path

from jalon.accounts.models import Account, House
from jalon.core.agreement.linting import lint
from jalon.core.agreement.loading import AgreementError, parse
from jalon.core.agreement.model import Agreement
from jalon.core.agreement.problems import Problem

_PACKAGE = Path(__file__).resolve().parent.parent


def folders() -> list[Path]:
    """Where agreements are looked for: the operator's own folder first, then those that come with Jalon."""
    own = os.environ.get("JALON_AGREEMENTS")
    shipped = [_PACKAGE / "agreements", _PACKAGE.parent.parent / "agreements"]
    return [folder for folder in ([Path(own)] if own else []) + shipped if folder.is_dir()]


def versions() -> list[tuple[str, str]]:
    """Every (agreement, version) that can be signed, in order of name and date."""
    found = {
        (file.parent.parent.name, file.parent.name)
        for folder in folders()
        for file in folder.glob("*/*/agreement.yaml")
    }
    return sorted(found)


def path_of(agreement: str, version: str) -> Path:
    """The file of one version; FileNotFoundError, saying where it was looked for, when there is none."""
    for folder in folders():
        file = folder / agreement / version / "agreement.yaml"
        if file.is_file():
            return file
    looked = ", ".join(str(folder) for folder in folders())
    raise FileNotFoundError(f"no agreement {agreement}/{version} in {looked}")


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
    """The (agreement, version) that a new client signs: the one that the house chose, else the latest of the last name; None without any."""
    known = versions()
    house = House.get()
    chosen = (house.agreement, house.agreement_version)
    if chosen in known:
        return chosen
    return known[-1] if known else None
