"""An import begun from a page: the file waits in the home of usage, the worker takes it, the page watches it."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.db import transaction
from django.db.models import QuerySet
from django_tasks import task

from jalon.ledger.importing.reading import Unreadable
from jalon.usage import importing, mapping, reading, store
from jalon.usage.models import UsageImport
from jalon.wording import pack

LARGEST = 500_000_000
"""Bytes in a file that a page takes; a larger one goes through the command line."""


def uploads() -> Path:
    """The folder of the files that wait."""
    return store.home() / "uploads"


def begin(file: Any, options: importing.Options, *, by: str, now: datetime) -> UsageImport:
    """Keep an uploaded file until the worker takes it. Raises Unreadable, and keeps nothing, where it is no table of events.

    `by` is who imports; `now` is when events without a time of reception are known, however late it runs.
    """
    uploads().mkdir(parents=True, exist_ok=True)
    path = uploads() / uuid4().hex
    with path.open("wb") as kept:
        for chunk in file.chunks():
            kept.write(chunk)
        kept.flush()
        os.fsync(kept.fileno())
    store.flush(uploads())
    try:
        mapping.chosen(reading.opened(path), options.mapping)
    except Unreadable:
        path.unlink()
        raise
    said = {
        "create_clients": options.create_clients,
        "dry_run": options.dry_run,
        "received_at": options.received_at,
    }
    return UsageImport.objects.create(
        name=str(file.name)[:200], source=options.source, state=UsageImport.State.WAITING, options=said, upload=path.name, by=by,
        started_at=now,
    )  # fmt: skip


def start(batch: UsageImport) -> None:
    """Hand the import to the worker, once the transaction at hand is committed."""
    transaction.on_commit(lambda: _job.enqueue(batch.pk))


@task()
def _job(batch_id: int) -> None:
    run(batch_id)


def run(batch_id: int) -> UsageImport:
    """Take the file; safe to run twice. Where it cannot be read nothing is taken, and the import says why."""
    batch = UsageImport.objects.get(pk=batch_id)
    path = uploads() / batch.upload
    if batch.state in (UsageImport.State.DONE, UsageImport.State.FAILED) or batch.started_at is None:
        path.unlink(missing_ok=True)
        return batch
    mine = UsageImport.objects.filter(pk=batch_id)
    mine.update(state=UsageImport.State.RUNNING)
    options = importing.Options(batch.source, **batch.options)
    try:
        report = importing.run(path, options, batch, batch.started_at, _watched(mine))
        if options.dry_run:
            importing.write_report(batch, report, batch.started_at)
    except Unreadable as error:
        mine.update(state=UsageImport.State.FAILED, problem=pack(error.said), ended_at=batch.started_at)
    # The file names people: it is not kept once everything that it says is written.
    path.unlink(missing_ok=True)
    batch.refresh_from_db()
    return batch


def _watched(mine: QuerySet[UsageImport]) -> importing.Progress:
    shown = 0

    def progress(share: float) -> None:
        nonlocal shown
        if int(share * 100) > shown:
            shown = int(share * 100)
            mine.update(percent=shown)

    return progress
