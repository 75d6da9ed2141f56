"""The agreement, clause by clause: its text, its promises beside it, their numbers with their origin, and how each is doing."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from jalon.accounts import agreements
from jalon.accounts.access import access_account
from jalon.core.agreement.model import Agreement
from jalon.ledger import reading
from jalon.workspace.guard import staff_only


@staff_only
def agreement(request: HttpRequest) -> HttpResponse:
    """GET: the version in use, over the portfolio, or for `?client=`; `?read=name/version` reads another one."""
    account = access_account(request.user, request.GET["client"]) if request.GET.get("client") else None
    found = agreements.of(account) if account else _asked(request.GET.get("read", ""))
    if found is None and (version := agreements.for_new_clients()):
        found = agreements.load(*version)
    context = {
        "account": account,
        "reading": reading.read(found, account) if found else None,
        "here": "agreement",
        "shelf": [] if account else _shelf(),
    }
    return render(request, "workspace/agreement.html", context)


def _shelf() -> list[tuple[str, Agreement]]:
    """Every version that can be read, as the address names it."""
    names = [f"{name}/{version}" for name, version in agreements.versions()]
    return [(name, found) for name in names if (found := _asked(name))]


def _asked(written: str) -> Agreement | None:
    """The version that the address names, when it is one that can be read."""
    name, _slash, version = written.partition("/")
    if (name, version) not in agreements.versions():
        return None
    if any(problem.severity == "error" for problem in agreements.problems_of(name, version)):
        return None
    return agreements.load(name, version)
