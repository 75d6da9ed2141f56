"""The team: members added, changed and deactivated by a lead or an executive, never removed: facts name them for ever."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from jalon.accounts.models import Contact, Role, Staff, User
from jalon.ledger.importing.outcome import free_ref
from jalon.ledger.models import AccountStanding
from jalon.notices.telling import invite
from jalon.workspace.guard import managers_only, present, who


class Member(forms.Form):
    """A member of the team: who she is, where she is written to, what she may do."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=120)
    email = forms.EmailField(label=gettext_lazy("E-mail"))
    roles = forms.MultipleChoiceField(
        label=gettext_lazy("Roles"),
        choices=Role.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": gettext_lazy("Choose at least one role: it says what the person may record.")
        },
    )

    language = forms.ChoiceField(
        label=gettext_lazy("Language of the invitation"), choices=[("fr", "Français"), ("en", "English")]
    )

    def __init__(self, data: Any = None, *, one: Staff | None = None) -> None:
        initial: dict[str, Any] = {"roles": [Role.CSM.value], "language": (get_language() or "fr")[:2]}
        if one:
            initial = {"name": one.name, "email": one.email, "roles": one.roles}
        super().__init__(data, initial=initial)
        self.one = one
        if one:
            # Afterwards each person chooses her own.
            del self.fields["language"]

    def clean_email(self) -> str:
        """The address in small letters, when nobody else signs in with it."""
        email: str = self.cleaned_data["email"].lower()
        others, users = Staff.objects.all(), User.objects.all()
        if self.one:
            others = others.exclude(pk=self.one.pk)
            users = users.exclude(staff=self.one)
        if (
            others.filter(email__iexact=email).exists()
            or Contact.objects.filter(email__iexact=email).exists()
            or users.filter(email__iexact=email).exists()
        ):
            raise forms.ValidationError(_("Somebody has this address already."))
        return email

    def clean_roles(self) -> list[str]:
        """The roles, in the order of the list; somebody must stay who manages the team."""
        roles = [role for role, _label in Role.choices if role in self.cleaned_data["roles"]]
        if self.one and manages(self.one.roles) and not manages(roles) and not other_managers(self.one):
            raise forms.ValidationError(_("Nobody else manages the team: give that role to somebody first."))
        return roles


def manages(roles: list[str]) -> bool:
    """Whether these roles let one manage the team."""
    return bool({Role.LEAD, Role.EXECUTIVE} & set(roles))


def other_managers(one: Staff) -> bool:
    """Whether somebody else who is active and can sign in manages the team."""
    return any(
        manages(other.roles)
        for other in Staff.objects.filter(active=True, user__isnull=False).exclude(pk=one.pk)
    )


@transaction.atomic
def add(form: Member, *, by: str, now: datetime) -> Staff:
    """The new member, invited by mail, with a ref that nobody has on either side: facts name people by it."""
    given = dict(form.cleaned_data)
    language = given.pop("language")
    taken = {*Staff.objects.values_list("ref", flat=True), *Contact.objects.values_list("ref", flat=True)}
    one = Staff.objects.create(ref=free_ref(given["name"], taken), **given)
    invite(one, by=by, now=now, language=language)
    return one


@require_http_methods(["GET", "POST"])
@managers_only
def new_member(request: HttpRequest) -> HttpResponse:
    """GET: the form. POST: the member is in the team."""
    form = Member(request.POST or None)
    if request.method == "POST" and form.is_valid():
        one = add(form, by=who(request).ref, now=present(request))
        messages.success(request, _("%(name)s is in the team, and is invited by mail.") % {"name": one.name})
        return redirect("workspace:settings")
    context = {"form": form, "here": "settings"}
    return render(request, "workspace/settings_member.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@managers_only
def member(request: HttpRequest, ref: str) -> HttpResponse:
    """GET: the form and what depends on her. POST: kept; `do` = deactivate or reactivate."""
    one = get_object_or_404(Staff, ref=ref)
    do = request.POST.get("do", "")
    if do in ("deactivate", "reactivate"):
        return _switched(request, one, do == "reactivate")
    form = Member(request.POST or None, one=one)
    if request.method == "POST" and form.is_valid():
        _keep(one, form.cleaned_data)
        messages.success(request, _("%(name)s: kept.") % {"name": one.name})
        return redirect("workspace:settings")
    context = {
        "form": form,
        "one": one,
        "here": "settings",
        "follows": follows(one),
        "self": one.ref == who(request).ref,
    }
    return render(request, "workspace/settings_member.html", context, status=422 if form.errors else 200)


def follows(one: Staff) -> int:
    """How many clients have her as their CSM or backup."""
    return AccountStanding.objects.filter(Q(csm=one.ref) | Q(csm_backup=one.ref)).count()


@transaction.atomic
def _keep(one: Staff, given: dict[str, Any]) -> None:
    one.name, one.email, one.roles = given["name"], given["email"], given["roles"]
    one.save(update_fields=["name", "email", "roles"])
    if one.user and one.user.email != one.email:
        one.user.email = one.email
        one.user.save(update_fields=["email"])


def _switched(request: HttpRequest, one: Staff, active: bool) -> HttpResponse:
    if not active and one.ref == who(request).ref:
        messages.error(request, _("You cannot deactivate yourself: ask another lead or executive."))
        return redirect("workspace:settings-member", one.ref)
    with transaction.atomic():
        one.active = active
        one.save(update_fields=["active"])
        if one.user:
            one.user.is_active = active
            one.user.save(update_fields=["is_active"])
    if active:
        messages.success(request, _("%(name)s can sign in again.") % {"name": one.name})
        return redirect("workspace:settings")
    messages.success(
        request, _("%(name)s cannot sign in any more. What was recorded stays.") % {"name": one.name}
    )
    if count := follows(one):
        said = ngettext(
            "%(n)s client still has %(name)s: record another CSM for it.",
            "%(n)s clients still have %(name)s: record another CSM for each.",
            count,
        )
        messages.warning(request, said % {"n": count, "name": one.name})
    return redirect("workspace:settings")
