"""Settings: my account, the team, the hours of the agreement in force, mail, where the data live."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django import forms
from django.conf import settings as house
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from jalon.accounts import agreements, mine
from jalon.accounts.access import may_manage_team
from jalon.accounts.models import Role, Staff
from jalon.core.agreement.model import Agreement, CalendarSpec
from jalon.core.timekeeping.calendars import DAYS
from jalon.core.timekeeping.holidays import holidays
from jalon.wording.dates import weekday
from jalon.workspace.guard import present, staff_only, who
from jalon.workspace.settings_mail import mail_of

ROLES = dict(Role.choices)


class MyName(forms.Form):
    """How colleagues and clients read me."""

    name = forms.CharField(
        label=gettext_lazy("Name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )


@dataclass(frozen=True)
class Hours:
    """A calendar of the agreement as a page shows it: hours by weekday, holidays of two years, and who says so."""

    spec: CalendarSpec
    week: tuple[tuple[str, str], ...]  # Monday, "09:00–18:00"; "" where closed
    years: tuple[tuple[int, tuple[tuple[date, Any], ...]], ...]


@require_http_methods(["GET", "POST"])
@sensitive_post_parameters("password", "current")
@staff_only
def settings(request: HttpRequest) -> HttpResponse:
    """The page; a POST keeps my name, my language and theme, or my password."""
    person = who(request)
    own = Staff.objects.get(ref=person.ref)
    name = MyName(request.POST if request.POST.get("do") == "name" else None, initial={"name": own.name})
    if name.is_bound and name.is_valid():
        own.name = name.cleaned_data["name"]
        own.save(update_fields=["name"])
        messages.success(request, _("Your name is kept."))
        return redirect("workspace:settings")
    forms_of_mine = mine.answer(request)
    if forms_of_mine.saved:
        return redirect("workspace:settings")
    version = agreements.for_new_clients()
    agreement = agreements.load(*version) if version else None
    context = {
        "here": "settings", "own": own, "own_roles": roles_of(own), "name": name, "mine": forms_of_mine, "may_manage": may_manage_team(person),
        "team": [(one, roles_of(one)) for one in Staff.objects.order_by("-active", "name")],
        "agreement": agreement, "agreement_file": agreements.path_of(*version) if version else "",
        "hours": hours_of(agreement, present(request)) if agreement else None, "data": data_of(), "mail": mail_of(),
    }  # fmt: skip
    status = 422 if name.errors else forms_of_mine.status
    return render(request, "workspace/settings.html", context, status=status)


def roles_of(one: Staff) -> list[str]:
    """The roles of a member of the team, in words."""
    return [str(ROLES[role]) for role in ROLES if role in one.roles]


def hours_of(agreement: Agreement, now: datetime) -> Hours:
    """The vendor's hours and holidays, this year's and next year's, as the agreement writes them."""
    spec = agreement.calendars["provider"]
    lang = (translation.get_language() or "fr")[:2]
    week = tuple((weekday(n, lang), _spans(spec.open, day)) for n, day in enumerate(DAYS))
    this = now.year
    years = tuple(
        (year, tuple(sorted(holidays(spec.holidays, year, spec.good_friday).items())))
        for year in (this, this + 1)
    )
    return Hours(spec, week, years)


def _spans(open_: Mapping[str, tuple[tuple[str, str], ...]], day: str) -> str:
    return ", ".join(f"{start}–{end}" for start, end in open_.get(day, ()))


def data_of() -> Iterator[tuple[str, str]]:
    """Where everything is kept, as an operator looks for it; passwords are left out."""
    base: Mapping[str, Any] = house.DATABASES["default"]
    kept: Any = house.STORAGES["default"]
    postgres = "postgresql" in base["ENGINE"]
    yield _("Folder"), str(house.HOME)
    yield (
        _("Database"),
        f"PostgreSQL, {base['NAME']}, {base['HOST'] or 'localhost'}" if postgres else str(base["NAME"]),
    )
    yield _("Files"), str(kept["OPTIONS"]["location"])
    yield _("Usage"), str(house.USAGE_HOME)
    yield _("Agreements"), ", ".join(str(folder) for folder in agreements.folders())
