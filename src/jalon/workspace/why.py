"""The why of a promise: a page with its own address, and the same in Today's side panel."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from jalon.accounts.access import access_account
from jalon.core.obligations import Side
from jalon.ledger import asking
from jalon.workspace.guard import present, staff_only


@staff_only
def why(request: HttpRequest, ref: str, key: str) -> HttpResponse:
    """GET: one promise explained, as of and as known at the moments of the address; and what if, where it asks one."""
    account = access_account(request.user, ref)
    context = asking.page(account, key, request.GET.dict(), present(request), Side.PROVIDER)
    if context is None:
        raise Http404("No such promise.")
    context |= {
        "here": "client",
        "steps": [
            (reverse("workspace:client", args=[ref]), account.name),
            (reverse("workspace:promises", args=[ref]), ""),
        ],
        "base": "jalon/workspace.html",
        "agreement_url": reverse("workspace:agreement") + f"?client={ref}",
    }
    return render(
        request,
        "jalon/why/panel.html" if request.headers.get("HX-Request") else "jalon/why/page.html",
        context,
    )
