"""The terms, the order, the people; later a change of level, a new accountant, or the end."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from jalon.core.obligations import Side
from jalon.core.timekeeping.civil import add_months
from jalon.demo.story.telling import PRICES, Story, since

ELECTRONIC = "signature électronique"


def signature(s: Story) -> None:
    """Both signatures, the order with its price, the seats, the CSM."""
    day = s.signed
    s.tell("document.signed", s.at(day, 10), by="marc-lenoir", doc="master", signatory="Marc Lenoir", capacity="directeur général", method=ELECTRONIC)  # fmt: skip
    s.tell("document.signed", s.at(day, 15), Side.CLIENT, s.sponsor, doc="master", signatory=s.sponsor, capacity="direction", method=ELECTRONIC)  # fmt: skip
    first = s.level_on(day)
    s.tell(
        "order.set",
        s.at(day, 0),
        by="louise-tessier",
        level=first,
        ends_on=(add_months(day, 24) - timedelta(days=1)).isoformat(),
        overrides={"price.annual_ht": PRICES[first], "price.currency": "EUR"},
    )
    for seat, person in (("sponsor", s.sponsor), ("champion", s.champion), ("billing", s.billing)):
        s.tell("contact.set", s.at(day, 0), Side.CLIENT, s.champion, seat=seat, person=person)
    backup: dict[str, Any] = {"backup": "solene-kerbrat"} if first == "strategique" else {}
    s.tell("csm.assigned", s.at(s.after(day, 1), 0), by="louise-tessier", person=s.csm, **backup)
    for person in (s.csm, "idriss-benali"):
        until = add_months(day, 12).isoformat()
        s.tell("staff.qualified", s.at(s.after(day, 1), 0), by="louise-tessier", person=person,
               qualification="Plateforme, niveau 2", issued_by="Jury interne", valid_until=until)  # fmt: skip
    late = 3 if s.they_slip(s.after(day, 5), 2) else 0
    s.tell(
        "info.provided",
        s.at(s.after(day, 3 + late), 11),
        Side.CLIENT,
        items=list(s.words.information),
        complete=True,
    )
    s.tell("conflict.disclosed", s.at(s.after(day, 14), 9), none=True)


def amendments(s: Story) -> None:
    """What changes in mid-term: the level of one client, the accountant of another, the end of a third."""
    if s.began_at:
        _level, day = s.began_at
        s.tell("level.set", s.at(day, 0), by="louise-tessier", level=s.level, **since(day))
    if s.ref == "bijouterie-ravel-azur":
        day = s.ago(45)
        s.tell("client.change_notified", s.at(s.after(day, 2), 9), Side.CLIENT, change="Nouvelle comptable : Lise Noël",
               occurred_on=day.isoformat(), affects="facturation")  # fmt: skip
        s.tell("contact.set", s.at(s.after(day, 2), 0), Side.CLIENT, seat="billing", person=s.billing, **since(day))  # fmt: skip
    if s.ends:
        said = s.ends - timedelta(days=30)
        end = s.tell("agreement.terminated", s.at(said, 0), Side.CLIENT, s.sponsor, effective=s.ends.isoformat(),
               ground="Cession des trois magasins")  # fmt: skip
        # The agreement gives a client no power to end it alone: the vendor agrees.
        s.tell("fact.countersigned", s.at(s.after(said, 3), 10), by="marc-lenoir", target=end)


def duties(s: Story) -> None:
    """The yearly check, what the service can do, and a policy of the vendor that the client acknowledges."""
    s.tell("statement.published", s.at(s.after(s.signed, 2), 0), of_kind="capabilities", version="2024.1")
    s.tell("compliance.checked", s.at(s.after(s.signed, 60), 0), by="claire-vidal", register="traitements")
    if s.index % 3 == 0:
        day = s.after(s.signed, 40)
        s.tell("policy.published", s.at(day, 0), by="claire-vidal", policy="usage", version="3", effective=s.after(day, 20).isoformat())  # fmt: skip
        slow = 4 if s.they_slip(s.after(day, 10)) else 0
        s.tell("policy.acknowledged", s.at(s.after(day, 7 + slow), 15), Side.CLIENT, policy="usage", version="3", person=s.champion)  # fmt: skip
