"""One client's story in the making: its days, its people, how punctual each side is, and the facts told so far."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from hashlib import sha256
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from jalon.core.agreement.model import Agreement
from jalon.core.obligations import Side
from jalon.core.timekeeping.calendars import Calendar
from jalon.core.timekeeping.civil import add_months
from jalon.core.timekeeping.terms import Term
from jalon.demo.story import words
from jalon.ledger.book import Draft

ZONE = ZoneInfo("Europe/Paris")
PRICES = {"essentiel": "9600.00", "croissance": "24000.00", "strategique": "60000.00"}
SEATS = {"essentiel": 12, "croissance": 40, "strategique": 90}
SETTLED = 12
"""Business days: what ended more recently is kept in time, so that a month's end does not turn the whole portfolio red."""
OURS = (0.03, 0.05, 0.08, 0.11)
"""How often the vendor is late with a client: one share a client."""
THEIRS = (0.05, 0.08, 0.11, 0.15, 0.19)
"""How often a client is late."""


@dataclass(frozen=True)
class Sending:
    """A monthly review that the CSM sent: of which month, and when."""

    month: date
    at: datetime


@dataclass
class Story:
    """One client's facts, in the making. Every strand draws from its own seed: a strand more changes no other."""

    ref: str
    level: str
    index: int
    now: datetime
    csm: str
    champion: str
    sponsor: str
    billing: str
    calendar: Calendar
    agreement: Agreement
    seed: int
    signed: date
    language: str = "fr"
    ends: date | None = None  # the day on which the agreement stopped, where it did
    began_at: tuple[str, date] | None = None  # the level before a change, and the day of the change
    drafts: list[Draft] = field(default_factory=list)
    sendings: list[Sending] = field(default_factory=list)
    still: list[tuple[date, date]] = field(default_factory=list)  # spans in which nobody works: suspensions
    rng: Random = field(default_factory=Random)
    told: int = 0

    def __post_init__(self) -> None:
        own = Random(f"{self.ref}:character")
        self.our_slips, self.their_slips = own.choice(OURS), own.choice(THEIRS)

    def begin(self, strand: str) -> None:
        """Start a strand with dice of its own."""
        self.rng = Random(f"{self.seed}:{self.ref}:{strand}")

    @property
    def today(self) -> date:
        """The local day of loading."""
        return self.now.astimezone(ZONE).date()

    @property
    def words(self) -> words.Words:
        """What people write, in the client's language."""
        return words.WORDS[self.language]

    def at(self, day: date, hour: int, minute: int = 0) -> datetime:
        """An instant of that local day."""
        return datetime.combine(day, time(hour, minute), ZONE)

    def workday(self, day: date) -> date:
        """That day, or the next business day."""
        return self.calendar.roll(day)

    def after(self, day: date, business_days: int) -> date:
        """So many business days after a day; before it where negative."""
        return self.calendar.add_business_days(day, business_days) if business_days else self.workday(day)

    def ago(self, business_days: int) -> date:
        """So many business days before today."""
        return self.calendar.add_business_days(self.today, -business_days) if business_days else self.today

    def ahead(self, business_days: int) -> date:
        """So many business days after today."""
        return self.calendar.add_business_days(self.today, business_days)

    def level_on(self, day: date) -> str:
        """The support level of that day."""
        if self.began_at and day < self.began_at[1]:
            return self.began_at[0]
        return self.level

    def parameter(self, name: str, day: date | None = None) -> Any:
        """A number of the agreement, at this client's level of that day."""
        level = self.agreement.levels[self.level_on(day or self.today)]
        return level.sets.get(name, self.agreement.parameters[name].value)

    def count(self, name: str, day: date | None = None) -> int:
        """How many units a term of the agreement has."""
        return int(Term.parse(self.parameter(name, day)).count)

    def includes(self, activity: str, day: date) -> bool:
        """Whether the level of that day has this activity."""
        return activity in self.agreement.levels[self.level_on(day)].includes

    def works(self, day: date) -> bool:
        """Whether the service is given on that day: neither suspended nor over."""
        if self.ends and day > self.ends:
            return False
        return not any(first <= day <= last for first, last in self.still)

    def next_working(self, day: date) -> date | None:
        """The first business day from `day` on, on which the service is given; None where it does not come back."""
        for first, last in self.still:
            if first <= day <= last:
                return None if last == date.max else self.workday(last + timedelta(days=1))
        return day

    def settled(self, due: date) -> bool:
        """Whether a date is far enough behind for a lapse to be an old story."""
        return self.calendar.add_business_days(due, SETTLED) <= self.today

    def we_slip(self, due: date, more: float = 1.0) -> bool:
        """Whether the vendor is late with what was due that day; never lately."""
        return self.rng.random() < self.our_slips * more and self.settled(due)

    def they_slip(self, due: date, more: float = 1.0) -> bool:
        """Whether the client is late with what was due that day; never lately."""
        return self.rng.random() < self.their_slips * more and self.settled(due)

    def periods(self, months: int, first: date, ahead: int = 0) -> Iterator[tuple[date, date]]:
        """First and last day of each period of so many months that has begun, or begins within `ahead` days, from `first` on."""
        start = first
        while start <= self.today + timedelta(days=ahead):
            yield start, add_months(start, months) - timedelta(days=1)
            start = add_months(start, months)

    def tell(
        self,
        kind: str,
        at: datetime,
        side: Side = Side.PROVIDER,
        by: str = "",
        recorded_at: datetime | None = None,
        **fields: Any,
    ) -> str:
        """Record what happened, unless it is still to come or after the end; returns the fact's identifier."""
        key = f"demo:{self.ref}:{self.told}"
        self.told += 1
        over = self.ends is not None and at.astimezone(ZONE).date() > self.ends
        if at > self.now or (over and kind not in AFTER_THE_END):
            return fact_id(self.ref, key)
        person = by or {Side.PROVIDER: self.csm, Side.CLIENT: self.champion, Side.SYSTEM: "jalon"}[side]
        recorded = recorded_at or at + timedelta(minutes=self.rng.randint(0, 40))
        if recorded_at is None or recorded_at <= self.now:
            source = "portal" if side == Side.CLIENT and kind in FROM_THE_PORTAL else "import"
            self.drafts.append(Draft(kind, at, fields, side, person, min(recorded, self.now), source, key))
        return fact_id(self.ref, key)


AFTER_THE_END = frozenset({"payment.credited"})
FROM_THE_PORTAL = frozenset(
    {"client.reply", "request.opened", "report.requested", "fact.countersigned", "feedback.given"}
)


def about(activity: str) -> dict[str, Any]:
    """The field `for`, whose name Python keeps for itself."""
    return {"for": activity}


def since(day: date) -> dict[str, Any]:
    """The field `from`, a day."""
    return {"from": day.isoformat()}


def was(word: str) -> dict[str, Any]:
    """The field `from`, a word."""
    return {"from": word}


def fact_id(account: str, key: str) -> str:
    """The identifier that the ledger gives to a fact recorded under this key."""
    return sha256(f"{account}/{key}".encode()).hexdigest()[:20]
