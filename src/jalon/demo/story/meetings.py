"""Monthly and quarterly reviews with their minutes, and training sessions."""

from __future__ import annotations

from datetime import date, timedelta
from hashlib import sha256
from typing import Any

from jalon.core.obligations import Side
from jalon.core.timekeeping.civil import add_months, aligned, in_months, period_id
from jalon.core.timekeeping.terms import Term
from jalon.demo.story.onboarding import NEWEST
from jalon.demo.story.telling import Sending, Story, about

HOURS = (10, 14, 9, 15, 11, 16)
"""When meetings begin."""
UNSENT = ("maison-vauban", "cuisines-armel", "jouets-colibri", "sport-altair", "groupe-sevigny")
"""Clients whose latest review is left for whoever opens the demo to prepare."""


def fingerprint(*parts: object) -> str:
    """A SHA-256 that stands for a file of the story."""
    return sha256(":".join(map(str, parts)).encode()).hexdigest()


def reviews(s: Story) -> None:
    """Each month that the level has one: held in its last days, minutes at once, the review sent with the month's figures."""
    kept = s.rng.choice((3, 3, 4, 5))
    due = _month_to_write(s.today)
    for number, (first, last) in enumerate(s.periods(1, _next_month(s.signed), ahead=31)):
        if not s.includes("monthly", first):
            continue
        # Cuisines Armel's review of the month that has just ended was forgotten: it can still be caught up.
        forgotten = s.ref == "cuisines-armel" and first == _previous(s.today)
        day = s.after(last + timedelta(days=1), -s.rng.randint(2, 12))
        if s.we_slip(last, 1.5):
            day = s.after(last, s.rng.randint(2, 5))
        if forgotten or not s.works(day) or not s.works(last):
            continue
        _hold(s, "review", "monthly", day, period_id(first, 1), number)
        sent = s.at(s.after(last, 1 + s.rng.randint(0, 3)), 11, s.rng.randrange(60))
        fresh = first >= add_months(due, -kept)
        if fresh and sent <= s.now and not (first >= due and s.ref in UNSENT):
            s.sendings.append(Sending(first, max(sent, s.at(s.after(day, 1), 11))))


def _month_to_write(today: date) -> date:
    """The month whose review the editor proposes: the running one from its 20th day, else the one before."""
    return today.replace(day=1) if today.day >= 20 else _previous(today)


def _previous(day: date) -> date:
    return add_months(day.replace(day=1), -1)


def _next_month(day: date) -> date:
    return day if day.day == 1 else add_months(day.replace(day=1), 1)


def quarterly(s: Story) -> None:
    """A QBR a quarter or half-year, its deck three days before."""
    every = in_months(Term.parse(s.parameter("qbr.every", s.signed)))
    for number, (first, last) in enumerate(s.periods(every, aligned(s.signed, every))):
        day = s.after(last + timedelta(days=1), -s.rng.randint(4, 18))
        if s.we_slip(last):
            day = s.after(last, s.rng.randint(2, 5))
        if s.works(day) and s.works(last):
            _hold(s, "qbr", "qbr", day, period_id(first, every), number)


def _hold(s: Story, kind: str, name: str, day: date, period: str, number: int) -> None:
    uid = f"{s.ref}-{kind}-{period}"
    hour = HOURS[(s.index + number) % len(HOURS)]
    _book(s, uid, kind, day, hour, before=24 if kind == "review" else 15)
    if kind == "qbr":
        late = s.we_slip(day)
        s.tell("activity.recorded", s.at(s.after(day, -1 if late else -3), 17), activity_ref=uid, deck_sha256=fingerprint(s.ref, uid, "deck"))  # fmt: skip
    if s.they_slip(day, 0.6):
        day = _moved(s, uid, day, hour)
    held = _told_late(s, kind, day, number)
    fact = s.tell("activity.held", s.at(day, hour + 1), type=kind, recorded_at=held, covers=[period], minutes=45, staff=[s.csm],
                  attendees=[s.champion, s.sponsor][: 1 + (number % 2)], topics=list(s.parameter(f"{name}.must_cover", day)),
                  appointment_ref=uid)  # fmt: skip
    if held:
        s.tell("fact.countersigned", held + timedelta(days=2, hours=3), Side.CLIENT, target=fact)
    minutes = s.after(day, 5 if s.we_slip(s.after(day, 3)) else s.rng.randint(1, 2))
    s.tell("recommendation.made", s.at(day, hour + 1, 20), objective=("O1", "O2")[number % 2], text=s.rng.choice(s.words.recommendations),
           activity_ref=uid)  # fmt: skip
    s.tell("activity.recorded", s.at(minutes, 17), activity_ref=uid, minutes_sha256=fingerprint(s.ref, uid, "minutes"),
           actions=[s.rng.choice(s.words.actions)])  # fmt: skip


def _told_late(s: Story, kind: str, day: date, number: int) -> Any:
    """Now and then a CSM writes a meeting down eight days after it; the client then confirms it."""
    late = kind == "review" and (s.index + number) % 13 == 7 and s.settled(s.after(day, 8))
    return s.at(s.after(day, 8), 9) if late else None


def _moved(s: Story, uid: str, day: date, hour: int) -> date:
    """The client asks for another day, in good time."""
    later = s.after(day, 1)
    s.tell("appointment.moved", s.at(s.after(day, -4), 14), Side.CLIENT, uid=uid, sequence=1, old_start=s.at(day, hour).isoformat(),
           new_start=s.at(later, hour).isoformat(), by_side="client")  # fmt: skip
    return later


def _book(s: Story, uid: str, kind: str, day: date, hour: int, before: int) -> None:
    s.tell("appointment.confirmed", s.at(s.after(day, -before), 11), Side.CLIENT, uid=uid, sequence=0, start=s.at(day, hour).isoformat(),
           end=s.at(day, hour + 1).isoformat(), **about(kind))  # fmt: skip


def trainings(s: Story) -> None:
    """A session a window: held, missed by the client and offered again, cancelled too late, or not taken."""
    if s.ref == NEWEST:
        return
    every = in_months(Term.parse(s.parameter("training.every", s.signed)))
    for number, (first, last) in enumerate(s.periods(every, s.signed.replace(day=1))):
        day = s.workday(
            max(first, s.signed) + timedelta(days=(9 if every == 1 else 30) + s.rng.randint(0, 9))
        )
        found = s.next_working(day)
        if found is None or found > last or not s.works(found):
            continue
        day = found
        if s.we_slip(last, 0.8):
            continue  # forgotten: nothing was offered, nothing was held
        if s.they_slip(last, 1.2):
            _missed_by_them(s, f"{s.ref}-training-{number}", day, last, number)
            continue
        _train(s, f"{s.ref}-training-{number}", day, number)


def _train(s: Story, uid: str, day: date, number: int) -> None:
    _book(s, uid, "training", day, 14, before=6)
    s.tell("activity.held", s.at(day, 15), type="training", minutes=60, staff=[s.csm, "idriss-benali"], attendees=[s.champion],
           topics=[s.words.trainings[(s.index + number) % len(s.words.trainings)]], appointment_ref=uid)  # fmt: skip


def _missed_by_them(s: Story, uid: str, day: date, last: date, number: int) -> None:
    """Nobody comes, or a cancellation on the day before; two new slots, and mostly a session after all."""
    _book(s, uid, "training", day, 14, before=6)
    if number % 2:
        s.tell("appointment.no_show", s.at(day, 14, 20), uid=uid, waited_minutes=20)
    else:
        s.tell("appointment.cancelled", s.at(s.after(day, -1), 16), Side.CLIENT, uid=uid, sequence=1, by_side="client", reason="Réunion imprévue")  # fmt: skip
    slots = [
        {"start": s.at(s.after(day, n), 10).isoformat(), "end": s.at(s.after(day, n), 11).isoformat()}
        for n in (5, 7)
    ]
    s.tell("appointment.offered", s.at(s.after(day, 2), 9), slots=slots, **about("training"))
    again = s.after(day, 5)
    if again <= last and s.rng.random() < 0.5:
        uid = f"{uid}-2"
        s.tell("appointment.confirmed", s.at(s.after(day, 3), 10), Side.CLIENT, uid=uid, sequence=0, start=s.at(again, 10).isoformat(),
               end=s.at(again, 11).isoformat(), **about("training"))  # fmt: skip
        s.tell("activity.held", s.at(again, 11), type="training", minutes=60, staff=[s.csm], attendees=[s.champion],
               topics=[s.words.trainings[number % len(s.words.trainings)]], appointment_ref=uid)  # fmt: skip
