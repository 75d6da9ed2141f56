"""A form for any kind of fact, made from its schema: the fewest fields, filled from what is known, nothing typed is lost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from django import forms
from django.forms.utils import ErrorDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jalon.accounts.access import Person
from jalon.accounts.models import Account, Contact, Staff
from jalon.core.facts.catalogue import KINDS
from jalon.core.facts.completeness import ROWS, always, empty, lacking
from jalon.core.facts.model import Fact, FactKind, Field
from jalon.core.facts.model import FieldType as T
from jalon.core.facts.values import Refusal as ValueRefusal
from jalon.core.facts.values import instant, kept
from jalon.core.obligations import Side
from jalon.core.text import _ as text
from jalon.ledger import book, references
from jalon.ledger.models import ProjectedObligation, StoredFact
from jalon.ledger.rows import RowsField, RowsWidget
from jalon.wording import say

_ROWS = frozenset(ROWS)
_DEFAULTS: Mapping[str, Any] = {"public": True, "complete": True, "currency": "EUR"}
"""What is nearly always so; the form shows it and lets it be changed."""
_YES = frozenset({"true", "yes", "oui", "1"})


class FactForm(forms.Form):
    """The fields of one kind, and when it happened: what is needed and usual first, the rest folded."""

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
        defaults = {name: value for name, value in _DEFAULTS.items() if kind.field(name)}
        moment = {"at": now.astimezone(zone).replace(tzinfo=None), "key": uuid4().hex}
        fresh = references.fresh(account, kind) if data is None else {}
        super().__init__(data, initial=moment | defaults | fresh | dict(known))
        people = _people(account)
        exists = references.choices(account, kind, dict(people.everybody), person.side.value)
        self.target = self._target()
        for field in kind.fields:
            self.fields[field.name] = self._control(field, people, exists.get(field.name))
        self.fields["at"].help_text = _("Local time of %(zone)s.") % {"zone": account.zone}
        self._row_asked()

    def _control(self, field: Field, people: People, exists: list[tuple[str, str]] | None) -> forms.Field:
        if field.type in _ROWS:
            columns = _correctable(self.target) if field.name == "set" else ROWS[field.type]
            return RowsField(
                label=say(field.label), required=always(field), widget=RowsWidget(columns, people.of)
            )
        if exists:
            given = str(self.initial.get(field.name) or "")
            more = [(given, given)] if given and given not in dict(exists) else []
            return forms.ChoiceField(
                label=say(field.label), required=always(field), choices=[("", "—"), *more, *exists]
            )
        return _control(field, people)

    def _target(self) -> Fact | None:
        """The fact that this one corrects, retracts or confirms, once it is known."""
        wanted = (self.data.get("target") if self.is_bound else self.initial.get("target")) or ""
        if not self.kind.field("target") or not wanted:
            return None
        row = StoredFact.objects.filter(
            account=self.account, fact_id=wanted, visibility__in=["both", self.person.side.value]
        ).first()
        return book.decode(row) if row else None

    def _row_asked(self) -> None:
        """A button of a list of rows was pressed: one row more or less, and nothing is judged yet."""
        more, less = (str(self.data.get(name) or "") if self.is_bound else "" for name in ("more", "less"))
        self.unjudged = bool(more or less)
        if not self.unjudged:
            return
        name, _colon, number = less.partition(":")
        if more in self.fields and isinstance(widget := self.fields[more].widget, RowsWidget):
            widget.spare = 2
        if name in self.fields and isinstance(widget := self.fields[name].widget, RowsWidget):
            widget.dropped = int(number) if number.isdigit() else None
        self._errors, self.cleaned_data = ErrorDict(), {}

    @property
    def usual(self) -> list[forms.BoundField]:
        """What is needed, when it happened, what the rest may make needed, and what is already filled."""
        needed = [f.name for f in self.kind.fields if always(f)]
        maybe = [f.name for f in self.kind.fields if f.name not in needed and self._is_usual(f)]
        return [self[name] for name in (*needed, "at", *maybe, "key")]

    @property
    def folded(self) -> list[forms.BoundField]:
        """What is rarely given."""
        shown = {bound.name for bound in self.usual}
        return [self[name] for name in self.fields if name not in shown]

    @property
    def unfold(self) -> bool:
        """Whether something folded was typed, or is to be mended."""
        return any(bound.errors or (self.is_bound and bound.value()) for bound in self.folded)

    def _is_usual(self, field: Field) -> bool:
        return field.when is not None or self.initial.get(field.name) not in (None, "", [])

    def full_clean(self) -> None:
        """As any form, but times are read in the client's zone: it is the one in which they are shown."""
        with timezone.override(ZoneInfo(self.account.zone)):
            super().full_clean()

    def clean(self) -> dict[str, Any]:
        """The fields as the catalogue reads them; what the clause needs and is missing is said beside its field."""
        cleaned = dict(super().clean() or {})
        for field in self.kind.fields:
            value = cleaned.get(field.name)
            if field.name == "set" and value:
                cleaned["set"] = self._corrections(value)
            elif field.type == T.MAPPING and value:
                cleaned[field.name] = {row.get("key", ""): row.get("value", "") for row in value}
            elif field.type in (T.WORDS, T.DAYS) and value:
                cleaned[field.name] = [word.strip() for word in value.split(",") if word.strip()]
        self.cleaned_data = cleaned
        for name, said in lacking(self.kind, self.values()):
            if name not in self.errors:
                self.add_error(name, say(said))
        return cleaned

    def _corrections(self, rows: list[dict[str, str]]) -> dict[str, Any]:
        """What a correction sets, read as the fields of the fact that it corrects."""
        found: dict[str, Any] = {}
        for row in rows:
            name, written = row.get("key", ""), row.get("value", "")
            field = KINDS[self.target.kind].field(name) if self.target else None
            try:
                if name == "at":
                    found[name] = instant(written, self.account.zone).isoformat()
                elif field is not None:
                    found[name] = kept(field, _typed(field, written), self.account.zone)
                else:
                    self.add_error("set", _("Choose which field is corrected."))
            except ValueRefusal as refusal:
                self.add_error("set", say(refusal.said))
        return found

    def values(self) -> dict[str, Any]:
        """What was given, as JSON values of the catalogue."""
        found = {f.name: _plain(self.cleaned_data.get(f.name)) for f in self.kind.fields}
        return {name: value for name, value in found.items() if not empty(value)}

    def save(self) -> StoredFact | None:
        """Append the fact; None, with the error beside its field, when the ledger does not take it."""
        at, fields = self.cleaned_data["at"], self.values()
        if self.kind.field("sequence") and "sequence" not in fields:
            fields["sequence"] = _revision(self.account, str(fields.get("uid") or ""))
        try:
            return book.append(
                self.account, kind=self.kind.kind, at=min(at, self.now) if (at - self.now).total_seconds() < 60 else at,
                fields=fields, side=self.person.side,
                recorded_by=self.person.ref, recorded_at=self.now, source="portal" if self.person.side == Side.CLIENT else "ui",
                idempotency_key=f"form:{self.cleaned_data['key']}",
            )  # fmt: skip
        except book.Refusal as refusal:
            self.add_error(refusal.field if refusal.field in self.fields else None, say(refusal.said))
            return None


def _correctable(target: Fact | None) -> tuple[Field, Field]:
    """The columns of a correction: which field of the fact, and its new value."""
    key, value = ROWS[T.MAPPING]
    if target is None:
        return key, value
    named = tuple((field.name, field.label) for field in KINDS[target.kind].fields)
    return replace(key, choices=(("at", text("When it happened")), *named)), value


def _typed(field: Field, written: str) -> Any:
    """What a person typed for a field, as the catalogue reads it."""
    if field.type in (T.WORDS, T.DAYS, T.PEOPLE):
        return [word.strip() for word in written.split(",") if word.strip()]
    if field.type == T.BOOLEAN:
        return written.lower() in _YES
    return written.replace(",", ".") if field.type == T.DECIMAL else written


def _revision(account: Account, uid: str) -> int:
    """The next revision of an appointment (RFC 5546: it only goes up)."""
    known = [
        int(fact.get("sequence") or 0)
        for fact in book.facts_of_kind(
            account, "appointment.confirmed", "appointment.moved", "appointment.cancelled"
        )
        if fact.get("uid") == uid
    ]
    return max(known) + 1 if known else 0


@dataclass(frozen=True)
class People:
    """Who may be named, as (ref, name): the client's people and the vendor's."""

    client: list[tuple[str, str]]
    provider: list[tuple[str, str]]

    @property
    def everybody(self) -> list[tuple[str, str]]:
        """Both sides, the client's first."""
        return self.client + self.provider

    def of(self, field: Field) -> list[tuple[str, str]]:
        """Those whom this field may name."""
        if field.whose is None:
            return self.everybody
        return self.client if field.whose == Side.CLIENT else self.provider


def _people(account: Account) -> People:
    contacts = [(c.ref, c.name) for c in Contact.objects.filter(account=account, active=True)]
    return People(contacts, [(s.ref, s.name) for s in Staff.objects.filter(active=True)])


def _control(field: Field, people: People) -> forms.Field:
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
            return forms.ChoiceField(
                label=label, required=required, choices=blank + people.of(field), **shared
            )
        case T.PEOPLE:
            return forms.MultipleChoiceField(
                label=label,
                required=required,
                choices=people.of(field),
                widget=forms.SelectMultiple(attrs={"size": 4}),
                **shared,
            )
        case T.WORDS | T.DAYS:
            return forms.CharField(
                label=label, required=required, help_text=_("Several: separate them with commas.")
            )
    return forms.CharField(label=label, required=required, **shared)


def _plain(value: Any) -> Any:
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


@dataclass(frozen=True)
class Change:
    """A promise that a fact changed: `before` is "" for a new one."""

    key: str
    title: Any
    before: str
    after: str


def changed(before: Mapping[str, tuple[str, Any]], after: Mapping[str, tuple[str, Any]]) -> list[Change]:
    """Every promise that a fact changed, by key."""
    return [
        Change(key, title, before.get(key, ("", None))[0], state)
        for key, (state, title) in after.items()
        if before.get(key, ("", None))[0] != state
    ]
