"""The agreement, clause by clause: its text, its promises beside it, their numbers with their origin, and how each is doing."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from jalon.accounts import agreements
from jalon.accounts.access import access_account
from jalon.accounts.models import Account
from jalon.core.agreement.model import Agreement
from jalon.ledger import book, pages, reading
from jalon.workspace.guard import present, staff_only


@dataclass(frozen=True)
class Choice:
    """One version that can be read: how the address names it, how many clients are under it."""

    name: str
    agreement: Agreement
    clients: int
    for_new: bool


@staff_only
def agreement(request: HttpRequest) -> HttpResponse:
    """GET: the version in use, over the portfolio, or for `?client=`; `?read=name/version` reads another one."""
    account = access_account(request.user, request.GET["client"]) if request.GET.get("client") else None
    usual = agreements.for_new_clients()
    name, found = _of(account) if account else _asked(request.GET.get("read", ""))
    if found is None and not account and usual:
        name, found = "/".join(usual), agreements.load(*usual)
    context = {
        "account": account,
        "account_ref": account.ref if account else "",
        "reading": _read(found, name, account, present(request)) if found else None,
        "read": name,
        "here": "agreement",
        "shelf": _shelf(usual),
        "list_url": reverse("workspace:promises", args=[account.ref]) if account else "",
        "clients_url": "" if account else reverse("workspace:portfolio"),
    }
    return render(request, "workspace/agreement.html", context)


def _read(found: Agreement, name: str, account: Account | None, now: datetime) -> reading.Reading:
    version = name.partition("/")[2]
    if account is None:
        return reading.read(found, version)
    assessed = book.assessment_of(account, now, explain=False)
    return reading.read(found, version, pages.promises(account), assessed)


def _of(account: Account) -> tuple[str, Agreement | None]:
    return f"{account.agreement}/{account.agreement_version}", agreements.of(account)


def _shelf(usual: tuple[str, str] | None) -> list[Choice]:
    """Every version that can be read, with its clients."""
    under = Counter(Account.objects.values_list("agreement", "agreement_version"))
    return [
        Choice(f"{version[0]}/{version[1]}", found, under[version], version == usual)
        for version in agreements.versions()
        if (found := _asked("/".join(version))[1])
    ]


def _asked(written: str) -> tuple[str, Agreement | None]:
    """The version that the address names, when it is one that can be read."""
    name, _slash, version = written.partition("/")
    if (name, version) not in agreements.versions():
        return "", None
    if any(problem.severity == "error" for problem in agreements.problems_of(name, version)):
        return "", None
    return written, agreements.load(name, version)
