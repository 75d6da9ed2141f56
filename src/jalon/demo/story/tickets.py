"""Requests of the clients' people: replies and resolutions, questions in between, one opened again."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from jalon.core.obligations import Side
from jalon.core.timekeeping.terms import Term
from jalon.demo.story.telling import ZONE, Story, was

EVERY = {"essentiel": 20, "croissance": 12, "strategique": 7}
"""Business days from a request to the next."""
NO_TERM = 90
"""Working hours taken as a measure where the level promises none."""


def tickets(s: Story) -> None:
    """A request every few days, from the second week on; the newest are still open."""
    day, number = s.after(s.signed, 8), 0
    while day < s.ago(3):
        number += 1
        if s.works(day):
            _ticket(s, f"{400 + s.index * 80 + number}", day, number)
        step = EVERY[s.level_on(day)]
        day = s.after(day, max(1, step + s.rng.randint(-step // 2, step // 2)))


def _ticket(s: Story, request: str, day: date, number: int) -> None:
    priority = s.rng.choice(("P2", "P3", "P3", "P3", "P4", "P4"))
    opened = s.at(day, s.rng.randint(9, 16), s.rng.choice((0, 10, 20, 40)))
    s.tell("request.opened", opened, Side.CLIENT, request=request, priority=priority, channel="portal", subject=s.words.subjects[(5 * s.index + 7 * number) % len(s.words.subjects)])  # fmt: skip
    replied = _replied(s, request, priority, opened)
    busy_until = replied
    if number % 5 == 2 and day < s.ago(10):  # the questions that wait today are those of `present`
        busy_until = _question(s, request, replied)
    if number % 7 == 3:
        busy_until = _exchange(s, request, priority, busy_until)
    _resolved(s, request, priority, day, busy_until, number)


def _replied(s: Story, request: str, priority: str, opened: datetime) -> datetime:
    hours = _hours(s, "sla.first", priority, opened)
    late = s.we_slip(opened.astimezone(ZONE).date(), 1.6)
    taken = hours + s.rng.randint(1, 3) if late else hours * s.rng.uniform(0.1, 0.8)
    replied = s.calendar.add_working_time(opened, timedelta(hours=taken))
    s.tell(
        "request.replied",
        replied,
        by="idriss-benali",
        request=request,
        message_id=f"{request}-1",
        public=True,
        automatic=False,
    )
    return replied


def _hours(s: Story, name: str, priority: str, at: datetime) -> float:
    term = s.parameter(name, at.astimezone(ZONE).date()).get(priority)
    return float(Term.parse(term).count) if term else NO_TERM


def _question(s: Story, request: str, replied: datetime) -> datetime:
    """The vendor needs an answer to go on: its clock stops until it comes."""
    ref, asked = f"{request}-q", replied + timedelta(minutes=30)
    s.tell(
        "provider.question",
        asked,
        ref=ref,
        text=s.rng.choice(s.words.questions),
        needed_for=request,
        addressee=s.champion,
    )
    day = asked.astimezone(ZONE).date()
    wait = s.rng.randint(6, 9) if s.they_slip(s.after(day, 5), 1.5) else s.rng.randint(1, 4)
    answered = s.at(s.after(day, wait), 11)
    s.tell("client.reply", answered, Side.CLIENT, question=ref, complete=True)
    return answered


def _exchange(s: Story, request: str, priority: str, since: datetime) -> datetime:
    """The client writes once more, and gets its answer."""
    written = s.calendar.add_working_time(since, timedelta(hours=2))
    s.tell("client.message", written, Side.CLIENT, ref=request, message_id=f"{request}-2")
    hours = _hours(s, "sla.next", priority, written)
    replied = s.calendar.add_working_time(written, timedelta(hours=hours * s.rng.uniform(0.1, 0.7)))
    s.tell(
        "request.replied",
        replied,
        by="idriss-benali",
        request=request,
        message_id=f"{request}-3",
        public=True,
        automatic=False,
    )
    return replied


def _resolved(s: Story, request: str, priority: str, day: date, since: datetime, number: int) -> None:
    hours = _hours(s, "sla.resolve", priority, since)
    late = s.we_slip(s.after(day, 15), 0.6)
    resolved = s.calendar.add_working_time(
        since, timedelta(hours=hours * (1.2 if late else s.rng.uniform(0.08, 0.5)))
    )
    s.tell(
        "request.resolved",
        resolved,
        by="idriss-benali",
        request=request,
        resolution=s.rng.choice(s.words.resolutions),
    )
    if s.ref == "brico-valmont" and number == 4:
        again = s.calendar.add_working_time(resolved, timedelta(hours=20))
        s.tell(
            "request.reopened",
            again,
            Side.CLIENT,
            request=request,
            reason="Le doublon est revenu lundi matin.",
        )
        reply = s.calendar.add_working_time(again, timedelta(hours=2))
        s.tell(
            "request.priority_set",
            reply,
            request=request,
            to="P2",
            agreed_by=s.champion,
            **was(priority),
        )
        s.tell("request.resolved", s.calendar.add_working_time(reply, timedelta(hours=6)), by="idriss-benali", request=request,
               resolution="Deuxième cause trouvée : deux abonnements au même rapport.")  # fmt: skip
