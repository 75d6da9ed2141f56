"""Two clients of one shape; everything of the second carries CANARY, everything that the vendor keeps for itself INTERNAL."""

from __future__ import annotations

from dataclasses import dataclass

from django.test import Client

from jalon.accounts.models import Account, Contact, Staff, User
from jalon.core.obligations import Side
from jalon.ledger import book
from tests.cast import NOW, at, draft, sign

BACKEND = "django.contrib.auth.backends.ModelBackend"


@dataclass(frozen=True)
class World:
    """The first client, and who enters."""

    own: Account
    people: dict[str, User | None]

    def enter(self, role: str) -> Client:
        """A browser of somebody of that role."""
        browser = Client(headers={"accept-language": "en"})
        if user := self.people[role]:
            browser.force_login(user, backend=BACKEND)
        return browser


def first() -> World:
    """One client under its agreement, its people, the vendor's people, and nobody else."""
    people: dict[str, User | None] = {"anonymous": None}
    for role in ("csm", "lead", "expert", "former"):
        user = User.objects.create_user(f"{role}@vendor.example", language="en")
        name = "camille" if role == "csm" else role
        Staff.objects.create(
            ref=name, user=user, name=name.title(), email=user.email, active=role != "former",
            roles=["csm" if role == "former" else role],
        )  # fmt: skip
        people[role] = user
    own = _client("aubrac", "Foncière Aubrac")
    people["contact"] = _contact(
        own, "nadia", "Nadia Ferrand", ["sponsor", "champion", "billing", "privacy", "admin"]
    )
    people["user"] = _contact(own, "omar", "Omar Lys", ["user"])
    people["former-contact"] = _contact(own, "zoe", "Zoé Partie", ["champion"], active=False)
    lived(own, "nadia", "")
    return World(own, people)


def second() -> Account:
    """The other client: the same life, with its own words everywhere."""
    other = _client("canary-ref", "CANARY-name")
    _contact(other, "canary-person", "CANARY-person", ["sponsor", "champion", "billing", "admin"])
    lived(other, "canary-person", "CANARY ")
    return other


def _client(ref: str, name: str) -> Account:
    return Account.objects.create(
        ref=ref, name=name, agreement="mytraffic-cs", agreement_version="2024-02-14", created_at=at(1, 5)
    )


def _contact(account: Account, ref: str, name: str, seats: list[str], *, active: bool = True) -> User:
    user = User.objects.create_user(
        f"{ref}@{account.ref}.example", "une phrase longue et sûre", language="en"
    )
    Contact.objects.create(
        account=account, ref=ref, user=user, name=name, email=user.email, seats=seats, active=active
    )
    return user


def lived(account: Account, person: str, mark: str) -> None:
    """A question answered and one open, a meeting, slots, a request, an invoice, a note and a report of conduct kept apart."""
    sign(account)
    told, client = account.ref, Side.CLIENT
    lines = [{"service": "cs", "label": f"{mark}Accompagnement", "net": "1000.00", "vat": "200.00"}]
    drafts = [
        draft("provider.question", at(2, 3), ref=f"{told}-q1", text=f"{mark}Combien de magasins ?", needed_for="plan", addressee=person),
        draft("client.reply", at(2, 5), client, person, question=f"{told}-q1", ref=f"{mark}cent", complete=True),
        draft("provider.question", at(5, 27), ref=f"{told}-q2", text=f"{mark}Quel périmètre ?", needed_for="plan", addressee=person),
        draft("activity.held", at(1, 20), type="kickoff", staff=["camille"], attendees=[person], minutes=60, topics=[f"{mark}lancement"]),
        draft("activity.held", at(3, 30), type="review", staff=["camille"], attendees=[person], minutes=45,
              topics=["adoption", "objectives", "actions"], covers=["2026-03"]),
        draft("request.opened", at(5, 20), client, person, request=f"{told}-r1", subject=f"{mark}Une panne", priority="P3"),
        draft("request.replied", at(5, 20, 11), request=f"{told}-r1", message_id=f"{mark}m1", public=True, automatic=False),
        draft("appointment.offered", at(6, 1), **{"for": "training"}, slots=[
            {"start": "2026-06-11T08:00:00+00:00", "end": "2026-06-11T09:00:00+00:00"},
            {"start": "2026-06-15T08:00:00+00:00", "end": "2026-06-15T09:00:00+00:00"},
        ]),
        draft("invoice.issued", at(5, 2), invoice=f"{mark}F-1", due="2026-06-01", currency="EUR", lines=lines, period="2026-05"),
        draft("complaint.filed", at(5, 28), client, person, complaint=f"{told}-c1", about=f"{mark}Un retard"),
    ]  # fmt: skip
    private = [
        book.Draft("conduct.reported", at(4, 2), {"type": "disrespect", "against_side": "client", "account": f"{mark}INTERNAL entre nous"},
                   Side.PROVIDER, "camille", recorded_at=at(4, 2), visibility="provider"),
    ]  # fmt: skip
    for one in [*drafts, *private]:
        book.append_many(account, [one], now=NOW, project=False)
    from jalon.ledger import projection

    projection.project(account, NOW)
