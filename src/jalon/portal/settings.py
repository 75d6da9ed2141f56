"""The settings of a client's person: language, theme, password."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from jalon.accounts import mine
from jalon.accounts.models import Account, Contact
from jalon.portal.doors import for_contact, who
from jalon.portal.home import provider_name


@require_http_methods(["GET", "POST"])
@sensitive_post_parameters("password", "current")
@for_contact
def settings(request: HttpRequest, account: Account) -> HttpResponse:
    """The page; a POST keeps the language and the theme, or the password."""
    forms_of_mine = mine.answer(request)
    if forms_of_mine.saved:
        return redirect("portal:settings")
    person = who(request)
    context = {
        "account": account, "person": person, "provider_name": provider_name(account), "here": "settings", "mine": forms_of_mine,
        "own": Contact.objects.filter(account=account, ref=person.ref).first(),
    }  # fmt: skip
    return render(request, "portal/settings.html", context, status=forms_of_mine.status)
