"""Record a fact: choose what happened, fill the fewest fields, see which promises it changed."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from jalon.accounts.access import Person, access_account, person_may_record
from jalon.accounts.models import Account, Contact
from jalon.core.facts.catalogue import FAMILIES, KINDS
from jalon.core.facts.model import FactKind
from jalon.ledger import recording
from jalon.wording import say
from jalon.wording.states import label
from jalon.workspace.guard import present, staff_only, who


@staff_only
def chooser(request: HttpRequest, ref: str) -> HttpResponse:
    """GET: every kind that this person may record for this client, by family."""
    account, person = access_account(request.user, ref), who(request)
    asked = request.GET.get("q", "").strip().lower()
    families = []
    for family, members in FAMILIES.items():
        kinds = [
            k for k in members if person_may_record(person, account, k) and asked in say(k.label).lower()
        ]
        if kinds:
            families.append((family, kinds))
    return render(
        request,
        "workspace/chooser.html",
        {"account": account, "families": families, "q": asked, "here": "client"},
    )


@staff_only
def record(request: HttpRequest, ref: str, kind: str) -> HttpResponse:
    """GET: the form, filled from the address. POST: append, say what changed, go back to where one came from."""
    account, person = access_account(request.user, ref), who(request)
    found = KINDS.get(kind)
    if found is None or not person_may_record(person, account, found):
        raise Http404
    form = recording.FactForm(
        request.POST or None,
        kind=found,
        account=account,
        person=person,
        now=present(request),
        known=known(request, account, found, person),
    )
    if request.method == "POST" and form.is_valid():
        before = recording.states_of(account)
        if form.save():
            say_changes(request, recording.changed(before, recording.states_of(account)))
            return redirect(back(request, reverse("workspace:client", args=[account.ref])))
    context = {
        "account": account,
        "form": form,
        "kind": found,
        "here": "client",
        "next": back(request, reverse("workspace:client", args=[account.ref])),
    }
    return render(request, "workspace/record.html", context, status=422 if request.method == "POST" else 200)


def known(request: HttpRequest, account: Account, kind: FactKind, person: Person) -> dict[str, object]:
    """What can be filled in before anybody types: the address, whoever records, the client's people."""
    found: dict[str, object] = {name: value for name, value in request.GET.items() if kind.field(name)}
    contacts = Contact.objects.filter(account=account, active=True).order_by("pk")
    if kind.field("staff"):
        found.setdefault("staff", [person.ref])
    if kind.field("attendees"):
        found.setdefault(
            "attendees", [c.ref for c in contacts if "champion" in c.seats or "sponsor" in c.seats]
        )
    if kind.kind == "activity.held":
        found.setdefault("minutes", 45)
    if kind.kind == "provider.question":
        found.setdefault("addressee", next((c.ref for c in contacts if "champion" in c.seats), ""))
    for name in ("csm", "validated_by"):
        if kind.field(name):
            found.setdefault(name, person.ref)
    return found


def back(request: HttpRequest, default: str) -> str:
    """Where to go afterwards: the address given, when it is one of ours."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    return wanted if wanted and url_has_allowed_host_and_scheme(wanted, {request.get_host()}) else default


def say_changes(request: HttpRequest, changes: list[tuple[object, str, str]]) -> None:
    """One notice: it is recorded, and what it changed."""
    said = [
        _("%(title)s: %(before)s → %(after)s")
        % {"title": say(title), "before": label(before) if before else _("new"), "after": label(after)}
        for title, before, after in changes[:4]
    ]
    messages.success(request, " · ".join([_("Recorded."), *said]))
