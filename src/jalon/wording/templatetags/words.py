"""Filters that say values in templates; loaded in all of them."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django import template
from django.utils.translation import get_language

from jalon.core.money.amount import Money
from jalon.core.obligations import State
from jalon.core.timekeeping.civil import day_of
from jalon.wording import dates, numbers, saying, states, typography

register = template.Library()


def _lang() -> str:
    return (get_language() or "fr")[:2]


register.filter("say", saying.say)


@register.filter
def typo(text: str) -> str:
    """French typography for a text that comes from data."""
    return typography.typeset(str(text), _lang())


@register.filter
def day(value: date | datetime | None) -> str:
    """ven. 5 juin."""
    return dates.day(value, _lang()) if value else ""


@register.filter
def day_long(value: date | datetime | None) -> str:
    """vendredi 5 juin."""
    return dates.day_long(value, _lang()) if value else ""


@register.filter
def written_day(value: Any) -> str:
    """The day that a field of a fact writes (ISO 8601), with its year where that is not this one; what is no day stays as it is."""
    try:
        return dates.date_short(day_of(value), _lang())
    except ValueError:
        return str(value or "")


@register.filter
def date_short(value: date | datetime | None) -> str:
    """5 juin."""
    return dates.date_short(value, _lang()) if value else ""


@register.filter
def month(value: date | None) -> str:
    """mai 2026."""
    return dates.month(value, _lang()) if value else ""


@register.filter
def moment(value: datetime | None) -> str:
    """5 juin, 9 h 12."""
    return dates.moment(value, _lang()) if value else ""


@register.filter
def day_or_moment(value: date | datetime | None) -> str:
    """5 juin for a day; 5 juin, 9 h 12 for an instant."""
    if not value:
        return ""
    return dates.moment(value, _lang()) if isinstance(value, datetime) else dates.date_short(value, _lang())


@register.filter
def clock(value: datetime | None) -> str:
    """9 h 12."""
    return dates.clock(value, _lang()) if value else ""


@register.filter
def full_date(value: date | datetime | None, zone: str = "") -> str:
    """vendredi 5 juin 2026, 9 h 12 (CEST): what hovering shows."""
    return dates.full(value, _lang(), zone) if value else ""


@register.filter
def away(value: date | datetime | None, now: datetime) -> str:
    """dans 2 jours; il y a 3 jours."""
    return dates.away(value, now, _lang()) if value else ""


@register.filter
def since(value: date | datetime | None, now: datetime) -> str:
    """depuis 3 jours."""
    return dates.since(value, now, _lang()) if value else ""


@register.filter
def money(value: Money | Decimal | None, currency: str = "EUR") -> str:
    """3 600,00 €. A bare amount takes the currency given."""
    if value is None:
        return ""
    amount = value if isinstance(value, Money) else Money(Decimal(value), currency)
    return numbers.money(amount, _lang())


@register.filter
def number(value: Any, decimals: int | None = None) -> str:
    """1234567 gives 1 234 567."""
    return numbers.number(value, _lang(), decimals) if value is not None else ""


@register.filter
def share(value: Any) -> str:
    """0.93 gives 93 %."""
    return numbers.share(value, _lang()) if value is not None else ""


@register.filter
def state_word(state: State | str) -> str:
    """tenue, en retard: the word of a promise's state."""
    return states.label(state) if state else ""


@register.filter
def initials(name: str) -> str:
    """CM for Camille Moreau."""
    parts = [part for part in str(name).replace("-", " ").split() if part[:1].isalpha()]
    return "".join(part[0] for part in (parts[:1] + parts[-1:] if len(parts) > 1 else parts)).upper()


@register.filter
def week_span(monday: date) -> str:
    """1 – 7 juin."""
    return dates.span(monday, monday + timedelta(days=6), _lang())
