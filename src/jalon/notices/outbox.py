"""The outbox: `add` inside the transaction of what causes a mail, `deliver` outside of any, from the worker."""

from __future__ import annotations

import smtplib
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import F

from jalon.notices.models import Notice
from jalon.notices.writing import Unwritable, compose

WAITS = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=8),
)
"""Before each new attempt; after the last one a mail has failed, and the settings page says so."""
LEASE = timedelta(minutes=10)
"""A worker that says nothing for so long died while sending."""


def add(
    *, key: str, kind: str, to: str, language: str, about: Mapping[str, Any], now: datetime
) -> tuple[Notice, bool]:
    """The mail of this key, and whether it is new: what is told once is not told again.

    Call it in the transaction that records what it tells: the worker sees both or neither. `now` is aware.
    """
    fields = {
        "kind": kind,
        "to": to,
        "language": language,
        "about": dict(about),
        "created_at": now,
        "next_at": now,
    }
    return Notice.objects.get_or_create(key=key, defaults=fields)


def deliver(now: datetime) -> bool:
    """Send the mail that has waited longest; False when none waits.

    Two workers never take the same one (compare-and-set). Its outcome is written right after; a worker that dies in
    between leaves it `sending`: it is not sent again by itself, since it may have left. Its Message-ID is that of its key.
    """
    if connection.in_atomic_block:
        raise RuntimeError("a mail leaves after the commit, never inside a transaction")
    notice = Notice.objects.filter(next_at__lte=now).order_by("next_at", "pk").first()
    if notice is None:
        return False
    waiting = Notice.objects.filter(pk=notice.pk, next_at=notice.next_at, begun_at=None)
    if not waiting.update(begun_at=now, next_at=None, attempts=F("attempts") + 1):
        return True
    notice.refresh_from_db()
    _record(notice, _attempt(notice, now), now)
    return True


def _attempt(notice: Notice, now: datetime) -> tuple[str, bool]:
    """What went wrong ("" where nothing did), and whether another attempt could mend it."""
    try:
        compose(notice, now).send()
    except Unwritable as reason:
        return str(reason), False
    except smtplib.SMTPRecipientsRefused as refused:
        code, said = next(iter(refused.recipients.values()))
        return f"{code} {_text(said)}", code < 500
    except smtplib.SMTPResponseException as refused:
        # A server that does not know us (5xx at sign-in) may be mended by whoever runs it; a refused message is not.
        final = refused.smtp_code >= 500 and isinstance(
            refused, smtplib.SMTPDataError | smtplib.SMTPSenderRefused
        )
        return f"{refused.smtp_code} {_text(refused.smtp_error)}", not final
    except (OSError, smtplib.SMTPException) as error:
        return f"{type(error).__name__}: {error}", True
    return "", False


def _text(said: bytes | str) -> str:
    return said.decode("utf-8", "replace") if isinstance(said, bytes) else said


def _record(notice: Notice, outcome: tuple[str, bool], now: datetime) -> None:
    error, again = outcome
    tries = notice.attempts
    next_at = now + WAITS[tries - 1] if error and again and tries <= len(WAITS) else None
    Notice.objects.filter(pk=notice.pk).update(
        begun_at=None, sent_at=None if error else now, next_at=next_at, error=error[:300]
    )


def again(notice: Notice, now: datetime) -> bool:
    """Put a mail that failed, or was stopped half-way, back in the queue; False for any other."""
    stuck = Notice.objects.filter(pk=notice.pk, sent_at=None, next_at=None).exclude(begun_at__gt=now - LEASE)
    return bool(stuck.update(next_at=now, begun_at=None, attempts=0))
