"""Whether a client's ledger is whole: bytes, columns, chain, tree, signatures, the high-water mark, and a note that somebody kept."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum

import rfc8785

from jalon.accounts.models import Account
from jalon.core.text import Text, _
from jalon.ledger.canonical import sha256
from jalon.ledger.models import SignedCheckpoint, StoredFact
from jalon.ledger.proof import checkpoints, merkle, notes

KEYS = {
    "schema", "account", "sequence", "id", "kind", "at", "recorded_at", "side", "recorded_by", "source", "visibility",
    "evidence", "idempotency_key", "fields", "prev_sha256",
}  # fmt: skip
COLUMNS = {
    "fact_id": "id", "kind": "kind", "side": "side", "recorded_by": "recorded_by", "source": "source",
    "visibility": "visibility", "idempotency_key": "idempotency_key", "prev_sha256": "prev_sha256", "sequence": "sequence",
}  # fmt: skip


class Verdict(IntEnum):
    """What was found; the exit code of `jalon ledger verify`."""

    OK = 0
    BAD = 2
    FORK = 3
    BEHIND = 4


@dataclass(frozen=True)
class Finding:
    """One client's verdict: how many facts, their root, the first bad sequence (0: none), and the sentence."""

    account: str
    verdict: Verdict
    size: int
    root: str
    said: Text
    sequence: int = 0


def verify(account: Account, against: str = "") -> Finding:
    """Check everything that is kept of a client's ledger; `against` is a note that somebody kept (its whole text).

    BAD: a fact was altered, removed or put in; FORK: another history was signed; BEHIND: fewer facts than were signed.
    """
    leaves: list[bytes] = []
    previous = ""
    for expected, row in enumerate(_rows(account), start=1):
        if fault := _fault(row, account, expected, previous):
            return Finding(account.ref, Verdict.BAD, len(leaves), "", fault, expected)
        previous = row.sha256
        leaves.append(merkle.leaf_hash(bytes(row.canonical)))
    held = list(_held(account, against))
    for unreadable in (text for text in held if isinstance(text, Text)):
        return Finding(account.ref, Verdict.BAD, len(leaves), "", unreadable)
    signed = [checkpoint for checkpoint in held if not isinstance(checkpoint, Text)]
    return _compared(account, leaves, signed)


def _rows(account: Account) -> Iterator[StoredFact]:
    return StoredFact.objects.filter(account=account).order_by("sequence", "pk").iterator(chunk_size=500)


def _fault(row: StoredFact, account: Account, expected: int, previous: str) -> Text | None:
    """What is wrong with one row, or None."""
    if row.sequence != expected:
        return _("Fact %(n)s is missing.", n=expected)
    content = bytes(row.canonical)
    if sha256(content) != row.sha256:
        return _("The bytes of fact %(n)s were altered: their hash no longer fits.", n=expected)
    try:
        read = json.loads(content)
        same = rfc8785.dumps(read) == content
    except (ValueError, TypeError, RecursionError):
        return _("Fact %(n)s cannot be read.", n=expected)
    if not same or set(read) != KEYS:
        return _("Fact %(n)s is not in its canonical form.", n=expected)
    if read["prev_sha256"] != previous:
        return _("Fact %(n)s does not follow the fact before it.", n=expected)
    if read["account"] != account.ref:
        return _("Fact %(n)s belongs to another client.", n=expected)
    for column, key in COLUMNS.items():
        if getattr(row, column) != read[key]:
            return _(
                "The column “%(name)s” of fact %(n)s does not say what was recorded.", name=column, n=expected
            )
    for column in ("at", "recorded_at"):
        if getattr(row, column) != datetime.fromisoformat(read[column]):
            return _(
                "The column “%(name)s” of fact %(n)s does not say what was recorded.", name=column, n=expected
            )
    return None


def _held(account: Account, against: str) -> Iterator[notes.Checkpoint | Text]:
    """Everything that was signed and kept: in the database, outside of it, and by whoever brings a note."""
    ours = checkpoints.signer()
    for note in (
        SignedCheckpoint.objects.filter(account=account)
        .order_by("epoch", "size")
        .values_list("note", flat=True)
    ):
        yield _opened(note, ours)
    try:
        mark = checkpoints.high_water(account)
    except notes.BadNote as error:
        yield error.said
        return
    if mark is not None:
        yield mark
    if against:
        yield _opened(against, ours)


def _opened(note: str, ours: notes.Signer) -> notes.Checkpoint | Text:
    try:
        return notes.opened(note, ours.name, ours.public)
    except notes.BadNote as error:
        return error.said


def _compared(account: Account, leaves: list[bytes], signed: list[notes.Checkpoint]) -> Finding:
    """The verdict on whole rows: do they continue everything that was signed?"""
    log = checkpoints.origin(account)
    ended = {log[: log.rindex("/e")] + f"/e{epoch.number - 1}": epoch for epoch in account.epochs.all()}
    roots = merkle.roots(leaves, {len(leaves), *(checkpoint.size for checkpoint in signed)})
    root = roots[len(leaves)].hex()
    for held in signed:
        epoch = ended.get(held.origin)
        if epoch is not None and held.size > epoch.size:
            said = _(
                "This checkpoint is of before %(day)s, when the ledger was put back from a backup: %(then)s facts were signed, and %(now)s came back.",
                day=epoch.opened_at,
                then=held.size,
                now=epoch.size,
            )
            return Finding(account.ref, Verdict.BEHIND, len(leaves), root, said)
        if held.origin != log and epoch is None:
            said = _("This checkpoint is of another ledger: “%(name)s”.", name=held.origin)
            return Finding(account.ref, Verdict.BAD, len(leaves), root, said)
        if held.size > len(leaves):
            said = _(
                "%(then)s facts were signed, and %(now)s are here: the ledger was put back to an earlier state.",
                then=held.size,
                now=len(leaves),
            )
            return Finding(account.ref, Verdict.BEHIND, len(leaves), root, said)
        if roots[held.size] != held.root:
            said = _(
                "The first %(n)s facts are not those that were signed: there are two histories.", n=held.size
            )
            return Finding(account.ref, Verdict.FORK, len(leaves), root, said)
    said = _("%(n)s facts, whole and in order, as they were signed.", n=len(leaves))
    return Finding(account.ref, Verdict.OK, len(leaves), root, said)
