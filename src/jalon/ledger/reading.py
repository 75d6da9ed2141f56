"""An agreement read as a page: each clause with its promises, their numbers by level, and the standing of each, by state."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count

from jalon.core.agreement.model import Agreement, Clause, Norm, Parameter
from jalon.core.norms.registry import runs
from jalon.core.obligations import Assessment, Power, Right, State
from jalon.figures.why import Signed, signed
from jalon.ledger import scenarios
from jalon.ledger.models import ProjectedObligation
from jalon.ledger.scenarios import Scenario

MOST = 24
"""Promises of one client that are drawn beside a norm; the others are in its list."""
LATE_NOW = frozenset({State.OVERDUE, State.BREACHED})
"""What waits for somebody: the count of late promises beside a clause."""


@dataclass(frozen=True)
class Number:
    """A parameter, and what each level sets instead, by the level's name."""

    parameter: Parameter
    by_level: tuple[tuple[Any, Any], ...]


@dataclass(frozen=True)
class Promise:
    """One promise of a client, as a small pole that opens its why."""

    key: str
    title: Any
    state: str
    due: Any  # a day, or an instant, or None


@dataclass(frozen=True)
class Duty:
    """A norm beside its clause: its numbers, how its promises stand, and the scenarios that show how it runs."""

    norm: Norm
    runs: bool
    numbers: tuple[Number, ...]
    counts: Mapping[str, int]  # promises by state, in the order of the states
    promises: tuple[Promise, ...]  # of one client, the latest last; none over the portfolio
    more: int  # promises of the client that are older than those
    scenarios: tuple[Scenario, ...]
    power: Power | None = None
    right: Right | None = None


@dataclass(frozen=True)
class Passage:
    """A clause, the words that found its norms marked, with its duties."""

    clause: Clause
    signed: Signed
    duties: tuple[Duty, ...]
    late: int


@dataclass(frozen=True)
class Reading:
    """The whole agreement as a page."""

    agreement: Agreement
    passages: tuple[Passage, ...]
    not_run: tuple[Norm, ...]
    to_confirm: int
    late: int
    untold: tuple[tuple[str, Any], ...]  # scenario files that could not be told, each with why


def read(
    agreement: Agreement, folder: str, rows: Sequence[Any] | None = None, assessed: Assessment | None = None
) -> Reading:
    """The page of an agreement: over the portfolio (one query), or for one client, by its promises and what it is assessed to hold.

    `folder` is the version on disk; `rows` are the promises that the reader sees, projected or derived, by due date.
    """
    by_norm = _over_all(agreement, folder) if rows is None else _of_one(rows)
    told = scenarios.told(agreement.id, folder)
    powers = {power.norm: power for power in assessed.powers} if assessed else {}
    rights = {right.norm: right for right in assessed.rights} if assessed else {}
    passages = []
    for clause in agreement.clauses:
        norms = [agreement.norms[norm] for norm in clause.norms if norm in agreement.norms]
        duties = tuple(
            Duty(
                norm, runs(norm), tuple(_numbers(agreement, norm)), _counts(by_norm.get(norm.id, ())),
                *_promises(by_norm.get(norm.id, ())), told.by_norm.get(norm.id, ()),
                powers.get(norm.id), rights.get(norm.id),
            )
            for norm in norms
        )  # fmt: skip
        late = sum(n for duty in duties for state, n in duty.counts.items() if state in LATE_NOW)
        quotes = [norm.quote for norm in norms if norm.quote]
        passages.append(Passage(clause, signed(clause, quotes), duties, late))
    return Reading(
        agreement, tuple(passages), tuple(norm for norm in agreement.norms.values() if not runs(norm)),
        sum(p.confirm for p in agreement.parameters.values()), sum(one.late for one in passages), told.untold,
    )  # fmt: skip


def _of_one(rows: Sequence[Any]) -> Mapping[str, Sequence[Any]]:
    """The promises of a client, by norm."""
    found: dict[str, list[Any]] = {}
    for row in rows:
        if row.state != State.NOT_YET:
            found.setdefault(row.norm, []).append(row)
    return found


def _over_all(agreement: Agreement, folder: str) -> Mapping[str, Sequence[Any]]:
    """(state, how many) by norm; two agreements may name a norm alike, so only the promises of this one count."""
    found: dict[str, list[Any]] = {}
    rows = ProjectedObligation.objects.exclude(state=State.NOT_YET).filter(
        account__agreement=agreement.id, account__agreement_version=folder
    )
    for norm, state, n in rows.values_list("norm", "state").annotate(n=Count("pk")).order_by("norm"):
        found.setdefault(norm, []).append((state, n))
    return found


def _counts(rows: Sequence[Any]) -> Mapping[str, int]:
    found: Counter[str] = Counter()
    for row in rows:
        state, n = row if isinstance(row, tuple) else (str(row.state), 1)
        found[state] += n
    return {state.value: found[state.value] for state in State if found[state.value]}


def _promises(rows: Sequence[Any]) -> tuple[tuple[Promise, ...], int]:
    latest = [row for row in rows if not isinstance(row, tuple)][-MOST:]
    promises = tuple(Promise(row.key, row.title, str(row.state), row.due_on or row.due) for row in latest)
    return promises, len(rows) - len(latest) if latest else 0


def _numbers(agreement: Agreement, norm: Norm) -> list[Number]:
    found = []
    for name in dict.fromkeys(_named(norm.spec or {})):
        parameter = agreement.parameters.get(name)
        if parameter:
            setting = any(name in level.sets for level in agreement.levels.values())
            levels = tuple(
                (level.name, level.sets.get(name, parameter.value)) for level in agreement.levels.values()
            )
            found.append(Number(parameter, levels if setting else ()))
    return found


def _named(value: Any) -> list[str]:
    """The names written "@name" anywhere in a norm."""
    if isinstance(value, str):
        return [value[1:]] if value.startswith("@") else []
    if isinstance(value, Mapping):
        return [name for part in value.values() for name in _named(part)]
    return [name for part in value for name in _named(part)] if isinstance(value, (list, tuple)) else []
