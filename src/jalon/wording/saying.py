"""Say any value of a sentence in the reader's language."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from jalon.core.money.amount import Money
from jalon.core.obligations import State
from jalon.core.text import Bilingual, Text
from jalon.core.timekeeping.terms import Term
from jalon.wording import dates, numbers, states
from jalon.wording.typography import typeset


def say(value: Any, lang: str | None = None) -> str:
    """`value` in words: a Text, a packed Text, a date, an amount, a term, a state, a list. None says nothing.

    `lang` is "fr" or "en"; the active language where it is not given.
    """
    if lang is None or lang == translation.get_language():
        return _said(value, (translation.get_language() or "fr")[:2])
    with translation.override(lang):
        return _said(value, lang[:2])


def _said(value: Any, lang: str) -> str:
    match value:
        case None:
            return ""
        case State():
            return states.label(value)
        case str():
            return str(value)
        case Text():
            return _sentence(value, lang)
        case Bilingual():
            return typeset(value.said(lang), lang)
        case bool():
            return _("yes") if value else _("no")
        case int() | Decimal() | float():
            return numbers.number(value, lang)
        case datetime():
            return dates.moment(value, lang)
        case date():
            return dates.day_long(value, lang)
        case Money():
            return numbers.money(value, lang)
        case Term():
            return term(value)
        case tuple() | list():
            return listed([_said(part, lang) for part in value])
        case dict():
            from jalon.wording.packing import unpack

            return _said(unpack(value), lang)
    return str(value)


def _sentence(text: Text, lang: str) -> str:
    if not text.msgid:
        return ""
    if text.plural:
        count = text.count or 0
        said = (
            translation.npgettext(text.context, text.msgid, text.plural, count)
            if text.context
            else translation.ngettext(text.msgid, text.plural, count)
        )
    else:
        said = (
            translation.pgettext(text.context, text.msgid)
            if text.context
            else translation.gettext(text.msgid)
        )
    if not text.values and "%" not in said:
        return said
    return said % {name: _said(part, lang) for name, part in text.values.items()}


def term(value: Term) -> str:
    """ "5 jours ouvrés", "9 working hours", in the active language."""
    count = value.count
    said = {
        "years": ngettext("%(n)s year", "%(n)s years", count),
        "months": ngettext("%(n)s month", "%(n)s months", count),
        "days": ngettext("%(n)s day", "%(n)s days", count),
        "business_days": ngettext("%(n)s business day", "%(n)s business days", count),
        "working_hours": ngettext("%(n)s working hour", "%(n)s working hours", count),
        "hours": ngettext("%(n)s hour", "%(n)s hours", count),
    }[value.unit]
    return said % {"n": count}


def listed(parts: Sequence[str]) -> str:
    """ "a, b et c", in the active language."""
    if len(parts) < 2:
        return parts[0] if parts else ""
    return _("%(first)s and %(last)s") % {"first": ", ".join(parts[:-1]), "last": parts[-1]}
