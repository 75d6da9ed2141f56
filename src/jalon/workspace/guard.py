"""Who enters the workspace: the vendor's people, each request knowing who asks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any, TypeVar, cast

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest

from jalon.accounts.access import Person, person_of
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
