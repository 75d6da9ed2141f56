"""What was written wrongly, taken back, confirmed by the other side, or contested: always by another fact."""

from __future__ import annotations

from typing import Any

from jalon.core.obligations import Side
from jalon.demo.story.telling import Story


def corrections(s: Story) -> None:
    """A length typed wrong, a meeting written down twice."""
    if s.ref != "jouets-colibri":
        return
    day = s.ago(38)
    meeting: dict[str, Any] = {
        "type": "other",
        "staff": [s.csm],
        "attendees": [s.champion],
        "topics": ["Catalogue de Noël"],
    }
    first = s.tell("activity.held", s.at(day, 15), minutes=10, **meeting)
    s.tell(
        "fact.corrected",
        s.at(s.after(day, 1), 9),
        target=first,
        set={"minutes": 100},
        reason="Cent minutes, et non dix",
    )
    again = s.tell(
        "activity.held", s.at(day, 15), recorded_at=s.at(s.after(day, 2), 9), minutes=100, **meeting
    )
    s.tell("fact.retracted", s.at(s.after(day, 2), 9, 30), target=again, reason="Consigné deux fois")


def contested(s: Story) -> None:
    """A delivery that the client contests: the report lacked two zones."""
    if s.ref != "groupe-sevigny":
        return
    day = s.ago(46)
    report = s.tell("report.requested", s.at(s.after(day, -6), 10), Side.CLIENT, subject="Zones de chalandise, Tours et Blois", need="Pour le comité de direction")  # fmt: skip
    s.tell("report.decided", s.at(s.after(day, -5), 10), report=report, decision="accepted", csm=s.csm)
    given = s.tell("report.delivered", s.at(s.after(day, -1), 16), report=report, validated_by=s.csm)
    s.tell(
        "fact.disputed",
        s.at(s.after(day, 2), 11),
        Side.CLIENT,
        s.sponsor,
        target=given,
        reason="Il manque les zones de Blois",
    )
    s.tell("fact.countersigned", s.at(s.after(day, 12), 11), Side.CLIENT, s.champion, target=given)


def told_late(s: Story) -> None:
    """A report delivered two weeks ago, and written down yesterday: it counts once the client confirms it."""
    if s.ref != "scad-grand-est":
        return
    report = s.tell(
        "report.requested",
        s.at(s.ago(16), 10),
        Side.CLIENT,
        subject=s.words.reports[5],
        need=s.words.needs[3],
    )
    s.tell("report.decided", s.at(s.ago(15), 9), report=report, decision="accepted", csm=s.csm)
    s.tell(
        "report.delivered",
        s.at(s.ago(11), 16),
        recorded_at=s.at(s.ago(1), 9),
        report=report,
        validated_by=s.csm,
    )
