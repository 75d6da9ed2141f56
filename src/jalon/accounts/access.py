"""Who may see and record what: one door to an account, one table of who records which family of facts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import Http404

from jalon.accounts.models import Account, Contact, Role, Staff
from jalon.core.facts.catalogue import KINDS
from jalon.core.facts.model import FactKind
from jalon.core.obligations import Side

# Who may record a kind is said by the catalogue (`FactKind.seats`). Where it names nobody, these families bind the company or
# touch its people, and are kept to who answers for them; every other family is open to each person of the side.
_ROLES_BY_FAMILY: dict[str, frozenset[str]] = {
    "agreement": frozenset({Role.CSM, Role.LEAD, Role.EXECUTIVE}),
    "money": frozenset({Role.BILLING, Role.LEAD, Role.EXECUTIVE}),
    "privacy": frozenset({Role.PRIVACY, Role.LEAD, Role.EXECUTIVE}),
    "claims": frozenset({Role.LEAD, Role.EXECUTIVE}),
}
_SEATS_BY_FAMILY: dict[str, frozenset[str]] = {
    "agreement": frozenset({"sponsor"}),
    "money": frozenset({"sponsor", "billing", "admin"}),
    "privacy": frozenset({"sponsor", "privacy", "admin"}),
    "claims": frozenset({"sponsor"}),
    "people": frozenset({"sponsor", "champion", "admin"}),
}
_KINDS_BY_IMPORT: dict[str, tuple[str, ...]] = {
    "clients": (),
    "contacts": ("contact.set",),
    "contracts": ("document.signed", "order.set", "csm.assigned"),
    "usage": (),
}
"""The kinds of facts that a file appends: who may record them all may bring it in."""
_KEEPS_CLIENTS = frozenset({Role.CSM, Role.LEAD, Role.EXECUTIVE})
_MANAGES_TEAM = frozenset({Role.LEAD, Role.EXECUTIVE})


@dataclass(frozen=True)
class Person:
    """Whoever signed in: `ref` is how facts name them; `roles` are the vendor's roles or the client's seats."""

    ref: str
    name: str
    side: Side
    roles: frozenset[str]
    account: Account | None = None


def person_of(user: Any) -> Person | None:
    """The person behind a user, or None for a visitor and for a user who is nobody yet."""
    if not getattr(user, "is_authenticated", False):
        return None
    staff = Staff.objects.filter(user=user, active=True).first()
    if staff:
        return Person(staff.ref, staff.name, Side.PROVIDER, frozenset(staff.roles))
    contact = Contact.objects.select_related("account").filter(user=user, active=True).first()
    if contact:
        return Person(contact.ref, contact.name, Side.CLIENT, frozenset(contact.seats), contact.account)
    return None


def accounts_for(user: Any) -> QuerySet[Account]:
    """The accounts that this user may see: all of them for the vendor's people, its own for a contact, none otherwise.

    A small vendor's people stand in for each other, so the workspace hides no client; a contact sees one company.
    """
    person = person_of(user)
    if person is None:
        return Account.objects.none()
    if person.side == Side.PROVIDER:
        return Account.objects.all()
    return Account.objects.filter(pk=person.account.pk) if person.account else Account.objects.none()


def access_account(user: Any, ref: str) -> Account:
    """The one door to an account. Http404 alike where it is absent and where it is forbidden."""
    found = accounts_for(user).filter(ref=ref).first()
    if found is None:
        raise Http404("No such client.")
    return found


def may_record(user: Any, account: Account, kind: FactKind) -> bool:
    """Whether this user may record a fact of `kind` for `account`: the side, then the role or the seat."""
    person = person_of(user)
    return person is not None and person_may_record(person, account, kind)


def person_may_record(person: Person, account: Account, kind: FactKind) -> bool:
    """As `may_record`, for a person already read: a page that asks for a hundred kinds reads the person once."""
    if person.side not in kind.by:
        return False
    if person.account is not None and person.account.pk != account.pk:
        return False
    return _has_the_role(person, kind)


def _has_the_role(person: Person, kind: FactKind) -> bool:
    if kind.seats:
        return bool(person.roles & kind.seats)
    table = _ROLES_BY_FAMILY if person.side == Side.PROVIDER else _SEATS_BY_FAMILY
    return kind.family not in table or bool(person.roles & table[kind.family])


def may_import(person: Person, kind: str) -> bool:
    """Whether this person may bring in a file of `kind`: she keeps clients, and may record each kind of fact that it appends."""
    if person.side != Side.PROVIDER or kind not in _KINDS_BY_IMPORT or not person.roles & _KEEPS_CLIENTS:
        return False
    return all(_has_the_role(person, KINDS[name]) for name in _KINDS_BY_IMPORT[kind])


def may_begin_client(person: Person) -> bool:
    """Whether this person may take a new client on, with its signatures, its order and its first contact."""
    return all(may_import(person, kind) for kind in _KINDS_BY_IMPORT)


def may_manage_team(person: Person) -> bool:
    """Whether this person adds, changes and deactivates members of the team."""
    return person.side == Side.PROVIDER and bool(person.roles & _MANAGES_TEAM)
