"""Dates, hours and how far away they are, in words of the reader's language."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from jalon.wording.reading import local, local_day, this_year
from jalon.wording.typography import NARROW

_DAYS = {
    "fr": ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"],
    "en": ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
}
_DAYS_SHORT = {
    "fr": ["lun.", "mar.", "mer.", "jeu.", "ven.", "sam.", "dim."],
    "en": ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"],
}
_MONTHS = {
    "fr": [
        "janvier",
        "février",
        "mars",
        "avril",
        "mai",
        "juin",
        "juillet",
        "août",
        "septembre",
        "octobre",
        "novembre",
        "décembre",
    ],
    "en": [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
}
_MONTHS_SHORT = {
    "fr": ["janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc."],
    "en": ["Jan", "Feb", "Mar", "Apr", "May", "June", "July", "Aug", "Sept", "Oct", "Nov", "Dec"],
}


def _tongue(lang: str) -> str:
    return "fr" if lang.startswith("fr") else "en"


def month_name(day: date, lang: str, *, short: bool = False) -> str:
    """ "juin" or "June"; "juil." when short."""
    return (_MONTHS_SHORT if short else _MONTHS)[_tongue(lang)][day.month - 1]


def month(day: date, lang: str) -> str:
    """ "mai 2026", "May 2026": the year is always said, since a month alone is ambiguous."""
    return f"{month_name(day, lang)} {day.year}"


def weekday(number: int, lang: str) -> str:
    """ "lundi" or "Monday" for 0, and so on to Sunday, 6."""
    return _DAYS[_tongue(lang)][number]


def weekday_letter(day: date, lang: str) -> str:
    """The first letter of the day, for rows of squares."""
    return _DAYS[_tongue(lang)][day.weekday()][0]


def _number(day: date, lang: str) -> str:
    return "1er" if _tongue(lang) == "fr" and day.day == 1 else str(day.day)


def date_short(value: date | datetime, lang: str) -> str:
    """ "5 juin", "1er juin 2025": no day of the week, the year when it is not this year."""
    day = local_day(value)
    said = f"{_number(day, lang)} {month_name(day, lang)}"
    return said if this_year(day) else f"{said} {day.year}"


def day(value: date | datetime, lang: str) -> str:
    """ "ven. 5 juin", "Fri 5 June"."""
    civil = local_day(value)
    return f"{_DAYS_SHORT[_tongue(lang)][civil.weekday()]} {date_short(civil, lang)}"


def day_long(value: date | datetime, lang: str) -> str:
    """ "vendredi 5 juin", "Friday 5 June": the form of sentences and titles."""
    civil = local_day(value)
    return f"{_DAYS[_tongue(lang)][civil.weekday()]} {date_short(civil, lang)}"


def clock(value: datetime, lang: str) -> str:
    """ "9 h 12", "10 h" or "9:12", in the reader's zone."""
    here = local(value)
    if _tongue(lang) == "en":
        return f"{here.hour}:{here.minute:02d}"
    return f"{here.hour}{NARROW}h" + (f"{NARROW}{here.minute:02d}" if here.minute else "")


def moment(value: datetime, lang: str) -> str:
    """ "5 juin, 9 h 12", "5 June, 9:12"."""
    return f"{date_short(value, lang)}, {clock(value, lang)}"


def full(value: date | datetime, lang: str, zone: str = "") -> str:
    """Nothing left out, for hovering: "vendredi 5 juin 2026, 9 h 12 (Europe/Paris)"."""
    civil = local_day(value)
    said = f"{_DAYS[_tongue(lang)][civil.weekday()]} {_number(civil, lang)} {month_name(civil, lang)} {civil.year}"
    if not isinstance(value, datetime):
        return said
    return f"{said}, {clock(value, lang)} ({zone or local(value).tzname()})"


def last_day(due: datetime) -> date:
    """The civil day in which an exclusive due instant still counts: 00:00 of the 10th is said "the 9th"."""
    return local(due - timedelta(microseconds=1)).date()


def _length(span: timedelta, lang: str) -> str:
    minutes = int(span.total_seconds() // 60)
    if minutes < 60:
        return f"{minutes}{NARROW}min" if _tongue(lang) == "fr" else f"{minutes} min"
    hours, rest = divmod(minutes, 60)
    tail = (f"{NARROW}{rest:02d}" if _tongue(lang) == "fr" else f" {rest:02d}") if rest else ""
    return f"{hours}{NARROW}h{tail}" if _tongue(lang) == "fr" else f"{hours} h{tail}"


def _near(value: date | datetime, now: datetime) -> timedelta | None:
    """The distance in hours when both are instants less than a day apart and of one civil day; else None."""
    if not isinstance(value, datetime) or local_day(value) != local_day(now):
        return None
    return value - now


def away(value: date | datetime, now: datetime, lang: str) -> str:
    """How far: "dans 48 min", "aujourd’hui", "demain", "dans 2 jours", "hier", "il y a 3 jours"."""
    near = _near(value, now)
    if near is not None and abs(near) >= timedelta(minutes=1):
        said = _length(abs(near), lang)
        return (
            _("in %(length)s") % {"length": said}
            if near > timedelta(0)
            else _("%(length)s ago") % {"length": said}
        )
    if near is not None:
        return _("now")
    days = (local_day(value) - local_day(now)).days
    if days in (-1, 0, 1):
        return {-1: _("yesterday"), 0: _("today"), 1: _("tomorrow")}[days]
    if days > 0:
        return ngettext("in %(n)s day", "in %(n)s days", days) % {"n": days}
    return ngettext("%(n)s day ago", "%(n)s days ago", -days) % {"n": -days}


def since(value: date | datetime, now: datetime, lang: str) -> str:
    """How late: "depuis 1 h 52", "depuis hier", "depuis 3 jours". A promise due today is late since today."""
    near = _near(value, now)
    if near is not None:
        return _("for %(length)s") % {"length": _length(abs(near), lang)}
    days = (local_day(now) - local_day(value)).days
    if days <= 0:
        return _("since today")
    if days == 1:
        return _("since yesterday")
    return ngettext("for %(n)s day", "for %(n)s days", days) % {"n": days}


def span(first: date, last: date, lang: str) -> str:
    """ "1 – 7 juin", "29 juin – 5 juil.": a week or another short stretch."""
    if first.month == last.month:
        return f"{first.day} – {last.day} {month_name(last, lang, short=True)}"
    return (
        f"{first.day} {month_name(first, lang, short=True)} – {last.day} {month_name(last, lang, short=True)}"
    )
