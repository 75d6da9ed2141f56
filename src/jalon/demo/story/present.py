"""What makes the day of loading alive: late on both sides, due tonight, waiting in the portal, appointments."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from jalon.core.obligations import Side
from jalon.demo.story.telling import ZONE, Story, about


def today(s: Story) -> None:
    """The scene of this client, where it has one."""
    for scene in SCENES.get(s.ref, ()):
        scene(s)


def _later(s: Story, hours: int) -> datetime:
    """Some hours from now in the working day, else at its last hour; on the next business day once it is over."""
    local = s.now.astimezone(ZONE)
    hour = max(local.hour, 8) + hours
    if not s.calendar.is_business_day(s.today) or local.hour >= 17:
        return s.at(s.ahead(1), 8 + hours)
    return s.at(s.today, min(hour, 17), 0 if hour <= 17 else 45)


def _first_reply_late(s: Story) -> None:
    s.tell("request.opened", s.at(s.ago(1), 10, 20), Side.CLIENT, request="2512", priority="P2", channel="portal", subject=s.words.subjects[0])  # fmt: skip


def _first_reply_soon(s: Story) -> None:
    """Nine working hours are one day of the provider: opened yesterday at the hour at which it falls due."""
    due = _later(s, 3)
    before = s.after(due.date(), -1)
    s.tell("request.opened", s.at(before, due.hour, due.minute), Side.CLIENT, request="2530", priority="P3", channel="portal",
           subject=s.words.subjects[4])  # fmt: skip


def _question(days: int, number: int) -> Callable[[Story], None]:
    def asked(s: Story) -> None:
        s.tell("provider.question", s.at(s.ago(days), 10, 5), ref=f"{s.ref}-objectif", text=s.words.questions[number],
               needed_for="review", addressee=s.champion)  # fmt: skip

    return asked


def _access(s: Story) -> None:
    s.tell("access.requested", s.at(s.ago(9), 10), system="Flux des ventes", scope="lecture", purpose="comparer flux et ventes",
           until=s.ahead(60).isoformat())  # fmt: skip


def _decide_tonight(s: Story) -> None:
    s.tell(
        "report.requested",
        s.at(s.ago(2), 10),
        Side.CLIENT,
        subject=s.words.reports[1],
        need="Pour choisir l’emplacement de la terrasse",
    )


def _deliver_tonight(s: Story) -> None:
    """The term runs from the decision: it was taken so many business days ago."""
    day = s.ago(s.count("adhoc.term"))
    report = s.tell(
        "report.requested",
        s.at(s.after(day, -1), 11),
        Side.CLIENT,
        subject=s.words.reports[3],
        need=s.words.needs[1],
    )
    s.tell("report.decided", s.at(day, 9, 30), report=report, decision="accepted", csm=s.csm)


def _feedback(days: int, number: int) -> Callable[[Story], None]:
    def given(s: Story) -> None:
        s.tell(
            "feedback.given",
            s.at(s.ago(days), 10),
            Side.CLIENT,
            feedback=f"{s.ref}-wish",
            text=s.words.feedback[number],
        )

    return given


def _appointment(hours: int, activity: str) -> Callable[[Story], None]:
    def confirmed(s: Story) -> None:
        start = _later(s, hours)
        s.tell("appointment.confirmed", s.at(s.ago(6), 11), Side.CLIENT, uid=f"{s.ref}-today", sequence=0, start=start.isoformat(),
               end=(start + timedelta(hours=1)).isoformat(), **about(activity))  # fmt: skip

    return confirmed


def _slots(s: Story) -> None:
    slots = [
        {"start": s.at(s.ahead(n), 10).isoformat(), "end": s.at(s.ahead(n), 11).isoformat()} for n in (4, 6)
    ]
    s.tell("appointment.offered", s.at(s.ago(1), 9), slots=slots, **about("training"))


def _cancelled_late(s: Story) -> None:
    uid, start = f"{s.ref}-cancel", s.at(s.ago(6), 10)
    s.tell(
        "appointment.confirmed",
        s.at(s.ago(14), 11),
        Side.CLIENT,
        uid=uid,
        sequence=0,
        start=start.isoformat(),
        **about("other"),
    )
    s.tell(
        "appointment.cancelled",
        s.at(s.ago(7), 16),
        Side.CLIENT,
        uid=uid,
        sequence=1,
        by_side="client",
        reason="Réunion imprévue",
    )


SCENES: dict[str, tuple[Callable[[Story], None], ...]] = {
    "maison-vauban": (_question(8, 0), _feedback(8, 1), _slots, _appointment(2, "other")),
    "galeries-ormont": (_first_reply_late,),
    "jardineries-montclar": (_question(7, 3),),
    "cafes-belharra": (_question(3, 4),),
    "librairies-castellane": (_decide_tonight,),
    "cuisines-armel": (_access,),
    "sport-altair": (_deliver_tonight,),
    "jouets-colibri": (_first_reply_soon,),
    "bijouterie-ravel-azur": (_feedback(5, 2),),
    "meubles-perceval": (_question(5, 1),),
    "parfumerie-valdore": (_cancelled_late,),
}
"""By client. Late: two questions, an access, a wish, a first reply. Tonight: a decision, a report, a first reply, a wish, an answer."""
