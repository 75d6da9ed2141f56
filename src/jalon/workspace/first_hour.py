"""The first hour of an empty installation: its first person, then the agreement, the hours, the team and the first clients."""

from __future__ import annotations

from django import forms
from django.contrib.auth import login
from django.contrib.auth.password_validation import validate_password
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from jalon.accounts import agreements
from jalon.accounts.models import Account, Role, Staff, User
from jalon.workspace.doors import BACKEND
from jalon.workspace.guard import staff_only


class FirstPerson(forms.Form):
    """Who sets Jalon up: a lead, who may do everything that the next steps need."""

    name = forms.CharField(label=_("Your name"), max_length=120)
    email = forms.EmailField(label=_("E-mail"))
    password = forms.CharField(
        label=_("Password"), strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
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
        user = User.objects.create_user(given["email"], given["password"])
        roles = [Role.LEAD.value, Role.CSM.value, Role.BILLING.value]
        Staff.objects.create(
            ref=slugify(given["name"]) or "lead", user=user, name=given["name"], email=user.email, roles=roles
        )
        login(request, user, backend=BACKEND)
        return redirect("workspace:first-hour")
    return render(request, "workspace/welcome.html", {"form": form}, status=422 if form.errors else 200)


@staff_only
def first_hour(request: HttpRequest) -> HttpResponse:
    """The steps, each with what is there already."""
    versions = agreements.versions()
    agreement = agreements.load(*versions[-1]) if versions else None
    context = {
        "agreement": agreement,
        "calendar": agreement.calendars["provider"] if agreement else None,
        "team": list(Staff.objects.filter(active=True)),
        "clients": Account.objects.count(),
        "here": "today",
    }
    return render(request, "workspace/first_hour.html", context)
