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
SETS = ("none", "FR-metropole", "FR-alsace-moselle")
"""The holiday sets that an agreement may name. FR-metropole: C. trav. L3133-1; FR-alsace-moselle adds L3134-13."""


@lru_cache(maxsize=512)
def holidays(named: str, year: int, good_friday: bool = False) -> Mapping[date, Bilingual]:
    """The holidays of `year` in a named set. `good_friday` counts in Alsace-Moselle communes that keep it (L3134-13).

    ValueError for an unknown set.
    """
    if named not in SETS:
        raise ValueError(f"“{named}” is not a holiday set: write one of {', '.join(SETS)}")
    if named == "none":
        return {}
    found = {date(year, month, day): name for month, day, name in _FIXED}
    sunday = easter(year)
    found |= {sunday + timedelta(days=after): name for after, name in _FROM_EASTER}
    if named == "FR-alsace-moselle":
        found[date(year, 12, 26)] = Bilingual("Saint-Étienne", "St Stephen’s Day")
        if good_friday:
            found[sunday - timedelta(days=2)] = Bilingual("Vendredi saint", "Good Friday")
    return found
