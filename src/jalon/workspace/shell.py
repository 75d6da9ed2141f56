"""What the rail shows beside its places: the person, the number of things late, and her clients."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.db.models import F
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from jalon.accounts.models import Staff
from jalon.core.obligations import State
from jalon.ledger.models import AccountStanding

FOLLOWED = 5
"""Clients shown in the rail: hers, those with something late first."""


@dataclass(frozen=True)
class Followed:
    """A client in the rail; its pole is red when anything is late on either side."""

    ref: str
    name: str
    state: str


@dataclass(frozen=True)
class Shell:
    """Read when a page of the workspace draws its rail, and not before."""

    name: str = ""
    today: int = 0
    followed: list[Followed] = field(default_factory=list)


def _read(user: Any) -> Shell:
    staff = Staff.objects.filter(user=user).first()
    if staff is None:
        return Shell(name=str(user))
    mine = list(
        AccountStanding.objects.filter(csm=staff.ref)
        .annotate(late=F("provider_late") + F("client_late"))
        .order_by("-late", "account__name")
        .values_list("account__ref", "account__name", "late", "state")
    )
    followed = [
        Followed(ref, name, State.OVERDUE if late else State.MET if state == State.OPEN else State.OPEN)
        for ref, name, late, state in mine[:FOLLOWED]
    ]
    return Shell(staff.name, sum(late for _, _, late, _ in mine), followed)


def shell(request: HttpRequest) -> dict[str, Any]:
    """Context of all templates: `shell`, read only where a template uses it."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"shell": Shell()}
    return {"shell": SimpleLazyObject(lambda: _read(user))}
