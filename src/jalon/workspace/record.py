"""Record a fact: choose what happened, fill the fewest fields, see which promises it changed."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from jalon.accounts.access import Person, access_account, person_may_record
from jalon.accounts.models import Account, Contact
from jalon.core.facts.catalogue import FAMILIES, KINDS
from jalon.core.facts.model import FactKind
from jalon.core.facts.references import brings, thing_of
from jalon.core.facts.words import FAMILY_NAMES
from jalon.core.obligations import Side
from jalon.ledger import recording
from jalon.ledger.models import StoredFact
from jalon.wording import say
from jalon.wording.states import label
from jalon.workspace.guard import present, staff_only, who

USUAL = (
    "activity.held",
    "provider.question",
    "request.opened",
    "request.replied",
    "appointment.confirmed",
    "recommendation.made",
)
"""What is recorded most anywhere: offered first for a client of whom nothing is known yet."""
MOST_USED = 8


@staff_only
def chooser(request: HttpRequest, ref: str) -> HttpResponse:
    """GET: every kind that this person may record for this client, by family."""
    account, person = access_account(request.user, ref), who(request)
    asked = request.GET.get("q", "").strip().lower()
    families: list[tuple[Any, list[FactKind]]] = [] if asked else [("", _most_used(account, person))]
    for family, members in FAMILIES.items():
        kinds = [k for k in members if person_may_record(person, account, k) and _answers(k, asked)]
        families.append((FAMILY_NAMES[family], kinds))
    families = [one for one in families if one[1]]
    return render(
        request,
        "workspace/chooser.html",
        {"account": account, "families": families, "q": asked, "here": "client"},
    )


def _most_used(account: Account, person: Person) -> list[FactKind]:
    """What is recorded most for this client, and what usually is; nothing that this person may not record."""
    told = StoredFact.objects.filter(account=account, side=Side.PROVIDER.value).values("kind").annotate(n=Count("pk"))  # fmt: skip
    counts = {row["kind"]: row["n"] for row in told}
    known = [KINDS[name] for name in sorted(counts, key=lambda name: -counts[name]) if name in KINDS]
    usual = [KINDS[name] for name in USUAL]
    found = list(dict.fromkeys(kind.kind for kind in (*known, *usual) if person_may_record(person, account, kind)))  # fmt: skip
    return [KINDS[name] for name in found[:MOST_USED]]


def _answers(kind: FactKind, asked: str) -> bool:
    return not asked or asked in f"{say(kind.label)} {say(FAMILY_NAMES[kind.family])}".lower()


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
    if request.method == "POST" and not form.unjudged and form.is_valid():
        before = recording.states_of(account)
        if form.save():
            say_changes(request, account, recording.changed(before, recording.states_of(account)))
            return redirect(back(request, reverse("workspace:client", args=[account.ref])))
    context = {
        "account": account,
        "form": form,
        "kind": found,
        "here": "client",
        "next": back(request, reverse("workspace:client", args=[account.ref])),
    }
    return render(
        request,
        "workspace/record.html",
        context,
        status=422 if request.method == "POST" and not form.unjudged else 200,
    )


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
    window = request.GET.get("for", "").partition(":")[2]
    if kind.kind == "activity.held" and window[:4].isdigit():
        found.setdefault("covers", window)
    about = request.GET.get("ref", "").partition("/")[0]
    for field in kind.fields:
        if about and thing_of(kind.kind, field.name) and not brings(kind.kind, field.name):
            found.setdefault(field.name, about)
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


def say_changes(request: HttpRequest, account: Account, changes: list[recording.Change]) -> None:
    """One notice: it is recorded, and what it changed, each promise with its page."""
    said = [
        format_html('<a href="{}">{}</a> ({})', reverse("workspace:why", args=[account.ref, one.key]), say(one.title),
                    _("now %(state)s") % {"state": label(one.after)} if one.before else _("new, %(state)s") % {"state": label(one.after)})
        for one in changes[:4]
    ]  # fmt: skip
    more = len(changes) - len(said)
    if more:
        said.append(
            format_html("{}", ngettext("%(n)s other promise", "%(n)s other promises", more) % {"n": more})
        )
    messages.success(request, format_html_join(" · ", "{}", [(part,) for part in (_("Recorded."), *said)]))
