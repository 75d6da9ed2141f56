"""Simulated use of the product, seeded. Its shape follows real sets; `docs/demo.md` says which figures come from where."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random

from jalon.core.timekeeping.calendars import Calendar, days_between

FEATURES = {
    "fr": (
        "Carte des flux",
        "Étude d’implantation",
        "Suivi hebdomadaire",
        "Rapport de potentiel",
        "Export",
        "Comparaison",
        "Alertes",
        "Zones de chalandise",
    ),
    "en": (
        "Flow map",
        "Site study",
        "Weekly tracking",
        "Potential report",
        "Export",
        "Comparison",
        "Alerts",
        "Catchment areas",
    ),
}
"""The product's features by language of the client, the most used first."""
WEEKEND = 0.076  # share of events at week-ends, local time (usage_nova)
NEVER = (
    0.17  # seats of people who never come (usage_oulad: 377 of 2,620 over both courses, 17 % in the larger)
)
LATE = 0.005  # events that reach the store days after they happened: a product's connector, far under usage_nova's commits
REPEATED = 0.01  # events sent twice by a client that lost the answer
FADING = 0.25  # clients whose use slowly fades after a few months


@dataclass(frozen=True)
class Use:
    """How one client uses the product: its seats, from the first day to the last; the days whose events came late, and when."""

    ref: str
    seats: int
    first: date
    last: date
    calendar: Calendar
    outage: tuple[date, date] | None = None
    came: datetime | None = None
    features: tuple[str, ...] = FEATURES["fr"]


def events(use: Use, rng: Random) -> Iterator[tuple[object, ...]]:
    """Rows of the store for one client: growth after the launch, a weekly rhythm, holidays, people who never come, late and repeated events.

    Every row carries when it was received.
    """
    people = [f"{use.ref}-u{n}" for n in range(1, round(use.seats * (1 - NEVER)) + 1)]
    weight = {one: rng.paretovariate(1.4) for one in people}
    arrival = {one: use.first + timedelta(days=int(rng.expovariate(1 / 70))) for one in people}
    fades = rng.random() < FADING
    # Where use fades, people leave one after the other from the third month on.
    leaves = (
        {one: use.first + timedelta(days=80 + int(rng.expovariate(1 / 180))) for one in people}
        if fades
        else {}
    )
    number = 0
    for day in days_between(use.first, use.last):
        for person in people:
            if not arrival[person] <= day < leaves.get(person, date.max) or rng.random() > _chance(
                day, use.calendar, weight[person]
            ):
                continue
            for _k in range(1 + min(int(rng.expovariate(0.35)), 20)):
                number += 1
                yield from _event(use, person, number, day, rng)


def _chance(day: date, calendar: Calendar, weight: float) -> float:
    """How likely a person comes on a day."""
    chance = 0.16 * min(weight, 4)
    if day.weekday() >= 5:
        chance *= WEEKEND * 2.5
    elif calendar.skipped(day):
        chance *= 0.1
    elif day.month == 8:
        chance *= 0.35
    return chance


def _event(use: Use, person: str, number: int, day: date, rng: Random) -> Iterator[tuple[object, ...]]:
    # Two features are born later: the eighth and the seventh appear two and four months after the launch.
    born = 6 + ((day - use.first).days > 60) + ((day - use.first).days > 120)
    feature = use.features[min(int(rng.expovariate(0.55)), born - 1)]
    at = datetime.combine(
        day, time(7 + min(int(rng.gauss(4, 2.4)) % 12, 11), rng.randrange(60), rng.randrange(60)), UTC
    )
    received = at + (
        timedelta(days=rng.randint(1, 3)) if rng.random() < LATE else timedelta(seconds=rng.randint(1, 90))
    )
    if use.outage and use.came and use.outage[0] <= day <= use.outage[1] and _number(person) % 3 == 0:
        received = use.came.astimezone(UTC)
    row = (
        "demo",
        f"{use.ref}-{number}",
        use.ref,
        "person",
        person,
        feature,
        f"{person}-{day:%Y%m%d}",
        at.replace(tzinfo=None),
        received.replace(tzinfo=None),
        1,
    )
    yield row
    if rng.random() < REPEATED:
        yield row


def _number(person: str) -> int:
    # A third of the people use the phones that were cut off.
    return int(person.rpartition("-u")[2])
