"""Who enters the workspace: the vendor's people, each request knowing who asks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any, TypeVar, cast

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from jalon.accounts.access import Person, may_manage_team, person_of
from jalon.accounts.models import Role, Staff
from jalon.core.obligations import Side

View = TypeVar("View", bound=Callable[..., Any])


def staff_only(view: View) -> View:
    """Sends visitors to sign in and others away as if nothing were here; sets `request.person`."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        person = person_of(request.user)
        if person is None:
            return redirect_to_login(request.get_full_path())
        if person.side != Side.PROVIDER:
            raise Http404("Not in this window.")
        request.person = person  # type: ignore[attr-defined]
        return view(request, *args, **kwargs)

    return cast(View, guarded)


def who(request: Any) -> Person:
    """The person that `staff_only` found."""
    found: Person = request.person
    return found


def present(request: Any) -> datetime:
    """The instant of the request, in UTC."""
    found: datetime = request.now
    return found


def refused(request: HttpRequest) -> HttpResponse:
    """403: this is for who manages the team, and who that is."""
    active = Staff.objects.filter(active=True)
    managers = [one.name for one in active if {Role.LEAD, Role.EXECUTIVE} & set(one.roles)]
    return render(request, "workspace/refused.html", {"managers": managers, "here": "settings"}, status=403)


def managers_only(view: View) -> View:
    """As `staff_only`; a member of the team who does not manage it is told so, and who does."""

    @staff_only
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not may_manage_team(who(request)):
            return refused(request)
        return view(request, *args, **kwargs)

    return cast(View, guarded)
