"""The scenarios beside an agreement, told to a person: given these facts, as of this day, how each promise stands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml

from jalon.accounts import agreements
from jalon.core.agreement.model import Agreement, Level
from jalon.core.facts.catalogue import FactError, read, tell
from jalon.core.money.amount import Money
from jalon.core.obligations import State
from jalon.core.text import Bilingual, Text, _, ngettext

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_NAMES = ("promise", "power", "right", "limit")


@dataclass(frozen=True)
class Verdict:
    """How one promise stands as of a moment: a day (its end), or an instant of that day."""

    as_of: date | datetime
    known_at: date | datetime | None
    occurrence: str  # "2026-05", "R1": which of the promises of this norm
    state: State | None
    due: date | datetime | None
    said: Text | None  # what stands in place of a state, for a power, a right or a limit


@dataclass(frozen=True)
class Scenario:
    """One case, as the agreement's file tells it; `verdicts` are those about the norm that it is told beside."""

    name: Bilingual
    level: Level | None
    signed: date | None
    facts: tuple[tuple[date | datetime, Text], ...]
    verdicts: tuple[Verdict, ...]
    several: bool  # of one norm: each is then named


@dataclass(frozen=True)
class Told:
    """Every scenario by the norm that it shows, and the files that could not be told, each with why."""

    by_norm: Mapping[str, tuple[Scenario, ...]] = field(default_factory=dict)
    untold: tuple[tuple[str, Text | str], ...] = ()


@lru_cache(maxsize=32)
def told(agreement_id: str, folder: str) -> Told:
    """The scenarios of the version in `folder` (as on disk), read once a process: a published version never changes."""
    agreement = agreements.load(agreement_id, folder)
    found: dict[str, list[Scenario]] = {}
    untold: list[tuple[str, Text | str]] = []
    for file in sorted((agreements.path_of(agreement_id, folder).parent / "scenarios").glob("*.yaml")):
        try:
            for norm, scenario in _of_file(file, agreement):
                found.setdefault(norm, []).append(scenario)
        except FactError as error:
            untold.append((file.name, error.said))
        except (yaml.YAMLError, ValueError, KeyError, TypeError, AttributeError) as error:
            untold.append((file.name, str(error)))
    return Told({norm: tuple(cases) for norm, cases in found.items()}, tuple(untold))


def _of_file(file: Path, agreement: Agreement) -> list[tuple[str, Scenario]]:
    cases = yaml.load(file.read_text(encoding="utf-8"), Loader=_LOADER) or []
    return [pair for case in cases for pair in _of_case(case, agreement)]


def _of_case(case: Mapping[str, Any], agreement: Agreement) -> Iterator[tuple[str, Scenario]]:
    zone = ZoneInfo(agreement.calendars["provider"].zone)
    currency = _currency(case)
    verdicts: dict[str, list[Verdict]] = {}
    for check in case["checks"]:
        # A check of a figure alone (the cap) is told on its own page, with its addition.
        if "as_of" in check and (name := next((one for one in _NAMES if one in check), "")):
            norm, _sep, occurrence = str(check[name]).partition(":")
            verdicts.setdefault(norm, []).append(_verdict(check, name, occurrence, zone, currency))
    if not verdicts:
        return
    facts = tuple(_fact(record, zone) for record in case.get("facts") or ())
    level = agreement.levels.get(str(case.get("level", "")))
    for norm, found in verdicts.items():
        yield norm, Scenario(
            Bilingual(str(case.get("fr") or case["name"]), str(case["name"])), level, case.get("signed"), facts,
            tuple(found), len({one.occurrence for one in found}) > 1,
        )  # fmt: skip


def _fact(record: Mapping[str, Any], zone: ZoneInfo) -> tuple[date | datetime, Text]:
    plain = {
        name: value.isoformat() if isinstance(value, date | datetime) else value
        for name, value in record.items()
    }
    return _when(record["at"], zone), tell(read(plain, agreement_zone=str(zone)))


def _when(written: Any, zone: ZoneInfo) -> date | datetime:
    """A day, or an instant in the agreement's zone where none is written."""
    if isinstance(written, str):
        written = date.fromisoformat(written) if len(written) == 10 else datetime.fromisoformat(written)
    if isinstance(written, datetime) and written.tzinfo is None:
        return written.replace(tzinfo=zone)
    if isinstance(written, date):
        return written
    raise ValueError(f"{written!r} is not a moment")


def _verdict(check: Mapping[str, Any], name: str, occurrence: str, zone: ZoneInfo, currency: str) -> Verdict:
    return Verdict(
        _when(check["as_of"], zone),
        _when(check["known_at"], zone) if "known_at" in check else None,
        occurrence,
        State(check["state"]) if "state" in check else None,
        _when(check["due"], zone) if check.get("due") else None,
        _said(check, name, currency),
    )


def _currency(case: Mapping[str, Any]) -> str:
    """The currency that the facts of a case write."""
    return next((str(fact["currency"]) for fact in case.get("facts") or () if "currency" in fact), "EUR")


def _said(check: Mapping[str, Any], name: str, currency: str) -> Text | None:
    if name == "power":
        return _("it can be used") if check["available"] else _("it cannot be used")
    if name == "right":
        return ngettext("%(n)s is left", "%(n)s are left", int(check["left"]))
    if name == "limit":
        if not check["applies"]:
            return _("it bounds nothing")
        bound = check.get("amount")
        return _("it bounds what is owed to %(amount)s", amount=Money(Decimal(str(bound)), currency)) if bound else _("it bounds what is owed")  # fmt: skip
    return _("it is not owed") if check.get("absent") else None
