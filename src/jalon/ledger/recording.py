"""A form for any kind of fact, made from its schema: the fewest fields, filled from what is known, nothing typed is lost."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jalon.accounts.access import Person
from jalon.accounts.models import Account, Contact, Staff
from jalon.core.facts.completeness import always
from jalon.core.facts.model import FactKind, Field
from jalon.core.facts.model import FieldType as T
from jalon.core.obligations import Side
from jalon.ledger import book
from jalon.ledger.models import ProjectedObligation, StoredFact
from jalon.wording import say

_TEXTS = {T.TEXT, T.REF, T.SHA256, T.CURRENCY, T.TERM}
_JSON = {T.LINES, T.OBJECTIVES, T.SLOTS, T.MAPPING}


class FactForm(forms.Form):
    """The fields of one kind, and when it happened."""

    at = forms.DateTimeField(
        label=gettext_lazy("When"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    key = forms.CharField(widget=forms.HiddenInput)

    def __init__(
        self,
        data: Any,
        *,
        kind: FactKind,
        account: Account,
        person: Person,
        now: datetime,
        known: Mapping[str, Any],
    ) -> None:
        self.kind, self.account, self.person, self.now = kind, account, person, now
        zone = ZoneInfo(account.zone)
        super().__init__(
            data, initial={"at": now.astimezone(zone).replace(tzinfo=None), "key": uuid4().hex, **known}
        )
        people = _people(account)
        for field in sorted(kind.fields, key=lambda f: not always(f)):
            self.fields[field.name] = _control(field, people)
        # The form's own order: what is required first, then the moment, then the rest.
        required = [f.name for f in kind.fields if always(f)]
        self.order_fields([*required, "at"])

    def full_clean(self) -> None:
        """As any form, but times are read in the client's zone: it is the one in which they are shown."""
        with timezone.override(ZoneInfo(self.account.zone)):
            super().full_clean()

    def clean(self) -> dict[str, Any]:
        """The fields as the catalogue reads them; a JSON field that is not JSON is said beside it."""
        cleaned = dict(super().clean() or {})
        for field in self.kind.fields:
            value = cleaned.get(field.name)
            if field.type in _JSON and value:
                try:
                    cleaned[field.name] = json.loads(value)
                except ValueError:
                    self.add_error(
                        field.name,
                        _('Write it as JSON, for example [{"start": "2026-06-09T10:00:00+02:00"}].'),
                    )
            elif field.type == T.WORDS and value:
                cleaned[field.name] = [word.strip() for word in value.split(",") if word.strip()]
        return cleaned

    def save(self) -> StoredFact | None:
        """Append the fact; None, with the error beside its field, when the ledger does not take it."""
        zone = ZoneInfo(self.account.zone)
        values = {f.name: _plain(self.cleaned_data.get(f.name), zone) for f in self.kind.fields}
        at = self.cleaned_data["at"]
        try:
            return book.append(
                self.account, kind=self.kind.kind, at=min(at, self.now) if (at - self.now).total_seconds() < 60 else at,
                fields={name: value for name, value in values.items() if value not in (None, "", [])}, side=self.person.side,
                recorded_by=self.person.ref, recorded_at=self.now, source="portal" if self.person.side == Side.CLIENT else "ui",
                idempotency_key=f"form:{self.cleaned_data['key']}",
            )  # fmt: skip
        except book.Refusal as refusal:
            self.add_error(refusal.field if refusal.field in self.fields else None, say(refusal.said))
            return None


def _people(account: Account) -> list[tuple[str, str]]:
    contacts = [(c.ref, c.name) for c in Contact.objects.filter(account=account, active=True)]
    return contacts + [(s.ref, s.name) for s in Staff.objects.filter(active=True)]


def _control(field: Field, people: list[tuple[str, str]]) -> forms.Field:
    """The control of a field, by its type."""
    label, required = say(field.label), always(field)
    shared: dict[str, Any] = {"help_text": say(field.help) if field.help else ""}
    blank = [] if required else [("", "—")]
    match field.type:
        case T.CHOICE:
            return forms.ChoiceField(
                label=label,
                required=required,
                choices=blank + [(v, say(t)) for v, t in field.choices],
                **shared,
            )
        case T.LONG_TEXT:
            return forms.CharField(
                label=label, required=required, widget=forms.Textarea(attrs={"rows": 3}), **shared
            )
        case T.INTEGER:
            return forms.IntegerField(label=label, required=required, **shared)
        case T.DECIMAL:
            return forms.DecimalField(label=label, required=required, **shared)
        case T.BOOLEAN:
            return forms.NullBooleanField(label=label, required=False, **shared)
        case T.DATE:
            return forms.DateField(
                label=label,
                required=required,
                widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
                **shared,
            )
        case T.INSTANT:
            widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
            return forms.DateTimeField(label=label, required=required, widget=widget, **shared)
        case T.PERSON:
            return forms.ChoiceField(label=label, required=required, choices=blank + people, **shared)
        case T.PEOPLE:
            return forms.MultipleChoiceField(
                label=label,
                required=required,
                choices=people,
                widget=forms.SelectMultiple(attrs={"size": 4}),
                **shared,
            )
        case T.WORDS:
            return forms.CharField(
                label=label, required=required, help_text=_("Several: separate them with commas.")
            )
        case _ if field.type in _JSON:
            return forms.CharField(
                label=label,
                required=required,
                widget=forms.Textarea(attrs={"rows": 3}),
                help_text=_("As JSON."),
            )
    return forms.CharField(label=label, required=required, **shared)


def _plain(value: Any, zone: ZoneInfo) -> Any:
    """A cleaned value as a JSON value of the catalogue."""
    if isinstance(value, datetime):
        return value.isoformat()
    if hasattr(value, "isoformat"):
        return value.isoformat()
    if value.__class__.__name__ == "Decimal":
        return str(value)
    return value


def states_of(account: Account) -> dict[str, tuple[str, Any]]:
    """State and title of each promise: compared before and after an append, it says what the fact changed."""
    return {
        key: (state, title)
        for key, state, title in ProjectedObligation.objects.filter(account=account).values_list(
            "key", "state", "title"
        )
    }


def changed(
    before: Mapping[str, tuple[str, Any]], after: Mapping[str, tuple[str, Any]]
) -> list[tuple[Any, str, str]]:
    """Title, state before, state after, of every promise that a fact changed; "" before for a new one."""
    return [
        (title, before.get(key, ("", None))[0], state)
        for key, (state, title) in after.items()
        if before.get(key, ("", None))[0] != state
    ]
