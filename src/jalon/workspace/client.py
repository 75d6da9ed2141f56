"""One client: its line of promises, what is to come, what happened, its plan and use, its requests, appointments and money."""

from __future__ import annotations

import csv
from datetime import datetime
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from jalon.accounts import agreements
from jalon.accounts.access import access_account
from jalon.accounts.models import Account
from jalon.core.facts.catalogue import FAMILIES
from jalon.core.obligations import Side, State
from jalon.ledger import book, pages, timeline
from jalon.ledger.models import AccountStanding
from jalon.wording import say
from jalon.workspace.guard import staff_only

PAGE = 50


def _common(request: HttpRequest, account: Account, tab: str) -> dict[str, Any]:
    standing = AccountStanding.objects.filter(account=account).first()
    agreement = agreements.of(account)
    level = agreement.levels.get(standing.level) if agreement and standing else None
    return {"account": account, "standing": standing, "level": level.name if level else None, "agreement": agreement, "tab": tab, "here": "client",
            "provider_name": agreement.provider_name if agreement else ""}  # fmt: skip


def _href(account: Account):  # type: ignore[no-untyped-def]
    return lambda key: reverse("workspace:why", args=[account.ref, key])


@staff_only
def client(request: HttpRequest, ref: str) -> HttpResponse:
    """GET: the overview."""
    account = access_account(request.user, ref)
    now: datetime = request.now  # type: ignore[attr-defined]
    context = _common(request, account, "overview")
    rows = pages.promises(account)
    names = timeline.names_of(account)
    context |= {
        "line": pages.line(account, rows, context["standing"], now, _href(account)),
        "upcoming": pages.upcoming(rows, now),
        "lines": timeline.lines(account, Side.PROVIDER, names, limit=10),
        "team": pages.team(account, context["standing"]),
        "months": pages.use_by_month(account),
        "objectives": pages.plan(account),
    }
    context["charts"] = pages.charts(account, context["months"], context["objectives"])
    return render(request, "workspace/client.html", context)


@staff_only
def promises(request: HttpRequest, ref: str) -> HttpResponse:
    """GET: every promise in a table, filtered by side and state in the address; `?format=csv` exports it."""
    account = access_account(request.user, ref)
    side, state = request.GET.get("side", ""), request.GET.get("state", "")
    rows = [
        row for row in pages.promises(account)
        if (not side or row.debtor in (side, Side.BOTH)) and (not state or row.state == state)
    ]  # fmt: skip
    if request.GET.get("format") == "csv":
        return _export(account, rows)
    context = _common(request, account, "promises")
    context |= {
        "page": Paginator(rows[::-1], PAGE).get_page(request.GET.get("page")),
        "side": side,
        "state": state,
        "states": list(State),
        "query": f"side={side}&state={state}&",
    }
    return render(request, "workspace/client_promises.html", context)


def _export(account: Account, rows: list[Any]) -> HttpResponse:
    response = HttpResponse(
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{account.ref}-promises.csv"'},
    )
    response.write("\ufeff")
    writer = csv.writer(response)
    writer.writerow(["key", "clause", "promise", "debtor", "state", "due", "done"])
    for row in rows:
        writer.writerow(
            [
                row.key,
                row.clause,
                say(row.title),
                row.debtor,
                row.state,
                row.due_on or row.due or "",
                row.done_at or "",
            ]
        )
    return response


@staff_only
def plan(request: HttpRequest, ref: str) -> HttpResponse:
    """GET: the initial objectives and the use, month by month."""
    account = access_account(request.user, ref)
    context = _common(request, account, "plan") | {
        "objectives": pages.plan(account),
        "months": pages.use_by_month(account, 12),
    }
    context["charts"] = pages.charts(account, context["months"], context["objectives"])
    return render(request, "workspace/client_plan.html", context)


@staff_only
def history(request: HttpRequest, ref: str) -> HttpResponse:
    """GET: everything that happened, by family, page by page."""
    account = access_account(request.user, ref)
    family = request.GET.get("family", "")
    kinds = [kind.kind for kind in FAMILIES.get(family, ())]
    number = max(int(request.GET.get("page", "1")) if request.GET.get("page", "1").isdigit() else 1, 1)
    found = timeline.lines(
        account,
        Side.PROVIDER,
        timeline.names_of(account),
        kinds=kinds,
        limit=PAGE + 1,
        offset=(number - 1) * PAGE,
    )
    context = _common(request, account, "timeline")
    context |= {
        "lines": found[:PAGE],
        "more": len(found) > PAGE,
        "number": number,
        "family": family,
        "families": list(FAMILIES),
    }
    return render(request, "workspace/client_timeline.html", context)


@staff_only
def fact(request: HttpRequest, ref: str, fact_id: str) -> HttpResponse:
    """GET: one fact: its envelope, its hash, and what can be said of it."""
    account = access_account(request.user, ref)
    row = timeline.seen_by(account, Side.PROVIDER).filter(fact_id=fact_id).first()
    if row is None:
        raise Http404("No such fact.")
    names = timeline.names_of(account)
    context = _common(request, account, "timeline")
    context |= {
        "row": row,
        "fact": book.decode(row),
        "line": timeline.line_of(row, names, whole=True),
        "author": names.get(row.recorded_by, row.recorded_by),
    }
    return render(request, "workspace/client_fact.html", context)
