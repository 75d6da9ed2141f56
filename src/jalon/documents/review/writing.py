"""Small writings of a review: figures, dates for a cell, capitals, stresses."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from jalon.core.obligations import Side
from jalon.core.text import _
from jalon.documents.review.model import Action
from jalon.wording import dates, numbers, say
from jalon.wording.reading import local_day, this_year


def runs(sentence: str) -> list[dict[str, Any]]:
    """A sentence cut at its **stresses**."""
    parts = re.split(r"\*\*", sentence)
    return [{"text": part, "bold": bool(k % 2)} for k, part in enumerate(parts) if part]


def value(amount: Decimal | None, form: str, lang: str) -> str:
    """A figure as it is written: a number, or a share; a dash where it is not known."""
    if amount is None:
        return "–"
    return (
        numbers.share(amount, lang)
        if form == "share"
        else numbers.number(amount.normalize() if amount % 1 else amount.quantize(Decimal(1)), lang)
    )


def full(day: date | None, lang: str) -> str:
    """ "28 octobre 2026": no weekday, always the year."""
    if day is None:
        return ""
    number = "1er" if lang == "fr" and day.day == 1 else str(day.day)
    return f"{number} {dates.month_name(day, lang)} {day.year}"


def brief(value: date | datetime, lang: str) -> str:
    """ "5 oct.": a date for a cell, unbroken; the year where it is not the review's."""
    day = local_day(value)
    number = "1er" if lang == "fr" and day.day == 1 else str(day.day)
    said = f"{number}\u00a0{dates.month_name(day, lang, short=True)}"
    return said if this_year(day) else f"{said}\u00a0{day.year}"


def elides(name: str) -> bool:
    """Whether French cuts "de" before this month: « d’avril », « d’août », « d’octobre »."""
    return name[:1].lower() in "ao"


def upper(text: str) -> str:
    """With a capital."""
    return text[:1].upper() + text[1:]


def lower(text: str) -> str:
    """Without its capital, unless it is an acronym."""
    return text[:1].lower() + text[1:] if text[1:2].islower() else text


def action_line(action: Action, companies: Mapping[Side, str], lang: str) -> str:
    """An agreed action as the ledger keeps it, a line in words: "Nommer un référent (Inès, pour le 5 juin 2026)".

    Whose it is where nobody is named: the company. `lang` is the language of the minutes.
    """
    due = say(_("by %(day)s", day=full(action.due, lang)), lang) if action.due else ""
    serves = say(_("for the objective %(name)s", name=action.objective), lang) if action.objective else ""
    aside = ", ".join(part for part in (action.owner or companies[action.side], due, serves) if part)
    return f"{action.what} ({aside})" if aside else action.what
