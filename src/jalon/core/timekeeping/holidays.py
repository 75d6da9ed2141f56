"""Public holidays by statute: computed, not looked up, so that no library update moves a due date."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from functools import lru_cache

from dateutil.easter import easter

from jalon.core.text import Bilingual

_FIXED = (
    (1, 1, Bilingual("jour de l’An", "New Year’s Day")),
    (5, 1, Bilingual("fête du Travail", "Labour Day")),
    (5, 8, Bilingual("victoire de 1945", "Victory Day")),
    (7, 14, Bilingual("fête nationale", "Bastille Day")),
    (8, 15, Bilingual("Assomption", "Assumption Day")),
    (11, 1, Bilingual("Toussaint", "All Saints’ Day")),
    (11, 11, Bilingual("armistice de 1918", "Armistice Day")),
    (12, 25, Bilingual("Noël", "Christmas Day")),
)
_FROM_EASTER = (
    (1, Bilingual("lundi de Pâques", "Easter Monday")),
    (39, Bilingual("Ascension", "Ascension Day")),
    (50, Bilingual("lundi de Pentecôte", "Whit Monday")),
)
SETS = ("none", "FR-metropole", "FR-alsace-moselle", "GB-england")
"""The holiday sets that an agreement may name. FR-metropole: C. trav. L3133-1; FR-alsace-moselle adds L3134-13; GB-england:
Banking and Financial Dealings Act 1971, with the days that proclamations moved or added."""
_MAY_DAY_MOVED = {2020: date(2020, 5, 8)}  # 75 years of Victory in Europe
_SPRING_MOVED = {2022: date(2022, 6, 2)}
_PROCLAIMED = {
    date(2022, 6, 3): Bilingual("jubilé de platine", "Platinum Jubilee"),
    date(2022, 9, 19): Bilingual("funérailles de la reine", "State Funeral of the Queen"),
    date(2023, 5, 8): Bilingual("couronnement du roi", "Coronation of the King"),
}


@lru_cache(maxsize=512)
def holidays(named: str, year: int, good_friday: bool = False) -> Mapping[date, Bilingual]:
    """The holidays of `year` in a named set. `good_friday` counts in Alsace-Moselle communes that keep it (L3134-13).

    ValueError for an unknown set.
    """
    if named not in SETS:
        raise ValueError(f"“{named}” is not a holiday set: write one of {', '.join(SETS)}")
    if named == "none":
        return {}
    if named == "GB-england":
        return _england(year)
    found = {date(year, month, day): name for month, day, name in _FIXED}
    sunday = easter(year)
    found |= {sunday + timedelta(days=after): name for after, name in _FROM_EASTER}
    if named == "FR-alsace-moselle":
        found[date(year, 12, 26)] = Bilingual("Saint-Étienne", "St Stephen’s Day")
        if good_friday:
            found[sunday - timedelta(days=2)] = Bilingual("Vendredi saint", "Good Friday")
    return found


def _england(year: int) -> Mapping[date, Bilingual]:
    sunday = easter(year)
    found = {
        _weekday_after(date(year, 1, 1), set()): Bilingual("jour de l’An", "New Year’s Day"),
        sunday - timedelta(days=2): Bilingual("Vendredi saint", "Good Friday"),
        sunday + timedelta(days=1): Bilingual("lundi de Pâques", "Easter Monday"),
        _MAY_DAY_MOVED.get(year, _monday(date(year, 5, 1))): Bilingual(
            "1er lundi de mai", "Early May bank holiday"
        ),
        _SPRING_MOVED.get(year, _monday(date(year, 5, 25))): Bilingual(
            "dernier lundi de mai", "Spring bank holiday"
        ),
        _monday(date(year, 8, 25)): Bilingual("dernier lundi d’août", "Summer bank holiday"),
    }
    # Christmas and Boxing Day keep their dates, or take the first working day that is left.
    days = {
        date(year, 12, 25): Bilingual("Noël", "Christmas Day"),
        date(year, 12, 26): Bilingual("lendemain de Noël", "Boxing Day"),
    }
    for day in sorted(days, key=lambda one: (one.weekday() >= 5, one)):
        found[_weekday_after(day, set(found))] = days[day]
    return found | {day: name for day, name in _PROCLAIMED.items() if day.year == year}


def _monday(first: date) -> date:
    """The first Monday on or after `first`."""
    return first + timedelta(days=-first.weekday() % 7)


def _weekday_after(day: date, taken: set[date]) -> date:
    while day.weekday() >= 5 or day in taken:
        day += timedelta(days=1)
    return day
