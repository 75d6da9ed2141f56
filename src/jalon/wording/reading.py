"""When the reader reads: the present that sentences leave unsaid (this year's dates carry no year)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime

from django.utils import timezone

_present: ContextVar[datetime | None] = ContextVar("present", default=None)


@contextmanager
def reading_at(now: datetime) -> Iterator[None]:
    """Inside, dates of the year of `now` are written without their year. Opened by the middleware for each request."""
    token = _present.set(now)
    try:
        yield
    finally:
        _present.reset(token)


def local(value: datetime) -> datetime:
    """`value` in the reader's zone (Django's active one); a naive instant is taken as it is."""
    return timezone.localtime(value) if timezone.is_aware(value) else value


def local_day(value: date | datetime) -> date:
    """The civil day of `value` for the reader."""
    return local(value).date() if isinstance(value, datetime) else value


def this_year(day: date) -> bool:
    """True where the year of `day` goes without saying; False when the present is unknown."""
    now = _present.get()
    return now is not None and local(now).year == day.year
