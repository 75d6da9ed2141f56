"""One import of one file: begun from a page or the command line, run line by line, reported, safe to run twice."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django_tasks import task

from jalon.core.text import Text, _
from jalon.ledger import book
from jalon.ledger.importing.clients import CLIENTS
from jalon.ledger.importing.contacts import CONTACTS
from jalon.ledger.importing.contracts import CONTRACTS
from jalon.ledger.importing.outcome import REFUSED, Context, Importer, LineRefused, Outcome
from jalon.ledger.importing.reading import Row, Unreadable, table
from jalon.ledger.models import ImportRun
from jalon.wording import pack, unpack

IMPORTERS = {importer.kind: importer for importer in (CLIENTS, CONTACTS, CONTRACTS)}
STEP = 20
"""Lines between two looks of the progress bar."""


def begin(
    *, kind: str, filename: str, content: bytes, by: str, now: datetime, dry_run: bool = False
) -> ImportRun:
    """An import that waits to be run; its lines are counted already. Raises Unreadable for a file that is no such table.

    `by` is who imports, as facts name people; `now` is when its facts are recorded, however late it runs.
    """
    rows = _rows(kind, content)
    return ImportRun.objects.create(
        kind=kind,
        filename=filename[:200],
        content=content,
        total=len(rows),
        started_by=by,
        started_at=now,
        dry_run=dry_run,
    )


def start(run_: ImportRun) -> None:
    """Hand the import to the worker, once the transaction at hand is committed."""
    transaction.on_commit(lambda: _job.enqueue(run_.pk))


@task()
def _job(run_id: int) -> None:
    run(run_id)


def run(run_id: int) -> ImportRun:
    """Take every line, each in a transaction of its own: a refused line writes nothing and stops no other.

    Running a run again takes up what is left to do: what its lines wrote already is found unchanged.
    """
    run_ = ImportRun.objects.get(pk=run_id)
    if run_.state == ImportRun.State.DONE:
        return run_
    ImportRun.objects.filter(pk=run_id).update(state=ImportRun.State.RUNNING)
    context = Context(run_.started_at, run_.started_by, run_.dry_run)
    importer = IMPORTERS[run_.kind]
    report: list[dict[str, object]] = []
    counts = {"created": 0, "updated": 0, "unchanged": 0, "refused": 0}
    for done, row in enumerate(_rows(run_.kind, bytes(run_.content)), start=1):
        outcome = _take(importer, row, context)
        counts[outcome.result] += 1
        report.append(
            {
                "line": row.line,
                "result": outcome.result,
                "subject": outcome.subject,
                "said": [pack(text) for text in outcome.said],
            }
        )
        if done % STEP == 0:
            ImportRun.objects.filter(pk=run_id).update(done=done, **counts)
    # The file names people: it is not kept once everything that it says is written.
    ImportRun.objects.filter(pk=run_id).update(
        done=len(report), report=report, content=b"", state=ImportRun.State.DONE, **counts
    )
    run_.refresh_from_db()
    return run_


def report_of(run_: ImportRun) -> Iterator[tuple[int, str, str, tuple[Text, ...]]]:
    """The report line by line: number in the file, result, subject, sentences."""
    for entry in run_.report:
        yield entry["line"], entry["result"], entry["subject"], tuple(unpack(text) for text in entry["said"])


def _rows(kind: str, content: bytes) -> list[Row]:
    importer = IMPORTERS[kind]
    return table(content, importer.columns, importer.needed)


def _take(importer: Importer, row: Row, context: Context) -> Outcome:
    subject = row.get("name") or row.get("client")
    try:
        with transaction.atomic():
            outcome = importer.take(row, context)
            transaction.set_rollback(context.dry_run)
            return outcome
    except (LineRefused, Unreadable, book.Refusal) as refusal:
        return Outcome(REFUSED, subject, (refusal.said,))
    except ValidationError as error:
        return Outcome(REFUSED, subject, tuple(_sentence(error)))


def _sentence(error: ValidationError) -> Iterator[Text]:
    for name, messages in error.message_dict.items():
        for message in messages:
            yield _("%(column)s: %(message)s", column=name, message=str(message))
