"""Owed each time something happens: one instance a trigger fact, and one a step where the norm has several."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import Any

from jalon.core.agreement.model import Norm
from jalon.core.facts.model import Fact
from jalon.core.norms import clocks
from jalon.core.norms.drafting import Draft, finish, in_time, settle
from jalon.core.norms.evidence import REFS, fits, found_for
from jalon.core.norms.excuses import force_majeure, starts
from jalon.core.norms.extensions import extend
from jalon.core.norms.questions import answer
from jalon.core.norms.world import World
from jalon.core.obligations import Obligation, Side, State
from jalon.core.text import Value, _, ngettext
from jalon.core.timekeeping.civil import day_of


def instances(world: World, norm: Norm) -> Iterator[Obligation]:
    """Every instance of the norm, by the shape of its due date."""
    spec = norm.spec or {}
    due, trigger = spec.get("due") or {}, spec["trigger"]
    if due.get("clock") == "working" and trigger["fact"] in ("request.opened", "client.message"):
        yield from clocks.instances(world, norm)
        return
    taken: set[str] = set()
    for fact in triggers(world, trigger):
        if not holds(world, spec.get("if"), fact):
            continue
        name = occurrence(fact, taken)
        if "steps" in due:
            for step, written in due["steps"].items():
                yield _step(world, norm, fact, name, step, written)
        elif "at" in due:
            yield from _attendance(world, norm, fact, name)
        elif "clock" in due:
            yield clocks.simple(world, norm, fact, name, which(fact))
        else:
            yield from _dated(world, norm, fact, name, due)


def shared(world: World, norm: Norm) -> Iterator[Obligation]:
    """One line a trigger of a norm that is owed all the time: what is due at the latest when the trigger happens."""
    spec = norm.spec or {}
    taken: set[str] = set()
    for fact in triggers(world, spec["trigger"]):
        yield from _dated(world, norm, fact, occurrence(fact, taken), spec["due"])


def triggers(world: World, trigger: dict[str, Any]) -> list[Fact]:
    """The facts that create instances."""
    kind = "client.change_notified" if trigger["fact"] == "client.change_occurred" else trigger["fact"]
    found = [f for f in world.of(kind) if fits(trigger.get("where"), f)]
    grounds = trigger.get("grounds_any")
    return [
        f for f in found if not grounds or not f.get("grounds") or set(_list(f.get("grounds"))) & set(grounds)
    ]


def holds(world: World, condition: str | None, fact: Fact) -> bool:
    """Whether the condition that a norm sets on its trigger holds."""
    return condition is None or CONDITIONS[condition](world, fact)


def _needs_consent(world: World, shared: Fact) -> bool:
    """A third party's data, unless it is declared to stand on another basis than a consent."""
    if shared.get("third_party") is not True:
        return False
    declared = [f for f in world.of("dataset.declared") if f.get("dataset") == shared.get("dataset")]
    basis = str(declared[-1].get("legal_basis") or "").lower() if declared else ""
    return not basis or "consent" in basis


CONDITIONS: dict[str, Callable[[World, Fact], bool]] = {"dataset.third_party_needs_consent": _needs_consent}
"""What an agreement may write under `if`, and how it is told from the facts."""


def _list(value: Any) -> list[str]:
    return [str(v) for v in value] if isinstance(value, (list, tuple)) else [str(value)]


def occurrence(fact: Fact, taken: set[str]) -> str:
    """The stable name of an instance: what the trigger is about, else the trigger's own identifier."""
    name = next((str(fact.get(ref)) for ref in ("ref", "uid", *REFS) if fact.get(ref)), fact.id)
    if fact.kind == "policy.published" and fact.get("version"):
        name = f"{name}-{fact.get('version')}"
    if fact.kind == "activity.held":
        covers = _list(fact.get("covers")) if fact.get("covers") else []
        name = next((c for c in covers if c[:4].isdigit()), fact.id)
    if name in taken:
        name = f"{name}~{fact.id[:6]}"
    taken.add(name)
    return name


ASKED = ("report.requested", "request.opened", "complaint.filed")
"""What may have no name of its own: it is then named by its identifier, which tells a person nothing."""


def which(fact: Fact, asked: Iterable[Fact] = ()) -> Value:
    """What tells this instance from its sisters, to a person; a fact that names one of `asked` is called as that one is."""
    for name in (
        "subject",
        "text",
        "invoice",
        "what",
        "system",
        "change",
        "request",
        "report",
        "complaint",
        "ref",
    ):
        if fact.get(name):
            said = str(fact.get(name))
            origin = next((one for one in asked if one.id == said), None)
            if origin is not None:
                return which(origin)
            return said if len(said) <= 70 else said[:67].rsplit(" ", 1)[0] + "…"
    if fact.kind == "activity.held":
        return fact.at
    return fact.at


def _step(world: World, norm: Norm, fact: Fact, name: str, kind: str, written: Any) -> Obligation:
    draft = Draft(
        world,
        norm,
        f"{name}/{kind.rsplit('.', 1)[-1]}",
        which(fact, world.of(*ASKED)),
        world.calendar_of(norm),
        trigger=fact,
        start=world.calendar_of(norm).local_day(fact.at),
    )
    draft.due_after(draft.start, written, roll=True)  # type: ignore[arg-type]
    extend(draft)
    draft.suspend(draft.start)  # type: ignore[arg-type]
    settle(draft, [one for one in found_for(draft, norm, fact.at) if one[1][0].kind == kind])
    return finish(draft)


def _dated(world: World, norm: Norm, fact: Fact, name: str, due: dict[str, Any]) -> Iterator[Obligation]:
    calendar = world.calendar_of(norm)
    start = _start(world, fact, due)
    if start is None:
        return
    draft = Draft(world, norm, name, which(fact, world.of(*ASKED)), calendar, trigger=fact, start=start)
    if due.get("first") == "at_sharing":
        draft.set_due_on(start)
    else:
        draft.due_after(start, due["add"], roll=due.get("roll") != "none")
    extend(draft)
    _pause_for_questions(draft, due)
    draft.suspend(start)
    _close(draft, fact)
    if not draft.done and "force_majeure" in (draft.spec.get("excused_by") or ()):
        draft.excuse = force_majeure(draft)
    yield finish(draft)


def _start(world: World, fact: Fact, due: dict[str, Any]) -> date | None:
    if fact.kind == "client.change_notified" and fact.get("occurred_on"):
        return day_of(fact.get("occurred_on"))
    if "after" in due:
        settled = [
            f
            for f in world.of(str(due["after"]))
            if f.at >= fact.at and str(f.get("claim") or fact.get("tpc")) == str(fact.get("tpc"))
        ]
        return world.day(settled[0].at) if settled else None
    return world.day(fact.at)


def _close(draft: Draft, fact: Fact) -> None:
    if fact.kind == "provider.question":
        reply = answer(draft.world, fact)
        settle(draft, [(reply.at, (reply,))] if reply else [])
        return
    if fact.kind == "client.change_notified":
        settle(draft, [(fact.at, (fact,))])
        return
    # A declaration or a consent may come before what it is about: "at sharing" means at the latest.
    at_sharing = (draft.spec.get("due") or {}).get("first") == "at_sharing"
    settle(draft, found_for(draft, draft.norm, None if at_sharing else fact.at))
    if at_sharing and not (draft.done and in_time(draft, draft.done[0])):
        draft.extra["quarantined"] = str(fact.get("dataset") or fact.id)


def _pause_for_questions(draft: Draft, due: dict[str, Any]) -> None:
    """A date term that stops while a question about it is open: moved by the business days of the wait."""
    if "provider.question_open" not in (due.get("pause") or ()):
        return
    world = draft.world
    about = {draft.occurrence} | ({draft.trigger.id} if draft.trigger else set())
    waits = [q for q in world.questions if q.names & about]
    lost = {day for q in waits for day in q.days_waited(world.now)}
    if lost:
        draft._move_business_days(len(lost))
        draft.restless |= any(q.reply is None for q in waits)
        draft.paused_by = tuple(q.fact.id for q in waits if q.reply is None)
        said = ngettext(
            "A question to the client was open for %(n)s business day.",
            "A question to the client was open for %(n)s business days.",
            len(lost),
        )
        from jalon.core.obligations import Shift

        draft.shifts.append(Shift("client.late", len(lost), said, tuple(q.fact.id for q in waits)))


def _attendance(world: World, norm: Norm, fact: Fact, name: str) -> Iterator[Obligation]:
    """Clause 4.6: be there at the start, within the grace; kept by the meeting held, missed by a no-show."""
    at = starts(world).get(str(fact.get("uid") or fact.id))
    if at is None or at[2].id != fact.id:
        return
    start = at[0]
    draft = Draft(
        world,
        norm,
        name,
        start,
        world.client_calendar,
        trigger=fact,
        start=world.client_calendar.local_day(start),
    )
    grace = int(draft.use((draft.spec["due"])["grace_minutes"], draft.start).value)  # type: ignore[arg-type]
    draft.due = start + timedelta(minutes=grace)
    draft.step("at", {"start": start, "grace_minutes": grace}, draft.due,
               _("The appointment begins on %(start)s; %(grace)s minutes of grace.", start=start, grace=grace))  # fmt: skip
    uid = str(fact.get("uid") or fact.id)
    held = [f for f in world.of("activity.held") if _same_meeting(world, f, uid, at[1], start)]
    absent = [
        f
        for f in world.of("appointment.no_show")
        if str(f.get("uid") or uid) == uid and f.get("side", Side.CLIENT) == Side.CLIENT
    ]
    gone = [f for f in world.of("appointment.cancelled") if str(f.get("uid") or "") == uid]
    if held:
        # It was attended: by the start and its grace, whatever minute the meeting was written down for.
        draft.done = (min(held[0].at, draft.due), (held[0],))
    elif absent:
        draft.forced, draft.extra["no_show"] = State.MISSED, absent[0].id
    elif gone:
        draft.forced = State.CANCELLED
    elif world.now > draft.due:
        # Nobody has said whether it took place: neither side is judged on silence.
        draft.forced = State.UNCONFIRMED
    yield finish(draft)


def _same_meeting(world: World, held: Fact, uid: str, activity: str, start: datetime) -> bool:
    if held.get("appointment_ref"):
        return str(held.get("appointment_ref")) == uid
    return held.get("type") == activity and world.day(held.at) == world.day(start)
