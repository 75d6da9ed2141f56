"""The other pages of the portal: every promise, its why, the agreement, the plan, adoption, the timeline, what is not shown."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from jalon.accounts import agreements
from jalon.accounts.models import Account
from jalon.core.agreement.model import Agreement
from jalon.core.obligations import Side, State
from jalon.ledger import asking, book, reading, timeline
from jalon.ledger import pages as shared
from jalon.portal.doors import for_contact, present, who
from jalon.portal.home import provider_name
from jalon.portal.windows import PRIVATE


def _common(request: HttpRequest, account: Account, here: str) -> dict[str, Any]:
    return {
        "account": account,
        "person": who(request),
        "provider_name": provider_name(account),
        "here": here,
    }


@for_contact
def promises(request: HttpRequest, account: Account) -> HttpResponse:
    """GET: every promise of both sides, the latest first; `norm` and `state` in the address narrow the list."""
    norm, state = request.GET.get("norm", ""), request.GET.get("state", "")
    agreement = agreements.of(account)
    found = shared.promises(account, private=False)[::-1]
    context = _common(request, account, "home") | {
        "rows": [row for row in found if norm in ("", row.norm) and state in ("", row.state)],
        "narrowed": bool(norm or state),
        "norm": agreement.norms.get(norm) if agreement else None,
        "state": state if state in set(State) else "",
    }
    return render(request, "portal/promises.html", context)


@for_contact
def why(request: HttpRequest, account: Account, key: str) -> HttpResponse:
    """GET: the same why as in the vendor's window, with the same moments and the same what if."""
    context = asking.page(account, key, request.GET.dict(), present(request), Side.CLIENT)
    if context is None:
        raise Http404
    context |= _common(request, account, "home")
    context |= {"base": "jalon/portal.html", "agreement_url": reverse("portal:agreement"),
                "steps": [(reverse("portal:home"), account.name), (reverse("portal:promises"), "")]}  # fmt: skip
    return render(request, "jalon/why/page.html", context)


def _read(found: Agreement, account: Account, now: datetime) -> reading.Reading:
    rows = shared.promises(account, private=False)
    assessed = book.assessment_of(account, now, explain=False)
    return reading.read(found, account.agreement_version, rows, assessed)


@for_contact
def agreement(request: HttpRequest, account: Account) -> HttpResponse:
    """GET: the agreement, with how each clause is doing for this client."""
    found = agreements.of(account)
    context = _common(request, account, "agreement") | {
        "reading": _read(found, account, present(request)) if found else None,
        "list_url": reverse("portal:promises"),
    }
    return render(request, "portal/agreement.html", context)


@for_contact
def plan(request: HttpRequest, account: Account) -> HttpResponse:
    """GET: the initial objectives."""
    context = _common(request, account, "plan") | {"objectives": shared.plan(account)}
    return render(request, "portal/plan.html", context)


@for_contact
def adoption(request: HttpRequest, account: Account) -> HttpResponse:
    """GET: the use of the product, month by month."""
    context = _common(request, account, "adoption") | {
        "months": shared.use_by_month(account, 12),
        "objectives": shared.plan(account),
    }
    context["charts"] = shared.charts(account, context["months"], context["objectives"])
    return render(request, "portal/plan.html", context)


@for_contact
def history(request: HttpRequest, account: Account) -> HttpResponse:
    """GET: what happened, as far as both sides see it."""
    found = timeline.lines(account, Side.CLIENT, timeline.names_of(account), limit=100)
    return render(request, "portal/timeline.html", _common(request, account, "timeline") | {"lines": found})


@for_contact
def not_shown(request: HttpRequest, account: Account) -> HttpResponse:
    """GET: the short list of what the client does not see."""
    return render(request, "portal/not_shown.html", _common(request, account, "home") | {"private": PRIVATE})
