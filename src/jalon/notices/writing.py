"""A notice as a mail: its words in the reader's language, HTML and plain text, from templates of this app."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from email.utils import format_datetime
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from jalon.accounts import agreements, links
from jalon.accounts.access import Person, person_of
from jalon.accounts.models import Account, Staff, User
from jalon.notices.models import Notice
from jalon.wording import reading_at
from jalon.wording.dates import month

INVITED_FOR = timedelta(days=7)
FORGOTTEN_FOR = timedelta(hours=2)


class Unwritable(Exception):
    """A mail that nobody should receive any more; says why, for whoever looks at the outbox."""


@dataclass(frozen=True)
class Letter:
    """What the templates say: the subject, where its button leads and what it is called, and their other values."""

    subject: str
    href: str
    action: str
    values: dict[str, Any]


def compose(notice: Notice, now: datetime) -> EmailMultiAlternatives:
    """The mail, ready to leave. Raises Unwritable where its reader cannot sign in any more."""
    user = User.objects.filter(pk=notice.about.get("user"), is_active=True).first()
    person = person_of(user)
    if user is None or person is None:
        raise Unwritable("this person cannot sign in any more")
    with translation.override(notice.language), timezone.override(ZoneInfo(user.zone)), reading_at(now):
        letter = _LETTERS[notice.kind](notice, user, person, now)
        context = {
            "letter": letter,
            "person": person,
            "lang": notice.language,
            "address": settings.ADDRESS,
            **letter.values,
        }
        html = render_to_string(f"notices/{notice.kind}.html", context)
        text = render_to_string(f"notices/{notice.kind}.txt", context)
    mail = EmailMultiAlternatives(
        re.sub(r"[\r\n\t]+", " ", letter.subject), _plain(text), settings.DEFAULT_FROM_EMAIL, [notice.to],
        headers={"Message-ID": message_id(notice), "Date": format_datetime(now), "Auto-Submitted": "auto-generated"},
    )  # fmt: skip
    mail.attach_alternative(html, "text/html")
    return mail


def message_id(notice: Notice) -> str:
    """The same for every attempt: a mailbox that received it twice shows it once."""
    return f"<{re.sub(r'[^A-Za-z0-9.-]+', '.', notice.key)}@{urlsplit(settings.ADDRESS).hostname or 'jalon'}>"


def _plain(text: str) -> str:
    return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"


def _invitation(notice: Notice, user: User, person: Person, now: datetime) -> Letter:
    until = now + INVITED_FOR
    href = settings.ADDRESS + reverse("password-set", args=[links.make(user, until=until)])
    by = Staff.objects.filter(ref=notice.about.get("by")).values_list("name", flat=True).first() or "Jalon"
    vendor = _vendor(person.account)
    subject = _("%(by)s opens Jalon to you") % {"by": by}
    if person.account:
        subject = _("%(vendor)s and %(client)s: what each owes, on one page") % {
            "vendor": vendor,
            "client": person.account.name,
        }
    return Letter(subject, href, _("Choose a password"), {"by": by, "vendor": vendor, "until": until})


def _password(notice: Notice, user: User, person: Person, now: datetime) -> Letter:
    until = now + FORGOTTEN_FOR
    href = settings.ADDRESS + reverse("password-set", args=[links.make(user, until=until)])
    return Letter(_("A new password for Jalon"), href, _("Choose a new password"), {"until": until})


def _review(notice: Notice, user: User, person: Person, now: datetime) -> Letter:
    if person.account is None:
        raise Unwritable("a review is for a client's people")
    first = date.fromisoformat(f"{notice.about['month']}-01")
    name = month(first, notice.language)
    href = settings.ADDRESS + reverse("portal:review", args=[notice.about["month"]])
    by = Staff.objects.filter(ref=notice.about.get("by")).values_list("name", flat=True).first() or ""
    subject = _("Monthly review, %(month)s: %(client)s") % {"month": name, "client": person.account.name}
    return Letter(
        subject, href, _("Read the review"), {"month": name, "by": by, "vendor": _vendor(person.account)}
    )


_LETTERS = {"invitation": _invitation, "password": _password, "review": _review}


def _vendor(account: Account | None) -> str:
    """How the vendor is called in the agreement that the client signed, or in the one that new clients sign."""
    version = (
        (account.agreement, account.agreement_version)
        if account and account.agreement
        else agreements.for_new_clients()
    )
    return agreements.load(*version).provider_name if version else ""
