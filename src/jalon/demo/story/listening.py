"""Surveys, feedback, complaints, and the quality that the vendor checks on itself."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from jalon.core.obligations import Side
from jalon.core.timekeeping.civil import add_months, aligned
from jalon.demo.story.meetings import fingerprint
from jalon.demo.story.telling import Story

GLAD = (3, 4, 4, 4, 5, 5)


def surveys(s: Story) -> None:
    """Each quarter: a survey and its answer, a quality check, a restore test."""
    for number, (first, last) in enumerate(s.periods(3, aligned(s.signed, 3))):
        sent = s.workday(first + timedelta(days=35 + s.rng.randint(0, 15)))
        if s.we_slip(last, 1.5):
            sent = s.after(last, 4)
        name = f"{s.ref}-csat-{number}"
        if s.works(sent):
            s.tell(
                "survey.sent", s.at(sent, 9), survey=name, of_kind="csat", to=f"{s.champion}@{s.ref}.example"
            )
            if s.rng.random() < 0.8:
                s.tell(
                    "survey.answered",
                    s.at(s.after(sent, 2), 9),
                    Side.CLIENT,
                    survey=name,
                    score=str(s.rng.choice(GLAD)),
                )
        s.tell("restore.tested", s.at(s.workday(first + timedelta(days=55 + s.rng.randint(0, 10))), 9), Side.SYSTEM, ok=True,
               checks=["comptes", "zones", "exports"])  # fmt: skip
    for first, last in s.periods(3, s.signed):
        s.tell(
            "quality.checked",
            s.at(s.workday(last - timedelta(days=12)), 0),
            period=f"{first:%Y-%m}",
            score="0.92",
        )


def backups(s: Story) -> None:
    """Twice a day, told a month at a time; one night of one client was lost, and the next one made up for it."""
    first, number = s.signed, 0
    while first <= s.today:
        last = min(add_months(first.replace(day=1), 1) - timedelta(days=1), s.today, s.ends or s.today)
        lost = s.index == 4 and number == 2
        since = s.at(first, 2 if not lost else 23)
        until = min(s.at(last, 14), s.now - timedelta(minutes=40))
        if until > since:
            series: dict[str, Any] = {"since": since.isoformat(), "longest_gap_minutes": 721}
            s.tell("backup.run", until, Side.SYSTEM, ok=True, sha256=fingerprint(s.ref, "backup", number), size=48_000_000 + 1_000_000 * number,
                   **series)  # fmt: skip
        if s.ends == last:
            return
        first, number = last + timedelta(days=1), number + 1


def feedback(s: Story) -> None:
    """A wish now and then: acknowledged, decided, sometimes shipped."""
    for number, start in enumerate((32, 88, 131)):
        day = s.after(s.signed, start + s.index % 7)
        if (s.index + number) % 3 or not s.works(day) or day >= s.ago(22):
            continue
        ref = f"{s.ref}-f{number}"
        s.tell("feedback.given", s.at(day, 10), Side.CLIENT, feedback=ref, text=s.words.feedback[(s.index + number) % len(s.words.feedback)])  # fmt: skip
        s.tell(
            "feedback.acknowledged",
            s.at(s.after(day, 7 if s.we_slip(s.after(day, 5), 2) else 2), 10),
            feedback=ref,
        )
        decided = s.after(day, 23 if s.we_slip(s.after(day, 20), 2) else 13)
        s.tell("feedback.decided", s.at(decided, 10), feedback=ref, decision="accepted", improvement=f"{ref}-i",
               reason="Demandé par quatre clients." if s.language == "fr" else "Four clients asked for it.")  # fmt: skip
        s.tell("improvement.shipped", s.at(s.after(decided, 25), 0), improvement=f"{ref}-i", feedbacks=[ref])


def complaints(s: Story) -> None:
    """Two clients were dissatisfied: one was right, the other went up the ladder."""
    if s.ref == "groupe-sevigny":
        filed = s.ago(40)
        s.tell(
            "complaint.filed",
            s.at(filed, 10),
            Side.CLIENT,
            complaint="C-1",
            about="Deux rapports livrés sans les zones demandées",
        )
        s.tell(
            "complaint.acknowledged",
            s.at(s.after(filed, 1), 10),
            by="louise-tessier",
            complaint="C-1",
            handler="louise-tessier",
        )
        s.tell("complaint.answered", s.at(s.after(filed, 8), 10), by="louise-tessier", complaint="C-1", decision="upheld",
               reasons="Les zones manquaient bien ; les rapports ont été refaits.")  # fmt: skip
    if s.ref == "fonciere-aubrac":
        filed = s.ago(70)
        s.tell(
            "complaint.filed",
            s.at(filed, 15),
            Side.CLIENT,
            complaint="C-2",
            about="Trois semaines sans réponse sur le relevé d’Aurillac",
        )
        s.tell(
            "complaint.acknowledged",
            s.at(s.after(filed, 2), 9),
            by="louise-tessier",
            complaint="C-2",
            handler="louise-tessier",
        )
        s.tell("complaint.escalated", s.at(s.after(filed, 4), 9), Side.CLIENT, complaint="C-2", to_rung="executive", reason="Le relevé presse")  # fmt: skip
        s.tell("complaint.answered", s.at(s.after(filed, 9), 17), by="marc-lenoir", complaint="C-2", decision="partly upheld",
               reasons="Le relevé dépendait d’un accès demandé le 3 ; un point hebdomadaire est mis en place.")  # fmt: skip
