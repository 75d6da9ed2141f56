"""Who enters the portal: a client's contact, for its own client only."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse

from jalon.accounts.access import Person, access_account, person_of
from jalon.accounts.models import Account


def for_contact(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A view of the portal: `view(request, account, ...)` with the contact's own client; 404 for anybody else.

    A member of staff has no client of its own and sees the workspace: for the portal, absent and forbidden look alike.
    """

    @wraps(view)
    @login_required
    def entered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        person = person_of(request.user)
        if person is None or person.account is None:
            raise Http404
        ref = person.account.ref if isinstance(person.account, Account) else str(person.account)
        request.person = person  # type: ignore[attr-defined]
        return view(request, access_account(request.user, ref), *args, **kwargs)

    return entered


def who(request: Any) -> Person:
    """The person that `for_contact` found."""
    found: Person = request.person
    return found


def present(request: Any) -> datetime:
    """The instant of the request, in UTC."""
    found: datetime = request.now
    return found
