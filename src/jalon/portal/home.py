"""The portal opens on the most urgent question, answerable in place, then both sides face to face, week by week."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from jalon.accounts import agreements
from jalon.accounts.access import may_record
from jalon.accounts.models import Account, Staff
from jalon.core.facts.catalogue import KINDS
from jalon.core.facts.model import Fact
from jalon.core.obligations import Side, State
from jalon.core.text import Text, _
from jalon.ledger import book, pages
from jalon.ledger.models import AccountStanding, ProjectedObligation
from jalon.portal.doors import for_contact, present, who
from jalon.portal.windows import Period, living, most_urgent, periods, pressing


@dataclass(frozen=True)
class Offer:
    """Slots that the vendor offered and nobody has confirmed yet."""

    fact: str
    activity: Text
    slots: tuple[datetime, ...]


ACTIVITIES = dict(next(field for field in KINDS["appointment.offered"].fields if field.name == "for").choices)
"""What a meeting is called, by its word in facts."""


def facts_named(account: Account, ids: Sequence[str]) -> dict[str, Fact]:
    """The facts with these ids, of this client only."""
    rows = account.facts.filter(fact_id__in=[found for found in ids if found])
    return {row.fact_id: book.decode(row) for row in rows}


def open_offers(account: Account, now: datetime) -> list[Offer]:
    """Offers of the vendor still to be answered: no later confirmation for the same thing, and a slot still to come."""
    kinds = ["appointment.offered", "appointment.confirmed"]
    facts = [
        book.decode(row)
        for row in account.facts.filter(kind__in=kinds, at__gte=now - timedelta(days=60)).order_by("at")
    ]
    confirmed = [(fact.get("for"), fact.at) for fact in facts if fact.kind == "appointment.confirmed"]
    found = []
    for fact in facts:
        if fact.kind != "appointment.offered" or fact.side == Side.CLIENT:
            continue
        if any(activity == fact.get("for") and at >= fact.at for activity, at in confirmed):
            continue
        slots = tuple(sorted(start for start in map(_start, fact.get("slots") or ()) if start > now))
        if slots:
            found.append(Offer(fact.id, ACTIVITIES.get(str(fact.get("for", "")), _("Meeting")), slots))
    return found


def _start(slot: Mapping[str, str] | str) -> datetime:
    return datetime.fromisoformat(slot["start"] if isinstance(slot, Mapping) else slot)


def next_appointment(account: Account, now: datetime) -> tuple[datetime, Text] | None:
    """Start and activity of the confirmed appointment that comes first."""
    rows = account.facts.filter(
        kind__in=["appointment.confirmed", "appointment.moved", "appointment.cancelled"]
    ).order_by("at")
    starts: dict[str, tuple[datetime, str]] = {}
    for fact in map(book.decode, rows):
        uid = str(fact.get("uid", fact.id))
        if fact.kind == "appointment.cancelled":
            starts.pop(uid, None)
        elif fact.kind == "appointment.moved" and uid in starts:
            starts[uid] = (datetime.fromisoformat(fact.get("new_start")), starts[uid][1])
        elif fact.kind == "appointment.confirmed" and fact.get("start"):
            starts[uid] = (datetime.fromisoformat(fact.get("start")), str(fact.get("for", "")))
    coming = min((found for found in starts.values() if found[0] > now), default=None)
    return (coming[0], ACTIVITIES.get(coming[1], _("Meeting"))) if coming else None


def acts_of(request: HttpRequest, account: Account, rows: Sequence[ProjectedObligation]) -> dict[str, str]:
    """For each of the client's promises, the kind of fact that keeps it and that this person may record."""
    agreement = agreements.of(account)
    if agreement is None:
        return {}
    found = {}
    for row in rows:
        norm = agreement.norms.get(row.norm)
        for kind in norm.evidence if norm and row.debtor != Side.PROVIDER else ():
            if (
                kind in KINDS
                and Side.CLIENT in KINDS[kind].by
                and may_record(request.user, account, KINDS[kind])
            ):
                found[row.key] = kind
                break
    return found


@for_contact
def home(request: HttpRequest, account: Account) -> HttpResponse:
    """GET: the home of the portal."""
    now: datetime = present(request)
    zone = ZoneInfo(account.zone)
    rows = living(account)
    triggers = facts_named(account, [row.trigger for row in rows])
    questions = {fact_id for fact_id, fact in triggers.items() if fact.kind == "provider.question"}
    first = most_urgent(rows, questions)
    urgent = first if first and pressing(first, questions, now, zone) else None
    standing = AccountStanding.objects.filter(account=account).first()
    context = {
        "account": account,
        "person": who(request),
        "here": "home",
        "provider_name": provider_name(account),
        "urgent": urgent,
        "next": first,
        "question": triggers.get(urgent.trigger) if urgent and urgent.trigger in questions else None,
        "periods": _with_acts(periods(rows, now, zone), acts_of(request, account, rows)),
        "to_confirm": [row for row in rows if row.state == State.UNCONFIRMED and row.debtor != Side.CLIENT],
        "offers": open_offers(account, now),
        "standing": standing,
        "csm": Staff.objects.filter(ref=standing.csm).first() if standing and standing.csm else None,
        "appointment": next_appointment(account, now),
        "line": pages.line(
            account,
            pages.promises(account, private=False),
            standing,
            now,
            lambda key: reverse("portal:why", args=[key]),
        ),
    }
    return render(request, "portal/home.html", context)


def provider_name(account: Account) -> str:
    """The vendor's name as the agreement writes it."""
    agreement = agreements.of(account)
    return agreement.provider_name if agreement else ""


def _with_acts(found: list[Period], acts: Mapping[str, str]) -> list[Period]:
    """Each row learns the act that keeps it: the template asks for nothing."""
    for period in found:
        for row in (*period.yours, *period.ours):
            shown: Any = row
            shown.act = acts.get(row.key, "")
    return found
