"""What a contact does in the portal: answer, confirm, countersign, record. Each appends a fact and comes back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from jalon.accounts.access import person_may_record
from jalon.accounts.models import Account
from jalon.core.facts.catalogue import FAMILIES, KINDS
from jalon.core.facts.model import Fact
from jalon.core.facts.words import FAMILY_NAMES
from jalon.core.obligations import Side
from jalon.ledger import book, recording, timeline
from jalon.portal.doors import for_contact, present, who
from jalon.wording import say


def _told(account: Account, fact_id: str, kind: str) -> Fact:
    """A fact of this client that the contact sees, of the kind named; 404 otherwise."""
    row = timeline.seen_by(account, Side.CLIENT).filter(fact_id=fact_id, kind=kind).first()
    if row is None:
        raise Http404
    return book.decode(row)


def _append(
    request: HttpRequest, account: Account, kind: str, key: str, fields: Mapping[str, object]
) -> None:
    """Append for the contact, and say so; a refusal is said instead."""
    person, now = who(request), present(request)
    if not person_may_record(person, account, KINDS[kind]):
        raise Http404
    try:
        book.append(
            account,
            kind=kind,
            at=now,
            fields=fields,
            side=Side.CLIENT,
            recorded_by=person.ref,
            recorded_at=now,
            source="portal",
            idempotency_key=key,
        )
    except book.Refusal as refusal:
        messages.error(request, say(refusal.said))
        return
    messages.success(request, _("Thank you, it is recorded on both sides."))


@require_POST
@for_contact
def answer(request: HttpRequest, account: Account, fact_id: str) -> HttpResponse:
    """POST: answer a question; the words of the answer stand in the fact."""
    asked = _told(account, fact_id, "provider.question")
    text = request.POST.get("answer", "").strip()
    if not text:
        messages.error(request, _("Write your answer first: nothing was sent."))
        return redirect("portal:home")
    _append(
        request,
        account,
        "client.reply",
        f"answer:{fact_id}",
        {"question": asked.get("ref") or asked.id, "ref": text[:400], "complete": True},
    )
    return redirect("portal:home")


@require_POST
@for_contact
def confirm(request: HttpRequest, account: Account, fact_id: str) -> HttpResponse:
    """POST: take one of the slots offered."""
    offered = _told(account, fact_id, "appointment.offered")
    # The page writes a slot in the reader's zone, the fact in its own: the same moment is the same slot.
    chosen = _moment(request.POST.get("slot", ""))
    slot = next((slot for slot in offered.get("slots") or () if _moment(_slot(slot)) == chosen), None)
    if chosen is None or slot is None:
        messages.error(request, _("Choose one of the slots first."))
        return redirect("portal:home")
    end = slot.get("end") if isinstance(slot, dict) else None
    fields = {
        "uid": f"{account.ref}-{fact_id}",
        "sequence": 0,
        "start": _slot(slot),
        "for": offered.get("for") or "other",
        "attendees": [who(request).ref],
    }
    _append(
        request,
        account,
        "appointment.confirmed",
        f"confirm:{fact_id}",
        fields | ({"end": end} if end else {}),
    )
    return redirect("portal:home")


def _slot(slot: object) -> str:
    return str(slot["start"] if isinstance(slot, dict) else slot)


def _moment(said: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(said)
    except ValueError:
        return None
    return moment if moment.tzinfo else None


@require_POST
@for_contact
def countersign(request: HttpRequest, account: Account, fact_id: str) -> HttpResponse:
    """POST: confirm what the vendor recorded late, or dispute it."""
    row = timeline.seen_by(account, Side.CLIENT).filter(fact_id=fact_id, side=Side.PROVIDER).first()
    if row is None:
        raise Http404
    kind = "fact.disputed" if request.POST.get("dispute") else "fact.countersigned"
    fields = {"target": fact_id} | (
        {"reason": request.POST.get("reason") or "—"} if kind == "fact.disputed" else {}
    )
    _append(request, account, kind, f"{kind}:{fact_id}", fields)
    return redirect("portal:home")


@for_contact
def chooser(request: HttpRequest, account: Account) -> HttpResponse:
    """GET: what this contact may record."""
    person = who(request)
    families = [
        (FAMILY_NAMES[f], [k for k in kinds if person_may_record(person, account, k)])
        for f, kinds in FAMILIES.items()
    ]
    context = {
        "account": account,
        "person": person,
        "families": [one for one in families if one[1]],
        "here": "home",
    }
    return render(request, "portal/chooser.html", context)


@for_contact
def record(request: HttpRequest, account: Account, kind: str) -> HttpResponse:
    """GET: the form made from the kind's schema. POST: append, and back home."""
    person, found = who(request), KINDS.get(kind)
    if found is None or not person_may_record(person, account, found):
        raise Http404
    now: datetime = present(request)
    known = {name: value for name, value in request.GET.items() if found.field(name)}
    form = recording.FactForm(
        request.POST or None, kind=found, account=account, person=person, now=now, known=known
    )
    if request.method == "POST" and not form.unjudged and form.is_valid() and form.save():
        messages.success(request, _("Thank you, it is recorded on both sides."))
        return redirect("portal:home")
    context = {
        "account": account,
        "person": person,
        "form": form,
        "kind": found,
        "here": "home",
        "next": reverse("portal:home"),
    }
    return render(
        request,
        "portal/record.html",
        context,
        status=422 if request.method == "POST" and not form.unjudged else 200,
    )
