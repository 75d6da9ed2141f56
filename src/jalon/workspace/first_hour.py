"""The first hour of an empty installation: its first person, then the agreement, the hours, the team and the first clients."""

from __future__ import annotations

from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.password_validation import validate_password
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from jalon.accounts import agreements, mine
from jalon.accounts.access import may_begin_client, may_manage_team
from jalon.accounts.models import Account, House, Role, Staff, User
from jalon.core.agreement.model import Agreement
from jalon.core.agreement.problems import Problem
from jalon.workspace.doors import BACKEND
from jalon.workspace.guard import present, refused, staff_only, who
from jalon.workspace.settings import hours_of, roles_of
from jalon.workspace.settings_team import Member, add

CLIENTS_SHOWN = 5


class FirstPerson(forms.Form):
    """Who sets Jalon up: a lead, who may do everything that the next steps need."""

    name = forms.CharField(label=gettext_lazy("Your name"), max_length=120)
    email = forms.EmailField(label=gettext_lazy("E-mail"))
    password = forms.CharField(
        label=gettext_lazy("Password"),
        strip=False,
        help_text=mine.PASSWORD_HELP,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean_password(self) -> str:
        """The password, when it is one that the installation accepts."""
        password: str = self.cleaned_data["password"]
        validate_password(password)
        return password


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def welcome(request: HttpRequest) -> HttpResponse:
    """The first person of an empty installation; 404 as soon as there is one."""
    if Staff.objects.exists():
        raise Http404("Jalon is set up.")
    form = FirstPerson(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        lang = (get_language() or "fr")[:2]
        user = User.objects.create_user(given["email"], given["password"], language=lang)
        roles = [Role.LEAD.value, Role.CSM.value, Role.BILLING.value]
        Staff.objects.create(
            ref=slugify(given["name"]) or "lead", user=user, name=given["name"], email=user.email, roles=roles
        )
        login(request, user, backend=BACKEND)
        return redirect("workspace:first-hour")
    return render(request, "workspace/welcome.html", {"form": form}, status=422 if form.errors else 200)


@dataclass(frozen=True)
class Choice:
    """A version of an agreement that new clients may sign, and what its check says."""

    name: str
    version: str
    agreement: Agreement | None  # None where the file cannot be read
    faults: tuple[Problem, ...]  # errors: a version that has some cannot be chosen
    warnings: int
    chosen: bool

    @property
    def value(self) -> str:
        """How a form names it."""
        return f"{self.name}/{self.version}"


def choices(house: House) -> list[Choice]:
    """Every version that is installed, the latest first."""
    found = []
    for name, version in reversed(agreements.versions()):
        problems = agreements.problems_of(name, version)
        faults = tuple(problem for problem in problems if problem.severity == "error")
        found.append(
            Choice(
                name, version, None if faults else agreements.load(name, version), faults, len(problems) - len(faults),
                (house.agreement, house.agreement_version) == (name, version),
            )
        )  # fmt: skip
    return found


@require_http_methods(["GET", "POST"])
@staff_only
def first_hour(request: HttpRequest) -> HttpResponse:
    """GET: the steps, each with what is there already. POST: `do` = agreement, hours or colleague, by who manages the team."""
    person, house = who(request), House.get()
    manages = may_manage_team(person)
    do = request.POST.get("do", "")
    if do and not manages:
        return refused(request)
    form = Member(request.POST if do == "colleague" else None)
    if do == "agreement":
        return _chosen(request, house)
    if do == "hours":
        house.hours_checked_at, house.hours_checked_by = present(request), person.ref
        house.save()
        return _next("hours")
    if do == "colleague" and form.is_valid():
        one = add(form, by=person.ref, now=present(request))
        messages.success(request, _("%(name)s is in the team, and is invited by mail.") % {"name": one.name})
        return _next("team")
    version = agreements.for_new_clients()
    agreement = agreements.load(*version) if version else None
    clients = list(Account.objects.order_by("-created_at")[:CLIENTS_SHOWN])
    team = [(one, roles_of(one)) for one in Staff.objects.filter(active=True).order_by("pk")]
    context = {
        "here": "today", "manages": manages, "may_begin": may_begin_client(person), "choices": choices(house), "house": house,
        "hours": hours_of(agreement, present(request)) if agreement else None,
        "agreement_file": agreements.path_of(*version) if version else "", "team": team, "form": form, "clients": clients,
        "left": [bool(house.agreement), bool(house.hours_checked_at), len(team) > 1, bool(clients)].count(False),
    }  # fmt: skip
    return render(request, "workspace/first_hour.html", context, status=422 if form.errors else 200)


def _next(step: str) -> HttpResponse:
    return redirect(f"{reverse('workspace:first-hour')}#{step}")


def _chosen(request: HttpRequest, house: House) -> HttpResponse:
    name, _slash, version = request.POST.get("agreement", "").partition("/")
    if (name, version) not in agreements.versions():
        raise Http404("No such agreement.")
    if any(problem.severity == "error" for problem in agreements.problems_of(name, version)):
        messages.error(request, _("This agreement has faults: mend its file first. Nothing was chosen."))
        return _next("agreement")
    house.agreement, house.agreement_version = name, version
    # Another text has other hours: they are read again.
    house.hours_checked_at, house.hours_checked_by = None, ""
    house.save()
    return _next("hours")
