"""Kick-off, success plan, first use, follow-up."""

from __future__ import annotations

from datetime import timedelta

from jalon.core.obligations import Side
from jalon.core.timekeeping.civil import add_months
from jalon.demo.story.telling import SEATS, Story, about

NEWEST = "chausseurs-rivoire"
"""Its kick-off is late and waits for somebody to record it."""


def launch(s: Story) -> None:
    """In the agreed days, but for the newest client's."""
    if s.ref == NEWEST:
        return
    term = s.count("kickoff.term", s.signed)
    due = s.after(s.signed, term)
    day = s.after(s.signed, term + 3 if s.we_slip(due, 2) else max(2, term - 2))
    s.tell("appointment.confirmed", s.at(s.after(s.signed, 1), 16), Side.CLIENT, uid=f"{s.ref}-kickoff", sequence=0,
           start=s.at(day, 9).isoformat(), end=s.at(day, 10, 30).isoformat(), **about("kickoff"))  # fmt: skip
    s.tell("activity.held", s.at(day, 10, 30), type="kickoff", minutes=90, staff=[s.csm, "idriss-benali"],
           attendees=[s.sponsor, s.champion], topics=list(s.words.kickoff), appointment_ref=f"{s.ref}-kickoff")  # fmt: skip
    agreed = s.after(day, 25 if s.they_slip(s.after(day, 20)) else 12)
    objectives = _objectives(s)
    for side, word, hour in ((Side.PROVIDER, "provider", 16), (Side.CLIENT, "client", 17)):
        s.tell("plan.agreed", s.at(agreed, hour), side, version="1", objectives=objectives, milestones=list(s.words.milestones),
               confirmed_by=[word])  # fmt: skip
    first = s.workday(day + timedelta(days=5))
    s.tell("usage.started", s.at(first, 9, 30), Side.SYSTEM, user_ref=f"{s.ref}-u1", event="open")
    opens = add_months(first, 1)
    late = s.count("followup.tolerance", opens) + 2 if s.we_slip(s.after(opens, 5), 2) else 2
    s.tell("activity.held", s.at(s.after(opens, late), 14), type="followup", minutes=45, staff=[s.csm], attendees=[s.champion])  # fmt: skip
    for number, name in enumerate(s.words.use_cases[: 1 + s.index % 3]):
        s.tell("use_case.recorded", s.at(s.after(agreed, 15 + 25 * number), 0), use_case=name, status="en service" if s.language == "fr" else "live", objective="O2")  # fmt: skip


def _objectives(s: Story) -> list[dict[str, object]]:
    seats, target = SEATS[s.level], add_months(s.signed, 10).isoformat()
    owners = {"date": target, "owner_provider": s.csm, "owner_client": s.champion}
    users, features = s.words.objectives
    return [
        {
            "id": "O1",
            "name": users,
            "metric": "mau",
            "baseline": round(seats * 0.15),
            "target": round(seats * s.rng.choice((0.7, 0.75, 0.8, 0.9))),
            **owners,
        },
        {
            "id": "O2",
            "name": features,
            "metric": "features",
            "baseline": 2,
            "target": s.rng.choice((7, 8, 8)),
            **owners,
        },
    ]
