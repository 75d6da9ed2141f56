"""One client: its line of promises, what is to come and what happened; its promises, its plan, its use, its timeline."""

from __future__ import annotations

import csv
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from jalon.accounts import agreements
from jalon.accounts.access import Person, person_may_record
from jalon.accounts.models import Account
from jalon.core.facts.catalogue import FAMILIES, KINDS
from jalon.core.facts.model import Fact
from jalon.core.facts.words import FAMILY_NAMES
from jalon.core.obligations import Side, State
from jalon.ledger import book, pages, timeline
from jalon.ledger.dossier import Dossier, effects
from jalon.wording import say
from jalon.workspace.client_frame import opened
from jalon.workspace.guard import staff_only, who

PAGE = 50


def _href(account: Account, same: str) -> Callable[[str], str]:
    return lambda key: reverse("workspace:why", args=[account.ref, key]) + same


@staff_only
def client(request: HttpRequest, ref: str) -> HttpResponse:
    """GET: the overview."""
    dossier, context = opened(request, ref, "client")
    account, as_of = dossier.account, dossier.moment.as_of
    context |= {
        "line": pages.line(
            account, dossier.rows, context["standing"], as_of, _href(account, context["same"])
        ),
        "upcoming": pages.upcoming(dossier.rows, as_of),
        "lines": _lines(dossier, limit=10),
        "team": pages.team(account, context["standing"]),
        "months": _months(dossier, 8),
        "objectives": pages.plan(account),
    }
    context["charts"] = pages.charts(account, context["months"], context["objectives"])
    return render(request, "workspace/client.html", context)


def _lines(dossier: Dossier, **wanted: Any) -> list[timeline.Line]:
    moment = dossier.moment
    return timeline.lines(
        dossier.account, Side.PROVIDER, timeline.names_of(dossier.account),
        until=moment.as_of if moment.past else None, known_at=moment.known_at if moment.past else None, **wanted,
    )  # fmt: skip


def _months(dossier: Dossier, count: int) -> list[Any]:
    """The months of use that had begun by the moment asked."""
    months = pages.use_by_month(dossier.account, 12)
    return [one for one in months if one.month <= dossier.moment.as_of.date()][-count:]


@staff_only
def promises(request: HttpRequest, ref: str) -> HttpResponse:
    """GET: every promise in a table, filtered by side, state and norm in the address; `?format=csv` exports it."""
    dossier, context = opened(request, ref, "promises")
    side, state, norm = (request.GET.get(name, "") for name in ("side", "state", "norm"))
    agreement = agreements.of(dossier.account)
    rows = [
        row for row in dossier.rows
        if (not side or row.debtor in (side, Side.BOTH)) and state in ("", row.state) and norm in ("", row.norm)
    ]  # fmt: skip
    if request.GET.get("format") == "csv":
        return _export(dossier.account, rows)
    context |= {
        "page": Paginator(rows[::-1], PAGE).get_page(request.GET.get("page")),
        "side": side,
        "state": state,
        "states": list(State),
        "norm": agreement.norms.get(norm) if agreement else None,
        "query": context["also"] + urlencode({"side": side, "state": state, "norm": norm}) + "&",
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
        due, done = row.due_on or row.due or "", row.done_at or ""
        writer.writerow([row.key, row.clause, say(row.title), row.debtor, row.state, due, done])
    return response


@staff_only
def plan(request: HttpRequest, ref: str) -> HttpResponse:
    """GET: the plan: its objectives, each with its measures, and its milestones."""
    dossier, context = opened(request, ref, "plan")
    context |= {
        "plans": dossier.of("plan.agreed")[::-1],
        "objectives": _objectives(dossier),
        "recommendations": dossier.of("recommendation.made")[::-1][:8],
        "use_cases": dossier.of("use_case.recorded")[::-1],
    }
    return render(request, "workspace/client_plan.html", context)


def _objectives(dossier: Dossier) -> list[tuple[dict[str, Any], Fact | None]]:
    """The initial objectives, each with its last measure."""
    agreed = dossier.of("plan.agreed")
    entries = list(agreed[0].get("objectives") or []) if agreed else []
    measured = {str(fact.get("objective")): fact for fact in dossier.of("objective.measured")}
    return [
        (entry, measured.get(str(entry.get("id") or f"O{n}"))) for n, entry in enumerate(entries, start=1)
    ]


@staff_only
def adoption(request: HttpRequest, ref: str) -> HttpResponse:
    """GET: the use of the product, month by month, against the initial objectives."""
    dossier, context = opened(request, ref, "adoption")
    months = _months(dossier, 12)
    context |= {"months": months, "last": months[-1] if months else None}
    context["charts"] = pages.charts(dossier.account, months, pages.plan(dossier.account))
    return render(request, "workspace/client_adoption.html", context)


@staff_only
def history(request: HttpRequest, ref: str) -> HttpResponse:
    """GET: everything that happened, by family and by side, page by page."""
    dossier, context = opened(request, ref, "timeline")
    family, by = request.GET.get("family", ""), request.GET.get("by", "")
    kinds = [kind.kind for kind in FAMILIES.get(family, ())]
    written = request.GET.get("page", "1")
    number = max(int(written) if written.isdigit() and len(written) < 7 else 1, 1)
    by = by if by in ("provider", "client", "system") else ""
    found = _lines(dossier, kinds=kinds, by=by, limit=PAGE + 1, offset=(number - 1) * PAGE)
    context |= {
        "lines": found[:PAGE],
        "more": len(found) > PAGE,
        "number": number,
        "family": family,
        "by": by,
        "families": FAMILY_NAMES.items(),
    }
    return render(request, "workspace/client_timeline.html", context)


@staff_only
def fact(request: HttpRequest, ref: str, fact_id: str) -> HttpResponse:
    """GET: one fact: its fields, both its times, its place and hash, what it did to which promises, what can be said of it."""
    dossier, context = opened(request, ref, "timeline")
    account = dossier.account
    row = timeline.seen_by(account, Side.PROVIDER).filter(fact_id=fact_id).first()
    if row is None:
        raise Http404("No such fact.")
    names = timeline.names_of(account)
    told = timeline.about(account, Side.PROVIDER, fact_id, names)
    found = book.decode(row)
    context |= {
        "row": row,
        "fact": found,
        "kind": KINDS[found.kind],
        "family": FAMILY_NAMES[KINDS[found.kind].family],
        "line": timeline.line_of(row, names, whole=True),
        "author": names.get(row.recorded_by, row.recorded_by),
        "effects": effects(dossier.rows, fact_id),
        "told": told,
        "actions": _may(who(request), account, found, {line.kind for line in told}),
    }
    return render(request, "workspace/client_fact.html", context)


def _may(person: Person, account: Account, found: Fact, told: set[str]) -> list[str]:
    """The kinds of facts that this person may record about a fact: corrected and retracted by its side, confirmed and disputed by the other."""
    if found.kind.startswith("fact.") or "fact.retracted" in told:
        return []
    kind = KINDS[found.kind]
    ours = found.side in (person.side, Side.SYSTEM) and person_may_record(person, account, kind)
    theirs = found.side not in (person.side, Side.SYSTEM)
    wanted = (["fact.corrected", "fact.retracted"] if ours else []) + (["fact.countersigned", "fact.disputed"] if theirs else [])  # fmt: skip
    return [name for name in wanted if person_may_record(person, account, KINDS[name])]
