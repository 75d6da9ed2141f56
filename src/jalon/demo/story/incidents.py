"""Incidents of the platform, changes planned and announced, an absent CSM, a flood."""

from __future__ import annotations

from datetime import timedelta

from jalon.demo.story.telling import Story, since


def incidents(s: Story) -> None:
    """One incident touched every third client, in the same morning; its announcement reached one of them late."""
    day = s.ago(58)
    if s.index % 3 == 0 and day > s.signed and s.works(day):
        start = s.at(day, 9, 10)
        s.tell(
            "incident.started",
            start,
            by="idriss-benali",
            incident="I-14",
            scope="Carte des flux",
            impact="La carte ne s’affiche plus",
        )
        late = s.ref == "velos-garance"
        s.tell("incident.announced", s.calendar.add_working_time(start, timedelta(hours=5 if late else 1)), by="idriss-benali",
               incident="I-14", message_id="I-14-1")  # fmt: skip
        s.tell("service.restored", s.calendar.add_working_time(start, timedelta(hours=3)), by="idriss-benali", incident="I-14",
               data_loss_minutes=0)  # fmt: skip


def changes(s: Story) -> None:
    """A new set of zones twice: announced long before, but once."""
    for number, (planned, notice) in enumerate(((100, 30), (36, 24))):
        day = s.ago(planned)
        if day <= s.signed or not s.works(day) or (s.index + number) % 2:
            continue
        effective = s.at(s.after(day, notice), 8)
        change = f"zones-{number + 1}"
        s.tell("change.planned", s.at(day, 10), by="idriss-benali", change=change, effective_at=effective.isoformat(),
               impact="Les zones de chalandise seront redessinées")  # fmt: skip
        wait = notice - 8 if (s.index + number) % 12 == 10 and number == 0 else 2
        s.tell(
            "change.announced",
            s.at(s.after(day, wait), 15),
            change=change,
            to=[s.champion],
            message_id=f"{change}-{s.ref}",
        )


def absences(s: Story) -> None:
    """Yann takes two weeks off, and Solène covers from the first day."""
    day = s.ago(75)
    if s.csm == "yann-bellec" and day > s.signed:
        s.tell("csm.absent", s.at(day, 0), by="louise-tessier", person=s.csm, cover="solene-kerbrat", until=s.after(day, 9).isoformat(),
               **since(day))  # fmt: skip


def flood(s: Story) -> None:
    """The warehouse of one client is under water for three weeks: its review of that month is owed no more."""
    if s.ref != "meubles-perceval":
        return
    first = s.ago(64).replace(day=20)
    last = first + timedelta(days=24)
    s.tell("force_majeure.declared", s.at(first, 0), by="louise-tessier", event="Crue de l’Yvette : siège et entrepôt inaccessibles", prevents="2.c",
           until=last.isoformat(), **since(first))  # fmt: skip
    s.still.append((first, last))
