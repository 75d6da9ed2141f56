"""The why of a promise: a page with its own address, and the same in Today's side panel."""

from __future__ import annotations

from datetime import datetime

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from jalon.accounts import agreements
from jalon.accounts.access import access_account
from jalon.figures.why import laid_out
from jalon.ledger import book, pages
from jalon.workspace.guard import staff_only


def moment(written: str | None, now: datetime) -> datetime:
    """An instant of the address, or now; what cannot be read is now as well: an address is no form."""
    try:
        at = datetime.fromisoformat(written) if written else now
    except ValueError:
        return now
    return at if at.tzinfo else at.replace(tzinfo=now.tzinfo)


@staff_only
def why(request: HttpRequest, ref: str, key: str) -> HttpResponse:
    """GET: one promise explained, as of and as known at the moments of the address."""
    account = access_account(request.user, ref)
    now: datetime = request.now  # type: ignore[attr-defined]
    as_of = moment(request.GET.get("as_of"), now)
    known_at = moment(request.GET.get("known_at"), as_of)
    owed, agreement = book.obligation_of(account, key, as_of, known_at), agreements.of(account)
    if owed is None or agreement is None:
        raise Http404("No such promise.")
    context = {
        "account": account,
        "owed": owed,
        "why": laid_out(owed, agreement),
        "history": pages.history(account, owed, now),
        "known_at": known_at if known_at != now else None,
        "here": "client",
        "steps": [
            (reverse("workspace:client", args=[ref]), account.name),
            (reverse("workspace:promises", args=[ref]), ""),
        ],
        "base": "jalon/workspace.html",
    }
    return render(
        request,
        "jalon/why/panel.html" if request.headers.get("HX-Request") else "jalon/why/page.html",
        context,
    )
