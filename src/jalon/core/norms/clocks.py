"""Clocks that run on working time: first reply, next reply, resolution (3.2), and terms in working or elapsed hours."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from jalon.core.agreement.model import Norm
from jalon.core.facts.model import Fact
from jalon.core.norms.drafting import Draft, finish, settle
from jalon.core.norms.evidence import found_for
from jalon.core.norms.world import World, term_of
from jalon.core.obligations import Obligation, Side
from jalon.core.text import Value, _
from jalon.core.timekeeping.calendars import Interval
from jalon.core.timekeeping.terms import Term


def instances(world: World, norm: Norm) -> Iterator[Obligation]:
    """The clocks of each request."""
    spec = norm.spec or {}
    if spec["trigger"]["fact"] == "client.message":
        yield from _next_replies(world, norm)
        return
    resolving = "request.resolved" in norm.evidence
    for opened in openings(world):
        request = str(opened.get("request") or opened.id)
        draft = _clock(world, norm, opened, request, request, subject(opened, request), pausing=resolving)
        if draft is None:
            continue
        settle(
            draft, _resolutions(world, opened, request) if resolving else _replies(world, request, opened.at)
        )
        yield finish(draft)


def openings(world: World) -> list[Fact]:
    """The opening of each request: the first, where two connectors told of the same one."""
    found: dict[str, Fact] = {}
    for fact in world.of("request.opened"):
        found.setdefault(str(fact.get("request") or fact.id), fact)
    return list(found.values())


def subject(opened: Fact, request: str) -> Value:
    """A request as people call it."""
    return str(opened.get("subject") or request)


def _clock(
    world: World,
    norm: Norm,
    opened: Fact,
    request: str,
    name: str,
    said: Value,
    *,
    pausing: bool,
    since: datetime | None = None,
) -> Draft | None:
    """The draft with its due instant; None where the level sets no target for this priority."""
    start = since or opened.at
    draft = Draft(world, norm, name, said, world.calendar_of(norm), trigger=opened, start=world.day(start))
    written = draft.spec["due"]["add"]
    changes = priorities(world, opened, request)
    first = next((p for at, p in reversed(changes) if at <= start), changes[0][1])
    targets = draft.use(written, draft.start).value  # type: ignore[arg-type]
    if not targets.get(first):
        return None
    _pauses(draft, request, start, pausing=pausing)
    draft.due = _run(draft, start, Term.parse(targets[first]))
    draft.extra |= {"priority": first, "request": request, "term": targets[first]}
    for at, priority in changes:
        if at <= start or (draft.due and at > draft.due) or not targets.get(priority):
            continue
        _raise_or_lower(
            draft,
            start,
            at,
            Term.parse(targets[priority]),
            _rank(priority) < _rank(str(draft.extra["priority"])),
        )
        draft.extra |= {"priority": priority, "term": targets[priority]}
    return draft


def _raise_or_lower(draft: Draft, start: datetime, at: datetime, term: Term, raised: bool) -> None:
    """Raised: never later than before, never breached by the change itself. Lowered with the client: counted from the opening."""
    if raised:
        spans = list(draft.spans)
        fresh = _run(draft, at, term)
        if draft.due and fresh > draft.due:
            draft.spans = spans
            return
        draft.due = fresh
    else:
        draft.due = _run(draft, start, term)


def _run(draft: Draft, start: datetime, term: Term) -> datetime:
    length = timedelta(hours=term.count)
    without = [interval for interval, _fact in draft.pauses]
    draft.spans = draft.calendar.counted_spans(start, length, without)
    ends = draft.spans[-1][1]
    due = draft.calendar.closed_at(ends)
    draft.step("clock", {"start": start, "term": str(term), "spans": list(draft.spans)}, ends,
               _("%(term)s of open time counted from %(start)s.", term=term, start=start))  # fmt: skip
    if due != ends:
        draft.step("next_opening", {"end": ends, "opens": due}, due,
                   _("It ends exactly at closing time: the calendar rolls it to the next opening, %(due)s.", due=due))  # fmt: skip
    return due


def priorities(world: World, opened: Fact, request: str) -> list[tuple[datetime, str]]:
    """The priority at opening and each change that counts: raised by anybody, lowered only with the client."""
    found = [(opened.at, str(opened.get("priority") or "P3"))]
    for fact in world.naming("request.priority_set", request, "request"):
        if not fact.get("to"):
            continue
        lower = _rank(str(fact.get("to"))) > _rank(found[-1][1])
        agreed = (
            fact.side == Side.CLIENT
            or "client" in str(fact.get("agreed_by") or "")
            or fact.id in world.seen.confirmed
        )
        if not lower or agreed:
            found.append((fact.at, str(fact.get("to"))))
    return found


def _rank(priority: str) -> int:
    return int(priority.removeprefix("P")) if priority.removeprefix("P").isdigit() else 9


def _pauses(draft: Draft, request: str, start: datetime, *, pausing: bool) -> None:
    """The intervals in which the clock stands still, with the fact that stops it; one still open ends now."""
    world = draft.world
    if draft.norm.suspendable:
        for (fact, _first, ends), interval in zip(world.suspensions, world.suspended_spans(), strict=True):
            draft.pauses.append((interval, fact))
            if ends is None:
                draft.paused_by += (fact.id,)
    if pausing:
        for interval, fact, still in (*_waiting(world, request), *_resolved(world, request)):
            if interval[1] > start:
                draft.pauses.append((interval, fact))
                if still and fact.kind == "provider.question":
                    draft.paused_by += (fact.id,)


def _waiting(world: World, request: str) -> Iterator[tuple[Interval, Fact, bool]]:
    """From each question about the request to the client's first word after it."""
    for question in world.questions_by_name.get(request, ()):
        words = [
            f
            for kind in ("client.message", "request.reopened")
            for f in world.naming(kind, request, "ref", "request", nameless=False)
            if f.at > question.fact.at
        ]
        ends = [f.at for f in (*words, *([question.reply] if question.reply else []))]
        end = min(ends, default=None)
        yield (question.fact.at, end or max(world.now, question.fact.at)), question.fact, end is None


def _resolved(world: World, request: str) -> Iterator[tuple[Interval, Fact, bool]]:
    """From each resolution to the reopening that follows it."""
    reopened = world.naming("request.reopened", request, "request")
    for fact in world.naming("request.resolved", request, "request"):
        end = next((f.at for f in reopened if f.at > fact.at), None)
        if end:
            yield (fact.at, end), fact, False


def _resolutions(world: World, opened: Fact, request: str) -> list[tuple[datetime, tuple[Fact, ...]]]:
    """The resolution that was not reopened, and that leaves no message of the client without a reply."""
    reopened = [f.at for f in world.naming("request.reopened", request, "request")]
    found = [f for f in world.naming("request.resolved", request, "request") if f.at >= opened.at]
    standing = [f for f in found if not any(at > f.at for at in reopened)]
    silent = [f for f in standing if _unanswered(world, request, f.at)]
    for fact in silent:
        world.refuse(fact, _("This resolution has no effect: the client’s last message has no reply."))
    return [(f.at, (f,)) for f in standing if f not in silent]


def _unanswered(world: World, request: str, at: datetime) -> bool:
    """Whether the client wrote about the request and waits for a reply at that instant."""
    written = [
        f.at
        for f in world.naming("client.message", request, "ref", "request", nameless=False)
        if f.at <= at and str(f.get("ref") or f.get("request") or "") == request
    ]
    if not written:
        return False
    words = [f.at for f in world.naming("request.replied", request, "request") if is_reply(f, request)]
    words += [question.fact.at for question in world.questions_by_name.get(request, ())]
    return not any(max(written) <= word <= at for word in words)


def is_reply(fact: Fact, request: str) -> bool:
    """A public reply by a human of the vendor; an automatic acknowledgement is none."""
    return (
        str(fact.get("request") or request) == request
        and fact.side != Side.CLIENT and fact.get("automatic") is not True and fact.get("public") is not False
    )  # fmt: skip


def _replies(world: World, request: str, since: datetime) -> list[tuple[datetime, tuple[Fact, ...]]]:
    return [
        (f.at, (f,))
        for f in world.naming("request.replied", request, "request")
        if is_reply(f, request) and f.at >= since
    ]


def _next_replies(world: World, norm: Norm) -> Iterator[Obligation]:
    """After the first reply, each message of the client that finds none waiting starts a clock until the next reply."""
    for opened in openings(world):
        request = str(opened.get("request") or opened.id)
        replies = [at for at, _facts in _replies(world, request, opened.at)]
        waiting_until: datetime | None = None
        for message in world.naming("client.message", request, "ref", "request", nameless=False):
            if (
                str(message.get("ref") or message.get("request") or "") != request
                or not replies
                or message.at < replies[0]
            ):
                continue
            if waiting_until and message.at < waiting_until:
                continue
            name = f"{request}/{message.get('message_id') or message.id}"
            draft = _clock(
                world, norm, opened, request, name, subject(opened, request), pausing=False, since=message.at
            )
            if draft is None:
                continue
            draft.trigger = message
            settle(draft, _replies(world, request, message.at))
            waiting_until = draft.done[0] if draft.done else datetime.max.replace(tzinfo=message.at.tzinfo)
            yield finish(draft)


def simple(world: World, norm: Norm, fact: Fact, name: str, said: Value) -> Obligation:
    """A term in hours after a fact: working hours on the debtor's calendar, or elapsed hours, which count across DST."""
    draft = Draft(world, norm, name, said, world.calendar_of(norm), trigger=fact, start=world.day(fact.at))
    use = draft.use(draft.spec["due"]["add"], draft.start)  # type: ignore[arg-type]
    term = term_of(use)
    if term.unit == "hours":
        draft.due = fact.at + timedelta(hours=term.count)
        draft.step("elapsed", {"start": fact.at, "hours": term.count}, draft.due,
                   _("%(term)s counted from %(start)s, day and night.", term=term, start=fact.at))  # fmt: skip
    else:
        _pauses(draft, name, fact.at, pausing=False)
        draft.due = _run(draft, fact.at, term)
    settle(draft, found_for(draft, norm, fact.at))
    return finish(draft)


def minutes_open(spans: list[Interval]) -> int:
    """Open minutes in the spans of a clock."""
    return int(sum((b - a for a, b in spans), timedelta()).total_seconds() // 60)


def days_of(spans: list[Interval], world: World) -> list[date]:
    """The local days that a clock touches."""
    return sorted({world.day(a) for a, _b in spans})


def target(value: Any, priority: str) -> str | None:
    """The term written for a priority."""
    return value.get(priority) if isinstance(value, dict) else None
