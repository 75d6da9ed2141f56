"""The only reader of the time. Everything else takes the time as an argument."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime

_frozen: ContextVar[datetime | None] = ContextVar("frozen", default=None)


def now() -> datetime:
    """The present instant, in UTC. `JALON_NOW` (ISO 8601 with offset) fixes it for a whole process: tests and demos."""
    fixed = _frozen.get()
    if fixed is not None:
        return fixed
    if written := os.environ.get("JALON_NOW"):
        return datetime.fromisoformat(written).astimezone(UTC)
    return datetime.now(UTC)  # noqa: TID251


@contextmanager
def frozen_at(instant: datetime) -> Iterator[None]:
    """Inside, `now()` is `instant`."""
    token = _frozen.set(instant)
    try:
        yield
    finally:
        _frozen.reset(token)
