"""A client with a contract, a plan, meetings, a request and a question, written into the real ledger."""

from __future__ import annotations

from datetime import UTC, datetime

from jalon.accounts.access import Person
from jalon.accounts.models import Account, Contact, Staff, User
from jalon.core.obligations import Side
from jalon.ledger import book

CSM = Person("camille-moreau", "Camille Moreau", Side.PROVIDER, frozenset({"csm"}))
NOW = datetime(2026, 5, 29, 13, 0, tzinfo=UTC)


def at(month: int, day: int, hour: int = 9) -> datetime:
    """An instant of 2026, in UTC."""
    return datetime(2026, month, day, hour, tzinfo=UTC)


def people(account: Account) -> tuple[User, User]:
    """The CSM and a contact who can sign in."""
    csm = User.objects.create_user("camille@vendor.example", "une phrase longue et sûre")
    Staff.objects.create(ref=CSM.ref, user=csm, name=CSM.name, email=csm.email, roles=["csm"])
    contact = User.objects.create_user("ines@vauban.example", "une phrase longue et sûre")
    Contact.objects.create(
        account=account,
        ref="ines",
        user=contact,
        name="Inès Guérin-Lapeyre",
        email=contact.email,
        seats=["champion"],
    )
    return csm, contact


def bare(ref: str = "nova-12") -> Account:
    """A client without anything."""
    return Account.objects.create(ref=ref, name="nova 12", created_at=NOW)


def vauban() -> Account:
    """Maison Vauban, level with monthly reviews, in effect since January; it is 29 May 2026."""
    account = Account.objects.create(
        ref="maison-vauban",
        name="Maison Vauban",
        agreement="mytraffic-cs",
        agreement_version="2024-02-14",
        created_at=at(1, 5),
    )

    def say(
        kind: str, when: datetime, side: Side = Side.PROVIDER, by: str = CSM.ref, **fields: object
    ) -> book.Draft:
        return book.Draft(kind, when, fields, side, by, recorded_at=when, source="import")

    objectives = [
        {
            "id": "O1",
            "name": "Utilisateurs actifs",
            "metric": "active_users",
            "baseline": "9",
            "target": "40",
            "date": "2026-12-31",
        },
        {
            "id": "O2",
            "name": "Études faites dans l'outil",
            "metric": "share",
            "baseline": "0.12",
            "target": "0.80",
            "date": "2026-12-31",
        },
    ]
    drafts = [
        say("document.signed", at(1, 9), doc="master"),
        say("document.signed", at(1, 12), Side.CLIENT, "ines", doc="master"),
        say("order.set", at(1, 12), level="strategique", ends_on="2027-01-11"),
        say("csm.assigned", at(1, 13), person=CSM.ref),
        say("plan.agreed", at(2, 6), version="1", objectives=objectives),
        say("objective.measured", at(5, 20), objective="O2", value="0.71", source="usage"),
        say("activity.held", at(5, 12, 8), type="followup", attendees=["ines"], staff=[CSM.ref], minutes=45),
        say("request.opened", at(5, 18), Side.CLIENT, "ines", request="218", priority="P3", subject="L'export échoue"),
        say("request.replied", at(5, 18, 11), request="218", public=True),
        say("request.resolved", at(5, 19, 11), request="218"),
        say("provider.question", at(5, 20), ref="q1", text="Quel fond de carte ?", addressee="ines"),
        say("appointment.confirmed", at(5, 15), Side.CLIENT, "ines", **{"uid": "r5", "start": "2026-05-29T10:00:00+02:00", "for": "review", "attendees": ["ines"]}),
        say("appointment.confirmed", at(5, 28), Side.CLIENT, "ines", **{"uid": "r6", "start": "2026-06-26T10:00:00+02:00", "for": "review"}),
    ]  # fmt: skip
    book.append_many(account, drafts, now=NOW)
    return account
