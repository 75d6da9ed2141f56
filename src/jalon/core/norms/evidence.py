"""Which facts keep a promise: of the right kind, about the same thing, saying what the norm requires."""

from __future__ import annotations

from collections.abc import Container, Mapping
from datetime import datetime
from typing import Any

from jalon.core.agreement.model import Norm
from jalon.core.facts.catalogue import KINDS
from jalon.core.facts.model import Fact
from jalon.core.norms.drafting import Draft
from jalon.core.norms.world import World

REFS = (
    "request", "report", "complaint", "feedback", "access", "assistance", "invoice", "dsr", "breach", "change", "incident",
    "conflict", "tpc", "policy", "dataset", "counsel", "survey", "improvement", "claim",
)  # fmt: skip
"""Fields by which facts name the thing they are about."""


def fits(where: Mapping[str, Any] | None, fact: Fact) -> bool:
    """Whether a fact has the values that `where` wants; `named` and `set` want any value."""
    for name, wanted in (where or {}).items():
        value = fact.get(name)
        if wanted in ("named", "set"):
            if not value:
                return False
        elif isinstance(wanted, (list, tuple)):
            if value not in wanted:
                return False
        elif value != wanted and name != "ref":
            return False
    return True


def about_the_same(trigger: Fact, fact: Fact, known: Container[str] = ()) -> bool:
    """Whether both name the same thing; a fact that names nothing, or nothing `known`, is about whatever waits."""
    if fact.get("activity_ref"):
        return str(fact.get("activity_ref")) in {
            trigger.id,
            str(trigger.get("uid") or ""),
            str(trigger.get("appointment_ref") or ""),
        } | _covers(trigger)
    for name in REFS:
        if trigger.get(name) and fact.get(name):
            return str(trigger.get(name)) == str(fact.get(name))
        if trigger.get(name) is None and fact.get(name) is not None:
            # The trigger has no name of its own: its identifier is its name.
            return str(fact.get(name)) == trigger.id or str(fact.get(name)) not in known
    return True


def _covers(fact: Fact) -> set[str]:
    value = fact.get("covers")
    return {str(v) for v in value} if isinstance(value, (list, tuple)) else {str(value)} if value else set()


def items_of(fact: Fact) -> list[str]:
    """Everything that a held activity says it covered: its topics, and what `covers` names."""
    found: list[str] = []
    for name in ("topics", "covers"):
        value = fact.get(name)
        found += (
            [str(v) for v in value] if isinstance(value, (list, tuple)) else [str(value)] if value else []
        )
    return found


def acceptable(draft: Draft, fact: Fact) -> bool:
    """Whether a fact says what the norm requires. What it does not state is not held against it, and is noted."""
    world, requires = draft.world, draft.spec.get("requires") or {}
    day = world.day(fact.at)
    if fact.get("automatic") is True or fact.get("public") is False or fact.get("ok") is False:
        return False
    if fact.get("to") == [] or fact.get("to") == ():
        return False  # an announcement to nobody
    if requires.get("reason_if") and fact.get("decision") == requires["reason_if"] and not fact.get("reason"):
        return False
    if requires.get("reasons") and "reasons" in fact.fields and not fact.get("reasons"):
        return False
    if any(wanted == "set" and _has(fact, name) and not fact.get(name) for name, wanted in requires.items()):
        return False
    return (
        _long_enough(draft, fact, requires, day)
        and _attended(draft, fact, requires)
        and _covered(draft, fact, requires, day)
    )


def _has(fact: Fact, name: str) -> bool:
    """Whether facts of this kind say that at all."""
    return KINDS[fact.kind].field(name) is not None


def _long_enough(draft: Draft, fact: Fact, requires: Mapping[str, Any], day: Any) -> bool:
    if "minutes" not in requires:
        return True
    least = draft.use(requires["minutes"], day).value
    if fact.get("minutes") is None:
        draft.not_stated.append("minutes")
        return True
    return int(fact.get("minutes")) >= int(least)


def _attended(draft: Draft, fact: Fact, requires: Mapping[str, Any]) -> bool:
    if fact.kind != "activity.held":
        return True
    present = fact.get("attendees")
    if present is None:
        draft.not_stated.append("attendees")
        return True
    return len(present) >= int(requires.get("client_attendees", 1))


def _covered(draft: Draft, fact: Fact, requires: Mapping[str, Any], day: Any) -> bool:
    if "covers" not in requires:
        return True
    wanted = list(draft.use(requires["covers"], day).value)
    stated = set(items_of(fact))
    if not stated & set(wanted):
        # Nothing is said of the content: it is held, and the other side may contest it.
        draft.not_stated.append("topics")
        return True
    return set(wanted) <= stated


def found_for(draft: Draft, norm: Norm, since: datetime | None) -> list[tuple[datetime, tuple[Fact, ...]]]:
    """The facts that keep an instance created by a trigger: after it, about it, as required, each by itself."""
    world, trigger = draft.world, draft.trigger
    where = draft.spec.get("where")
    found: list[tuple[datetime, tuple[Fact, ...]]] = []
    for fact in evidence(world, norm):
        if since and fact.at < since:
            continue
        if trigger is not None and not about_the_same(trigger, fact, world.ids):
            continue
        if fits(where, fact) and acceptable(draft, fact):
            found.append((fact.at, (fact,)))
    return found


def evidence(world: World, norm: Norm) -> list[Fact]:
    """The facts of the norm's kinds of evidence, recorded by a side that may give it."""
    return world.of(*norm.evidence)
