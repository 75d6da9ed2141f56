"""Clauses 4.1 to 4.4: what the vendor waits for from the client, when it was due, and which fact brings it."""

from __future__ import annotations

from jalon.core.facts.model import Fact
from jalon.core.norms.world import Question, World, order, term_of
from jalon.core.obligations import Side
from jalon.core.timekeeping.civil import add_term


def questions(world: World) -> list[Question]:
    """The questions in the order they were asked; the term is that of the norm which each question triggers."""
    norm = next(
        (
            n
            for n in world.agreement.norms.values()
            if ((n.spec or {}).get("trigger") or {}).get("fact") == "provider.question"
        ),
        None,
    )
    if norm is None:
        return []
    written = ((norm.spec or {}).get("due") or {}).get("add")
    found: list[Question] = []
    names: set[str] = set()
    for asked in world.of("provider.question"):
        day = world.client_calendar.local_day(asked.at)
        due = add_term(day, term_of(world.parameter(written, day)), world.client_calendar, roll=True)
        ref = str(asked.get("ref") or asked.id)
        name = ref if ref not in names else f"{ref}~{asked.id[:6]}"
        names.add(name)
        found.append(Question(asked, name, due, answer(world, asked), world.client_calendar))
    return found


def answer(world: World, asked: Fact) -> Fact | None:
    """The first answer of the client that closes a question; one that says it is incomplete does not."""
    mine = {asked.id, str(asked.get("ref") or "")} - {""}
    others = [q for q in world.naming("provider.question", "", "ref") if q.id != asked.id]
    replies = {
        fact.id: fact
        for kind in ("client.reply", "request.reopened")
        for name in mine | {""}
        for fact in world.naming(kind, name, "question", "ref", "request", nameless=False)
    }
    for fact in sorted(replies.values(), key=order):
        if fact.side != Side.CLIENT or fact.at < asked.at or fact.get("complete") is False:
            continue
        named = {str(fact.get(name)) for name in ("question", "ref", "request") if fact.get(name)}
        if named & mine or (not named and fact.kind == "client.reply" and not others):
            return fact
    return None


def waits(world: World) -> list[Question]:
    """What else the client owes before the vendor can go on (4.1, 4.3, 4.4): each norm whose lateness `extends_provider`.

    Information that nobody recorded is no wait: the ledger is silent, and silence does not say that the client was late.
    """
    facts = {fact.id: fact for fact in world.seen.facts}
    found: list[Question] = []
    for norm in world.agreement.norms.values():
        spec = norm.spec or {}
        kind = (spec.get("trigger") or {}).get("fact")
        if (spec.get("late") or {}).get("effect") != "extends_provider" or kind == "provider.question":
            continue
        if kind == "agreement.in_effect" and not world.of(*(spec.get("evidence") or ())):
            continue
        for owed in world.owed(norm):
            asked = facts.get(owed.trigger or "")
            if asked is None or owed.due_on is None:
                continue
            reply = facts[owed.evidence[0]] if owed.done_at and owed.evidence else None
            found.append(Question(asked, owed.key, owed.due_on, reply, world.client_calendar))
    return found
