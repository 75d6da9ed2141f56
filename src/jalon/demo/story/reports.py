"""Ad hoc reports: asked for, decided, delivered; and the help and the accesses that the vendor asks for."""

from __future__ import annotations

from typing import Any

from jalon.core.obligations import Side
from jalon.demo.story.meetings import fingerprint
from jalon.demo.story.telling import Story

EVERY = {"essentiel": 95, "croissance": 45, "strategique": 27}
"""Business days from a request to the next: within the quota."""


def reports(s: Story) -> None:
    """Accepted and delivered, now and then refused with its reason, or a little late."""
    day, number = s.after(s.signed, 22), 0
    while day < s.ago(12):
        if s.works(day):
            _report(s, day, number)
        number += 1
        day = s.after(day, EVERY[s.level_on(day)])


def _report(s: Story, day: Any, number: int) -> None:
    subject, need = (texts[(s.index + number) % len(texts)] for texts in (s.words.reports, s.words.needs))
    report = s.tell("report.requested", s.at(day, 10), Side.CLIENT, subject=subject, need=need)
    if (s.index + number) % 11 == 8:
        s.tell("report.decided", s.at(s.after(day, 1), 16), report=report, decision="refused", csm=s.csm,
               reason="Les données du parc de stationnement ne sont pas dans le périmètre.")  # fmt: skip
        return
    s.tell("report.decided", s.at(s.after(day, 1), 16), report=report, decision="accepted", csm=s.csm)
    term = s.count("adhoc.term", day)
    late = s.rng.randint(1, 3) if s.we_slip(s.after(day, term + 1), 2) else -s.rng.randint(0, 2)
    s.tell("report.delivered", s.at(s.after(day, term + late), 17), report=report, validated_by=s.csm,
           file_sha256=fingerprint(s.ref, "report", number))  # fmt: skip
    s.tell("recommendation.made", s.at(s.after(day, term + late), 17, 10), objective=("O1", "O2")[number % 2],
           text=s.words.recommendations[(s.index + number) % len(s.words.recommendations)], activity_ref=report)  # fmt: skip


def cooperation(s: Story) -> None:
    """What the vendor needs from the client: a data feed, some help."""
    if s.level_on(s.signed) == "essentiel":
        return
    day = s.after(s.signed, 6)
    access = s.tell("access.requested", s.at(day, 10), system="Logiciel de caisse", scope="lecture", purpose="flux des ventes",
                    until=s.after(day, 240).isoformat())  # fmt: skip
    wait = 7 if s.they_slip(s.after(day, 5), 2) else s.rng.randint(1, 4)
    s.tell("access.answered", s.at(s.after(day, wait), 16), Side.CLIENT, access=access, decision="granted", scope="lecture",
           until=s.after(day, 240).isoformat())  # fmt: skip
    day = s.after(s.signed, 75)
    if s.works(day):
        asked = s.tell(
            "assistance.requested",
            s.at(day, 11),
            what="Vérifier trente adresses de magasins",
            purpose="zones de chalandise",
        )
        wait = 8 if s.they_slip(s.after(day, 5), 2) else s.rng.randint(1, 4)
        s.tell(
            "assistance.answered",
            s.at(s.after(day, wait), 15),
            Side.CLIENT,
            assistance=asked,
            decision="accepted",
        )
    day = s.after(s.signed, 50)
    ref = f"{s.ref}-zones"
    if s.works(day):
        s.tell(
            "provider.question",
            s.at(day, 10),
            ref=ref,
            text=s.rng.choice(s.words.questions),
            addressee=s.champion,
            needed_for="qbr",
        )
        wait = s.rng.randint(6, 8) if s.they_slip(s.after(day, 5), 2) else s.rng.randint(1, 4)
        s.tell("client.reply", s.at(s.after(day, wait), 11), Side.CLIENT, question=ref, complete=True)
