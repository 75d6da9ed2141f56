"""What is told by mail: an invitation, a forgotten password, a review that was sent."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from jalon.accounts.access import person_of
from jalon.accounts.models import Account, Contact, Staff, User
from jalon.core.text import SaidError, _
from jalon.notices import outbox
from jalon.notices.models import Notice

QUARTER = 900
"""Seconds in which one person gets one mail about a forgotten password, however often it is asked for."""


class CannotInvite(SaidError):
    """Somebody who cannot be invited; `said` says why."""


@transaction.atomic
def invite(person: Staff | Contact, *, by: str, now: datetime, language: str = "") -> Notice:
    """The mail that lets a person choose a password; she gets a user of her own, with no password that works.

    While the last invitation has not left, it is the answer; afterwards a new one is written, and its link works too,
    until one of them is used. `by` is the ref of who invites. Raises CannotInvite.
    """
    if not person.active:
        raise CannotInvite(_("%(name)s is deactivated.", name=person.name))
    user = person.user or _new_user(person, language)
    if user.has_usable_password():
        raise CannotInvite(_("%(name)s has a password already.", name=person.name))
    earlier = Notice.objects.filter(kind="invitation", about__user=user.pk)
    waiting = earlier.filter(sent_at=None).exclude(next_at=None).first()
    if waiting:
        return waiting
    key = f"invitation/{user.pk}/{earlier.count() + 1}"
    about = {"user": user.pk, "by": by}
    return outbox.add(
        key=key, kind="invitation", to=person.email, language=user.language, about=about, now=now
    )[0]


def _new_user(person: Staff | Contact, language: str) -> User:
    if User.objects.filter(email__iexact=person.email).exists():
        raise CannotInvite(_("Somebody else signs in with %(email)s.", email=person.email))
    tongue = language or (person.language if isinstance(person, Contact) else "fr")
    zone = person.account.zone if isinstance(person, Contact) else "Europe/Paris"
    person.user = User.objects.create_user(person.email, language=tongue, zone=zone)
    person.save(update_fields=["user"])
    return person.user


def forgotten(email: str, now: datetime) -> None:
    """A link to choose a new password, to whoever signs in with this address; nothing, and nothing said, to others."""
    user = User.objects.filter(email__iexact=email, is_active=True).first()
    if user is None or person_of(user) is None:
        return
    key = f"password/{user.pk}/{int(now.timestamp()) // QUARTER}"
    outbox.add(
        key=key, kind="password", to=user.email, language=user.language, about={"user": user.pk}, now=now
    )


def review_sent(account: Account, month: date, *, by: str, now: datetime) -> int:
    """Tell the client's people who can sign in that a month's review is there; returns how many are told now."""
    contacts = Contact.objects.select_related("user").filter(
        account=account, active=True, user__is_active=True
    )
    told = 0
    for contact in contacts:
        if contact.user is None:
            continue
        about = {"user": contact.user.pk, "month": f"{month:%Y-%m}", "by": by}
        key = f"review/{account.ref}/{month:%Y-%m}/{contact.ref}"
        told += outbox.add(
            key=key, kind="review", to=contact.email, language=contact.user.language, about=about, now=now
        )[1]
    return told
