"""What goes on with a client: its requests and questions, its appointments, its invoices, its reviews, its agreement."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from jalon.core.agreement.model import Agreement
from jalon.core.facts.words import ACTIVITIES
from jalon.documents.models import Review
from jalon.ledger import dossier as threads
from jalon.ledger import pages, reading
from jalon.workspace import work
from jalon.workspace.client_frame import opened
from jalon.workspace.guard import staff_only

MEETINGS = dict(ACTIVITIES)


@staff_only
def requests(request: HttpRequest, ref: str) -> HttpResponse:
    """GET: tickets with their clocks, what was asked of the client, the ad hoc reports and what is left of their quota."""
    dossier, context = opened(request, ref, "requests")
    rights, _powers = dossier.rights_and_powers
    context |= {
        "sections": {
            "tickets": threads.tickets(dossier),
            "questions": threads.questions(dossier),
            "reports": threads.reports(dossier),
        },
        "rights": rights,
    }
    return render(request, "workspace/client_requests.html", context)


@staff_only
def appointments(request: HttpRequest, ref: str) -> HttpResponse:
    """GET: appointments to come and past, absences, and the slots that are offered."""
    dossier, context = opened(request, ref, "appointments")
    found = threads.appointments(dossier)
    context |= {
        "coming": [one for one in found if one.became == "coming"][::-1],
        "gone": [one for one in found if one.became != "coming"],
        "offers": [(MEETINGS.get(str(f.get("for"))), f, starts) for f, starts in threads.offers(dossier)],
    }
    return render(request, "workspace/client_appointments.html", context)


@staff_only
def money(request: HttpRequest, ref: str) -> HttpResponse:
    """GET: invoices with what is paid and left, what each triggers, and the powers that rest on them."""
    dossier, context = opened(request, ref, "money")
    found = threads.bills(dossier)
    _rights, powers = dossier.rights_and_powers
    context |= {
        "bills": found,
        "left": sum((bill.left for bill in found), start=type(found[0].left)(0)) if found else 0,
        "currency": found[0].invoice.currency if found else "EUR",
        "powers": [power for power in powers if power.clause == "4.8"],
    }
    return render(request, "workspace/client_money.html", context)


@staff_only
def reviews(request: HttpRequest, ref: str) -> HttpResponse:
    """GET: the reviews of this client, month by month, and the promises that they keep."""
    dossier, context = opened(request, ref, "client-reviews")
    by = dossier.moment.known_at
    written = Review.objects.filter(account=dossier.account, created_at__lte=by).select_related("sent")
    context |= {
        "reviews": [(one, one.sent if one.is_sent and one.sent.sent_at <= by else None) for one in written],
        "owed": [row for row in dossier.rows if work.is_review(work.norm_of(dossier.account, row.norm))][
            ::-1
        ],
    }
    return render(request, "workspace/client_reviews.html", context)


@staff_only
def agreement(request: HttpRequest, ref: str) -> HttpResponse:
    """GET: this client's agreement: level, dates, what its order sets, the team, then clause by clause with its promises."""
    dossier, context = opened(request, ref, "client-agreement")
    found = context["agreement"]
    orders = dossier.of("order.set")
    context |= {
        "reading": _read(found, dossier) if found else None,
        "orders": orders[::-1],
        "overrides": _overrides(orders, found),
        "levels": dossier.of("level.set")[::-1],
        "signed": dossier.of("document.signed"),
        "team": pages.team(dossier.account, context["standing"]),
        "account_ref": ref,
        "list_url": reverse("workspace:promises", args=[ref]),
    }
    return render(request, "workspace/client_agreement.html", context)


def _read(found: Agreement, dossier: threads.Dossier) -> reading.Reading:
    return reading.read(found, dossier.account.agreement_version, dossier.rows, dossier.assessment)


def _overrides(orders: list[Any], agreement: Any) -> list[tuple[Any, Any, Any]]:
    """What the order sets instead: the number's name, its value, and the agreement's own."""
    said = dict(orders[-1].get("overrides") or {}) if orders else {}
    found = []
    for name, value in said.items():
        parameter = agreement.parameters.get(name) if agreement else None
        label = parameter.label if parameter and parameter.label else name
        found.append((label, value, parameter.value if parameter else None))
    return found
