"""Published rates: of late interest by half-year (C. com. L441-10 II), of exchange on a day."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from typing import TYPE_CHECKING

from jalon.core.money.amount import exactly
from jalon.core.timekeeping.civil import day_of

if TYPE_CHECKING:
    from jalon.core.facts.model import Fact
    from jalon.core.norms.world import World

EURO = "EUR"
_PAIR = re.compile(r"(?:^|[^A-Z])(?:(?P<base>[A-Z]{3})[^A-Z]*)?(?P<quote>[A-Z]{3})$")
_PUBLISHERS = ("MRO", "ECB", "BCE", "FED")
_REFERENCE = re.compile(r"refi|mro|ecb|bce", re.IGNORECASE)
_FORMULA = re.compile(r"ecb_refi_plus_(\d+(?:\.\d+)?)")
_FLOOR = re.compile(r"(\d+)x_legal_rate")


@dataclass(frozen=True)
class Quote:
    """An exchange rate as published: `value` units of `currency` for one euro, from `since` on."""

    currency: str
    since: date
    value: Fraction
    fact: str


@dataclass(frozen=True)
class Rates:
    """What was published by the day of the question. Late rates are in percent a year, by the day from which they hold."""

    reference: Mapping[date, Fraction] = field(default_factory=dict)  # ECB refinancing rate
    legal: Mapping[date, Fraction] = field(default_factory=dict)  # legal interest rate
    agreed: Mapping[date, Fraction] = field(default_factory=dict)  # a late rate published as such
    quotes: tuple[Quote, ...] = ()
    points: Fraction | None = None  # added to the reference rate
    times_legal: Fraction = Fraction(0)  # the floor: so many times the legal rate
    fixed: Fraction | None = None  # a rate that the agreement writes itself

    def late_on(self, day: date) -> Fraction | None:
        """The late rate of `day` in percent a year; None where it is not known."""
        if self.fixed is not None:
            return self._floored(self.fixed, day)
        if (agreed := _held(self.agreed, day)) is not None:
            return self._floored(agreed, day)
        reference = _held(self.reference, day)
        if reference is None or self.points is None:
            return None
        return self._floored(reference + self.points, day)

    def _floored(self, rate: Fraction, day: date) -> Fraction:
        legal = _held(self.legal, day)
        return max(rate, self.times_legal * legal) if legal is not None else rate

    def spans(self, first: date, last: date) -> Iterator[tuple[date, date, Fraction | None]]:
        """[first, last] cut where the rate may change, with the rate of each part."""
        changes = sorted(
            {start for year in range(first.year, last.year + 1) for start in (date(year, 1, 1), date(year, 7, 1))}
            | {*self.reference, *self.legal, *self.agreed}
        )  # fmt: skip
        start = first
        for change in (*(day for day in changes if first < day <= last), last + timedelta(days=1)):
            yield start, change - timedelta(days=1), self.late_on(start)
            start = change

    def quote(self, currency: str, day: date) -> Quote | None:
        """The last quote of `currency` published by `day`; None where there is none."""
        known = [one for one in self.quotes if one.currency == currency and one.since <= day]
        return max(known, key=lambda one: one.since) if known else None

    def factor(self, source: str, target: str, day: date) -> tuple[Fraction, tuple[Quote, ...]] | None:
        """How many units of `target` one unit of `source` is worth on `day`, with the quotes used; None where one is missing."""
        if source == target:
            return Fraction(1), ()
        worth, used = Fraction(1), []
        for currency, power in ((source, -1), (target, 1)):
            if currency == EURO:
                continue
            quote = self.quote(currency, day)
            if quote is None or not quote.value:
                return None
            worth *= quote.value**power
            used.append(quote)
        return worth, tuple(used)


def _held(rates: Mapping[date, Fraction], day: date) -> Fraction | None:
    """The rate in force on 1 January or 1 July before `day`; else one first published within the half-year."""
    half = date(day.year, 1 if day.month <= 6 else 7, 1)
    known = [since for since in rates if since <= half] or [since for since in rates if since <= day]
    return rates[max(known)] if known else None


def published(world: World) -> Rates:
    """The rates that the facts publish, read as the agreement says: `payment.late_rate` and its floor."""
    late = world.agreement.parameters.get("payment.late_rate")
    written = str(late.value) if late else ""
    formula = _FORMULA.fullmatch(written)
    floor = _FLOOR.fullmatch(str((late.extra or {}).get("floor", ""))) if late else None
    found: dict[str, dict[date, Fraction]] = {"reference": {}, "legal": {}, "agreed": {}}
    quotes = []
    for fact in world.of("rate.published"):
        since = day_of(fact.get("valid_from") or world.day(fact.at).isoformat())
        value = exactly(fact.get("value"))
        # What its words call a late or a legal rate is one, though “taux légal” ends in three capitals as a currency would.
        kind = _kind(str(fact.get("series", "")))
        quote = _quote(fact, since, value) if kind in (None, "reference") else None
        if quote:
            quotes.append(quote)
        elif kind:
            found[kind][since] = value
    return Rates(
        **found,
        quotes=tuple(quotes),
        points=Fraction(formula[1]) if formula else None,
        times_legal=Fraction(floor[1]) if floor else Fraction(0),
        fixed=_number(written),
    )


def _kind(series: str) -> str | None:
    lowered = series.lower()
    if "late" in lowered or "retard" in lowered:
        return "agreed"
    if "legal" in lowered or "légal" in lowered:
        return "legal"
    return "reference" if _REFERENCE.search(series) else None


def _quote(fact: Fact, since: date, value: Fraction) -> Quote | None:
    """EUR/CHF, EURCHF, ECB-CHF: francs for one euro; CHF/EUR: euros for one franc, turned over."""
    pair = _PAIR.search(str(fact.get("series", "")).upper())
    if not pair or pair["quote"] in _PUBLISHERS:
        return None
    if pair["quote"] == EURO and pair["base"]:
        return Quote(pair["base"], since, 1 / value, fact.id) if value else None
    return Quote(pair["quote"], since, value, fact.id)


def _number(written: str) -> Fraction | None:
    try:
        return Fraction(written)
    except (ValueError, ZeroDivisionError):
        return None
