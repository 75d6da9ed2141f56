"""One writer of usage at a time, whatever the number of processes and of machines."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import connection

_POSTGRES_KEY = 0x6A616C6F6E75  # "jalonu": any number that no other lock of Jalon takes


@contextmanager
def writing() -> Iterator[None]:
    """Wait for the other writers, then be the only one until the end of the block. Not re-entrant.

    A lock on a file of the store keeps the processes of a machine apart, and a process that dies lets it go; on
    PostgreSQL, whose machines may share the store, an advisory lock of the session keeps machines apart as well.
    """
    home = Path(settings.USAGE_HOME)
    home.mkdir(parents=True, exist_ok=True)
    with (home / ".lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        if connection.vendor != "postgresql":
            yield
            return
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [_POSTGRES_KEY])
        try:
            yield
        finally:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [_POSTGRES_KEY])
