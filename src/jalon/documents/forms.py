"""The editor's form: the CSM's words, and when the review was held."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from jalon.accounts.models import Account, Contact
from jalon.core.obligations import Side
from jalon.documents.review.model import Action, Words
from jalon.documents.shown import written_in

SPARE = 2
"""Empty rows for actions under those that are written."""
MOST_ACTIONS = 30


class WordsForm(forms.Form):
    """All optional but the meeting's time: a review can be sent without a word."""

    held_at = forms.DateTimeField(label=_("Held on"), widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
                                  input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"])  # fmt: skip
    attendees = forms.MultipleChoiceField(
        label=_("Present for the client"), required=False, widget=forms.CheckboxSelectMultiple
    )
    summary = forms.CharField(label=_("Summary"), required=False, widget=forms.Textarea(attrs={"rows": 4}),
                              help_text=_("Left empty, the three sentences drawn from the figures stand. One paragraph a line; **stars** make bold."))  # fmt: skip
    failed_provider = forms.CharField(label=_("What did not work on our side"), required=False, widget=forms.Textarea(attrs={"rows": 3}),
                                      help_text=_("What was late is listed already; say why, and what changes."))  # fmt: skip
    failed_client = forms.CharField(
        label=_("What did not work on their side"), required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    decisions = forms.CharField(
        label=_("Decisions"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One a line."),
    )
    topics = forms.CharField(label=_("Open topics"), required=False, widget=forms.Textarea(attrs={"rows": 2}))
    language = forms.ChoiceField(label=_("Written in"), choices=[("fr", "Français"), ("en", "English")])

    def __init__(self, account: Account, words: Words, data: Any = None) -> None:
        initial = {
            "held_at": written_in(words.held_at, account.zone), "attendees": list(words.attendees), "summary": words.summary,
            "failed_provider": words.failed_provider, "failed_client": words.failed_client, "decisions": "\n".join(words.decisions),
            "topics": words.topics, "language": words.language,
        }  # fmt: skip
        super().__init__(data, initial=initial)
        self.account, self.words = account, words
        names = list(Contact.objects.filter(account=account, active=True).values_list("name", flat=True))
        names += [name for name in words.attendees if name not in names]
        self.fields["attendees"].choices = [(name, name) for name in names]  # type: ignore[attr-defined]
        if not names:
            del self.fields["attendees"]

    def clean_held_at(self) -> datetime:
        """The instant, read in the client's zone."""
        typed: datetime = self.cleaned_data["held_at"]
        return typed.replace(tzinfo=ZoneInfo(self.account.zone))

    def said(self, actions: tuple[Action, ...]) -> Words:
        """The words that were typed. Call after is_valid()."""
        data = self.cleaned_data
        return Words(
            summary=data["summary"], failed_provider=data["failed_provider"], failed_client=data["failed_client"],
            decisions=tuple(line.strip() for line in data["decisions"].splitlines() if line.strip()), topics=data["topics"],
            actions=actions, held_at=data["held_at"], attendees=tuple(data.get("attendees", ())), staff=self.words.staff,
            language=data["language"],
        )  # fmt: skip


class ActionForm(forms.Form):
    """One action agreed; a row without a text is no action."""

    side = forms.ChoiceField(
        label=_("Side"),
        required=False,
        choices=[("provider", _("We")), ("client", pgettext_lazy("the client", "They"))],
    )
    what = forms.CharField(label=_("Action"), required=False, max_length=300)
    owner = forms.CharField(label=_("Owner"), required=False, max_length=80)
    due = forms.DateField(
        label=pgettext_lazy("column", "By"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    objective = forms.CharField(label=_("Objective"), required=False, max_length=40)


ActionSet = forms.formset_factory(ActionForm, extra=SPARE, max_num=MOST_ACTIONS)


def action_set(words: Words, data: Any = None) -> Any:
    """The rows of actions, with two empty ones."""
    initial = [
        {"side": a.side.value, "what": a.what, "owner": a.owner, "due": a.due, "objective": a.objective}
        for a in words.actions
    ]
    return ActionSet(data, initial=initial, prefix="actions")


def actions_of(rows: Any) -> tuple[Action, ...]:
    """The actions that were typed. Call after is_valid()."""
    return tuple(
        Action(
            Side(row.get("side") or "provider"),
            row["what"].strip(),
            row.get("owner") or "",
            row.get("due"),
            row.get("objective") or "",
        )
        for row in rows.cleaned_data
        if row.get("what", "").strip()
    )
