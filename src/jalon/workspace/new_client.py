"""A new client on one form: who it is, what it signed, who follows it, whom to write to."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from jalon.accounts import agreements
from jalon.accounts.access import Person, may_begin_client
from jalon.accounts.models import Account, Contact, Role, Staff
from jalon.core.agreement.model import Agreement
from jalon.ledger.importing.beginning import NewClient, begin_client, first_contact
from jalon.ledger.importing.outcome import LineRefused
from jalon.notices.telling import CannotInvite, invite
from jalon.wording import say
from jalon.wording.reading import local_day
from jalon.workspace.guard import present, staff_only, who


def _day(label: Any, help_text: Any = "") -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, help_text=help_text, widget=widget)


class ClientForm(forms.Form):
    """The fewest fields from which the promises of both sides follow."""

    name = forms.CharField(label=gettext_lazy("Company"), max_length=200)
    level = forms.ChoiceField(label=gettext_lazy("Support level"))
    signed_on = _day(gettext_lazy("Signed by us on"))
    client_signed_on = _day(
        gettext_lazy("Signed by the client on"),
        gettext_lazy("The later signature is the day on which everything begins."),
    )
    ends_on = _day(
        gettext_lazy("Last day of the contract"), gettext_lazy("As the order writes it: none is computed.")
    )
    price = forms.DecimalField(
        label=gettext_lazy("Price of a year, in euros, VAT excluded"),
        required=False,
        min_value=0,
        decimal_places=2,
        max_digits=12,
    )
    csm = forms.ChoiceField(label="CSM")
    backup = forms.ChoiceField(label=gettext_lazy("Backup CSM"), required=False)
    signatory = forms.ChoiceField(label=gettext_lazy("Signed for us by"))
    capacity = forms.CharField(label=gettext_lazy("In the capacity of"), max_length=120)
    contact_name = forms.CharField(label=gettext_lazy("Sponsor at the client"), max_length=120)
    contact_email = forms.EmailField(label=gettext_lazy("Sponsor’s e-mail"))
    contact_capacity = forms.CharField(
        label=gettext_lazy("Capacity of the sponsor, who signs"), max_length=120
    )
    language = forms.ChoiceField(
        label=gettext_lazy("Sponsor’s language"), choices=[("fr", "Français"), ("en", "English")]
    )

    invite = forms.BooleanField(
        label=gettext_lazy("Invite the sponsor by mail now"), required=False, initial=True
    )

    def __init__(self, data: Any, *, agreement: Agreement, person: Person, now: Any) -> None:
        today = local_day(now)
        team = [
            (one.ref, one.name)
            for one in Staff.objects.filter(active=True).order_by("name")
            if Role.CSM in one.roles
        ]
        mine = person.ref if Role.CSM in person.roles else ""
        super().__init__(
            data,
            initial={
                "signed_on": today,
                "client_signed_on": today,
                "csm": mine,
                "signatory": person.ref,
                "language": "fr",
            },
        )
        self.today = today
        levels = [(level.id, say(level.name)) for level in agreement.levels.values()]
        self._offer("level", [("", "—"), *levels])
        self._offer("csm", team if mine else [("", "—"), *team])
        people = [(one.ref, one.name) for one in Staff.objects.filter(active=True).order_by("name")]
        self._offer("signatory", people)
        self._offer("backup", [("", "—"), *team])

    def _offer(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def clean_contact_email(self) -> str:
        """An address that is nobody else's: a person signs in with it."""
        email: str = self.cleaned_data["contact_email"].lower()
        if (
            Contact.objects.filter(email__iexact=email).exists()
            or Staff.objects.filter(email__iexact=email).exists()
        ):
            raise forms.ValidationError(_("Somebody has this address already."))
        return email

    def clean(self) -> dict[str, Any]:
        """Days in their order, and two different people as CSM and backup."""
        given: dict[str, Any] = dict(super().clean() or {})
        for name in ("signed_on", "client_signed_on"):
            if name in given and given[name] > self.today:
                self.add_error(name, _("This has not happened yet: give a day that has passed."))
        signed = [given[name] for name in ("signed_on", "client_signed_on") if name in given]
        if "ends_on" in given and signed and given["ends_on"] <= max(signed):
            self.add_error("ends_on", _("The contract ends before it begins."))
        if given.get("backup") and given["backup"] == given.get("csm"):
            self.add_error("backup", _("The backup is somebody other than the CSM."))
        return given

    def new(self, version: tuple[str, str]) -> NewClient:
        """What was typed, under this version of an agreement."""
        given = self.cleaned_data
        names = (
            "name",
            "level",
            "csm",
            "backup",
            "signed_on",
            "client_signed_on",
            "ends_on",
            "contact_name",
            "contact_email",
            "contact_capacity",
            "signatory",
            "capacity",
            "language",
        )
        price = "" if given["price"] is None else str(given["price"])
        return NewClient(
            agreement=version[0], version=version[1], price=price, **{name: given[name] for name in names}
        )


GROUPS = (
    (
        "what",
        gettext_lazy("The contract"),
        ("name", "signed_on", "client_signed_on", "signatory", "capacity", "level", "ends_on", "price"),
    ),
    ("ours", gettext_lazy("Who follows it"), ("csm", "backup")),
    (
        "theirs",
        gettext_lazy("Who signed for the client"),
        ("contact_name", "contact_capacity", "contact_email", "language", "invite"),
    ),
)


@transaction.atomic
def _begin(form: ClientForm, version: tuple[str, str], person: Person, now: datetime) -> Account:
    account = begin_client(form.new(version), by=person.ref, now=now)
    if form.cleaned_data["invite"]:
        invite(first_contact(account), by=person.ref, now=now)
    return account


@require_http_methods(["GET", "POST"])
@staff_only
def new_client(request: HttpRequest) -> HttpResponse:
    """GET: the form. POST: the client is there with its promises dated; go and look at it."""
    person, version = who(request), agreements.for_new_clients()
    if not may_begin_client(person) or version is None:
        context: dict[str, Any] = {"here": "portfolio", "no_agreement": version is None}
        return render(request, "workspace/new_client_refused.html", context, status=403)
    agreement = agreements.load(*version)
    form = ClientForm(request.POST or None, agreement=agreement, person=person, now=present(request))
    if request.method == "POST" and form.is_valid():
        try:
            account = _begin(form, version, person, present(request))
        except (LineRefused, CannotInvite) as refused:
            form.add_error(None, say(refused.said))
        else:
            messages.success(
                request,
                _("%(name)s is here: below is what each side owes, by when.") % {"name": account.name},
            )
            return redirect("workspace:client", account.ref)
    groups = [(key, title, [form[name] for name in names]) for key, title, names in GROUPS]
    context = {"here": "portfolio", "form": form, "groups": groups, "agreement": agreement}
    return render(request, "workspace/new_client.html", context, status=422 if form.errors else 200)
