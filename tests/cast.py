"""The cast of the tests: two members of the vendor's team, two clients, and one person of each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from jalon.accounts.models import Account, Contact, Staff, User
from jalon.core.obligations import Side
from jalon.ledger import book

NOW = datetime(2026, 6, 5, 7, 12, tzinfo=UTC)
"""A Friday morning."""


def at(month: int, day: int, hour: int = 9) -> datetime:
    """An instant of 2026."""
    return datetime(2026, month, day, hour, tzinfo=UTC)


@dataclass(frozen=True)
class Cast:
    """Camille is the CSM, Louise her lead; Nadia is the champion of Aubrac, Paul the one of Belharra."""

    camille: User
    louise: User
    nadia: User
    paul: User
    aubrac: Account
    belharra: Account


def _staff(ref: str, name: str, role: str) -> User:
    user = User.objects.create_user(f"{ref}@vendor.example")
    Staff.objects.create(ref=ref, user=user, name=name, email=user.email, roles=[role])
    return user


def _client(ref: str, name: str) -> Account:
    return Account.objects.create(
        ref=ref, name=name, agreement="mytraffic-cs", agreement_version="2024-02-14", created_at=at(1, 5)
    )


def _contact(account: Account, ref: str, name: str, seats: list[str]) -> User:
    user = User.objects.create_user(f"{ref}@{account.ref}.example")
    Contact.objects.create(account=account, ref=ref, user=user, name=name, email=user.email, seats=seats)
    return user


def draft(
    kind: str, when: datetime, side: Side = Side.PROVIDER, by: str = "camille", **fields: object
) -> book.Draft:
    """A fact of the past, taken over as it is: what recording by hand asks for besides is tested at its own door."""
    return book.Draft(kind, when, fields, side, by, recorded_at=when, source="import")


def sign(account: Account, *, level: str = "croissance", now: datetime = NOW) -> None:
    """Put the client under its agreement since 12 January 2026."""
    book.append_many(account, [
        draft("document.signed", at(1, 9), doc="master"),
        draft("document.signed", at(1, 12), Side.CLIENT, "nadia", doc="master"),
        draft("order.set", at(1, 12), level=level, ends_on="2027-01-11"),
        draft("csm.assigned", at(1, 13), person="camille"),
    ], now=now)  # fmt: skip


def play() -> Cast:
    """Everybody, in the database; nothing is signed yet."""
    aubrac, belharra = _client("aubrac", "Foncière Aubrac"), _client("belharra", "Cafés Belharra")
    return Cast(
        _staff("camille", "Camille Moreau", "csm"),
        _staff("louise", "Louise Tisserand", "lead"),
        _contact(aubrac, "nadia", "Nadia Ferrand", ["champion"]),
        _contact(belharra, "paul", "Paul Guérin", ["champion"]),
        aubrac,
        belharra,
    )
