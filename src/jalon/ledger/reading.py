"""An agreement read as a page: each clause with its promises, their numbers by level, and the standing of each, by state."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count

from jalon.accounts.models import Account
from jalon.core.agreement.model import Agreement, Clause, Norm, Parameter
from jalon.core.norms.registry import runs
from jalon.core.obligations import State
from jalon.ledger.models import ProjectedObligation


@dataclass(frozen=True)
class Number:
    """A parameter, and what each level sets instead, by the level's name."""

    parameter: Parameter
    by_level: tuple[tuple[Any, Any], ...]


@dataclass(frozen=True)
class Duty:
    """A norm beside its clause: its numbers, whether it is run, and how many of its promises stand in each state."""

    norm: Norm
    runs: bool
    numbers: tuple[Number, ...]
    counts: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Passage:
    """A clause with its duties."""

    clause: Clause
    duties: tuple[Duty, ...]
    late: int


@dataclass(frozen=True)
class Reading:
    """The whole agreement as a page."""

    agreement: Agreement
    passages: tuple[Passage, ...]
    not_run: int
    to_confirm: int


def read(
    agreement: Agreement, account: Account | None, counts: Mapping[str, Mapping[str, int]] | None = None
) -> Reading:
    """The page of an agreement over the portfolio, or for one client; one query, whatever the number of clients."""
    if counts is None:
        counts = _counts(account)
    passages = []
    for clause in agreement.clauses:
        duties = tuple(
            _duty(agreement, agreement.norms[norm], counts.get(norm, {}))
            for norm in clause.norms
            if norm in agreement.norms
        )
        late = sum(n for duty in duties for state, n in duty.counts if state == State.OVERDUE)
        passages.append(Passage(clause, duties, late))
    return Reading(
        agreement,
        tuple(passages),
        sum(not runs(norm) for norm in agreement.norms.values()),
        sum(p.confirm for p in agreement.parameters.values()),
    )


def _counts(account: Account | None) -> Mapping[str, Mapping[str, int]]:
    rows = ProjectedObligation.objects.exclude(state=State.NOT_YET)
    if account:
        rows = rows.filter(account=account)
    found: dict[str, dict[str, int]] = {}
    for norm, state, n in rows.values_list("norm", "state").annotate(n=Count("pk")).order_by("norm"):
        found.setdefault(norm, {})[state] = n
    return found


def _duty(agreement: Agreement, norm: Norm, counts: Mapping[str, int]) -> Duty:
    order = [state.value for state in State]
    return Duty(
        norm,
        runs(norm),
        tuple(_numbers(agreement, norm)),
        tuple(sorted(counts.items(), key=lambda one: order.index(one[0]))),
    )


def _numbers(agreement: Agreement, norm: Norm) -> list[Number]:
    found = []
    for name in dict.fromkeys(_named(norm.spec or {})):
        parameter = agreement.parameters.get(name)
        if parameter:
            levels = tuple(
                (level.name, level.sets[name]) for level in agreement.levels.values() if name in level.sets
            )
            found.append(Number(parameter, levels))
    return found


def _named(value: Any) -> list[str]:
    """The names written "@name" anywhere in a norm."""
    if isinstance(value, str):
        return [value[1:]] if value.startswith("@") else []
    if isinstance(value, Mapping):
        return [name for part in value.values() for name in _named(part)]
    return [name for part in value for name in _named(part)] if isinstance(value, (list, tuple)) else []
