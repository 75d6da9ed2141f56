"""Invitations, and what became of the mails: who has no password yet, which mail failed and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings as house
from django.contrib import messages
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from jalon.accounts.access import Person, may_import, may_manage_team
from jalon.accounts.models import Contact, Staff
from jalon.notices import outbox
from jalon.notices.models import Notice
from jalon.notices.telling import CannotInvite, invite
from jalon.wording import say
from jalon.workspace.guard import present, staff_only, who

SHOWN = 100
"""People and mails on the page; a search finds the others."""


@dataclass(frozen=True)
class Mail:
    """How mails leave, and how many there are in each state."""

    server: str  # "" where they are files
    folder: str
    sender: str
    address: str
    waiting: int
    sent: int
    failed: int


def mail_of() -> Mail:
    """The mail settings as they are, and the outbox in figures: one query."""
    counts = Notice.objects.aggregate(
        waiting=Count("pk", filter=Q(next_at__isnull=False)),
        sent=Count("pk", filter=Q(sent_at__isnull=False)),
        failed=Count("pk", filter=Q(sent_at__isnull=True, next_at__isnull=True)),
    )
    by_server = house.SMTP_HOST and not house.DEMO
    server = f"{house.EMAIL_HOST}:{house.EMAIL_PORT}" if by_server else ""
    return Mail(server, str(house.MAIL_FOLDER), house.DEFAULT_FROM_EMAIL, house.ADDRESS, **counts)


@dataclass(frozen=True)
class Invitee:
    """Somebody without a password: of the team or of a client, and the last invitation, if any."""

    person: Staff | Contact
    value: str  # how the form names them
    notice: Notice | None


def invitees(person: Person, text: str) -> list[Invitee]:
    """Whom this person may invite: contacts, by who keeps clients; colleagues, by who manages the team."""
    found: list[tuple[Staff | Contact, str]] = []
    if may_manage_team(person):
        found += [(one, f"staff/{one.pk}") for one in _without_password(Staff.objects.all(), text)]
    if may_import(person, "contacts"):
        contacts = _without_password(Contact.objects.select_related("account"), text, "account__name")
        found += [(one, f"contact/{one.pk}") for one in contacts.order_by("account__name", "name")[:SHOWN]]
    users = {one.user_id for one, _value in found if one.user_id}
    last: dict[Any, Notice] = {}
    for notice in Notice.objects.filter(kind="invitation", about__user__in=users).order_by("created_at"):
        last[notice.about["user"]] = notice
    return [Invitee(one, value, last.get(one.user_id)) for one, value in found]


def _without_password(people: QuerySet[Any], text: str, *more: str) -> QuerySet[Any]:
    # A password that does not work is written with "!" first (django.contrib.auth.hashers).
    none = Q(user=None) | Q(user__password__startswith="!")
    named = Q()
    for column in ("name", "email", *more):
        named |= Q(**{f"{column}__icontains": text})
    return people.filter(none, named, active=True)


@require_http_methods(["GET", "POST"])
@staff_only
def invitations(request: HttpRequest) -> HttpResponse:
    """GET: who has no password yet, and the mails that did not leave. POST: invite those that are chosen."""
    person, now, text = who(request), present(request), request.GET.get("q", "").strip()
    people = invitees(person, text)
    if request.method == "POST":
        chosen = set(request.POST.getlist("who"))
        _invite(request, [one for one in people if one.value in chosen], person, now)
        return redirect("workspace:invitations")
    stuck = Notice.objects.filter(sent_at=None).exclude(error="", begun_at=None)[:SHOWN]
    context = {
        "here": "settings",
        "people": people,
        "q": text,
        "stuck": stuck,
        "mail": mail_of(),
        "most": SHOWN,
    }
    return render(request, "workspace/invitations.html", context)


def _invite(request: HttpRequest, people: list[Invitee], person: Person, now: datetime) -> None:
    done = 0
    for one in people:
        try:
            invite(one.person, by=person.ref, now=now)
            done += 1
        except CannotInvite as refused:
            messages.error(request, say(refused.said))
    if done:
        said = ngettext("%(n)s invitation is on its way.", "%(n)s invitations are on their way.", done)
        messages.success(request, said % {"n": done})
    elif not people:
        messages.error(request, _("Choose somebody first."))


@require_POST
@staff_only
def send_again(request: HttpRequest, number: int) -> HttpResponse:
    """Put a mail that failed back in the queue."""
    notice = get_object_or_404(Notice, pk=number)
    if outbox.again(notice, present(request)):
        messages.success(request, _("The mail is tried again."))
    return redirect("workspace:invitations")
