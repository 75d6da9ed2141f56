"""The things that exist for a client, to be chosen from: requests, questions, appointments, invoices, objectives, facts."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from jalon.accounts.models import Account
from jalon.core.facts.catalogue import KINDS, said_value, tell
from jalon.core.facts.model import Fact, FactKind
from jalon.core.facts.references import Thing, brings, thing_of
from jalon.ledger import book
from jalon.ledger.models import StoredFact
from jalon.wording import say

Choice = tuple[str, str]
LONGEST = 70
LATEST = 60
"""Facts offered as the target of a correction: the latest."""


def choices(account: Account, kind: FactKind, names: dict[str, str], side: str) -> dict[str, list[Choice]]:
    """For each field of `kind` that points to something, what exists, the latest first; one query for all of them."""
    pointing = {
        field.name: thing
        for field in kind.fields
        if (thing := thing_of(kind.kind, field.name)) and not brings(kind.kind, field.name)
    }
    objectives = [f.name for f in kind.fields if f.name == "objective"]
    kinds = {thing.kind for thing in pointing.values()} | ({"plan.agreed"} if objectives else set())
    facts = _seen(account, kinds, side) if kinds else []
    found = {name: _of(thing, facts, names, account) for name, thing in pointing.items()}
    found |= {name: _objectives(facts) for name in objectives}
    if kind.field("target"):
        latest = StoredFact.objects.filter(account=account, visibility__in=["both", side]).order_by("-sequence")[:LATEST]  # fmt: skip
        found["target"] = [
            (fact.id, _short(f"{_day(fact, account)} · {say(tell(fact, names))}"))
            for fact in map(book.decode, latest)
        ]
    return found


def fresh(account: Account, kind: FactKind) -> dict[str, str]:
    """A reference that nothing bears yet, for each thing that a fact of `kind` brings and that people do not number themselves."""
    found = {}
    for field in kind.fields:
        thing = thing_of(kind.kind, field.name)
        if thing is None or not thing.letter or not brings(kind.kind, field.name):
            continue
        taken = {str(fact.get(field.name)) for fact in book.facts_of_kind(account, kind.kind)}
        number = len(taken) + 1
        while f"{thing.letter}-{number}" in taken:
            number += 1
        found[field.name] = f"{thing.letter}-{number}"
    return found


def _seen(account: Account, kinds: Iterable[str], side: str) -> list[Fact]:
    rows = StoredFact.objects.filter(account=account, kind__in=kinds, visibility__in=["both", side])
    return [book.decode(row) for row in rows.order_by("-at", "-sequence")]


def _of(thing: Thing, facts: list[Fact], names: dict[str, str], account: Account) -> list[Choice]:
    found: dict[str, str] = {}
    field = KINDS[thing.kind].field(thing.told_by)
    for fact in facts:
        if fact.kind != thing.kind:
            continue
        name = str(fact.get(thing.named_by) or fact.id) if thing.named_by else fact.id
        told = say(said_value(field, fact.get(field.name), names)) if field and fact.get(field.name) else ""
        parts = [name if thing.named_by else "", told if told != name else "", _day(fact, account)]
        found.setdefault(name, _short(" · ".join(part for part in parts if part)))
    return list(found.items())


def _objectives(facts: list[Fact]) -> list[Choice]:
    plan = next((f for f in facts if f.kind == "plan.agreed" and f.get("objectives")), None)
    if plan is None:
        return []
    return [
        (str(entry.get("id") or f"O{number}"), str(entry.get("name") or entry.get("metric") or f"O{number}"))
        for number, entry in enumerate(plan.get("objectives"), start=1)
    ]


def _day(fact: Fact, account: Account) -> str:
    moment = fact.at.astimezone(ZoneInfo(account.zone))
    if fact.kind == "appointment.confirmed" and fact.get("start"):
        return say(datetime.fromisoformat(fact.get("start")).astimezone(ZoneInfo(account.zone)))
    return say(moment.date())


def _short(said: str) -> str:
    return said if len(said) <= LONGEST else said[: LONGEST - 1].rsplit(" ", 1)[0] + "…"
