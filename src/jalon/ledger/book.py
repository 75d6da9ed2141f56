"""The one door to the ledger: `append` writes facts, `facts_of` reads them, `assessment_of` derives what is owed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction

from jalon.accounts import agreements
from jalon.accounts.models import Account
from jalon.core import engine
from jalon.core.facts import catalogue, completeness
from jalon.core.facts.catalogue import FactError
from jalon.core.facts.model import Fact
from jalon.core.obligations import Assessment, Obligation, Side
from jalon.core.text import Text, _
from jalon.ledger.canonical import canonical, envelope, sha256
from jalon.ledger.canonical import decode as decode_bytes
from jalon.ledger.models import StoredFact

_UNPROJECTED: ContextVar[bool] = ContextVar("unprojected", default=False)
BY_HAND = frozenset({"ui", "portal", "email", "api"})
"""Sources behind which a person records now: asked for all that the clause needs. A file of the past is taken as it is."""
FUTURE = timedelta(minutes=5)
"""A fact may be dated this much after its recording: clocks of two machines differ."""


class Refusal(Exception):
    """A fact that the ledger does not take; `said` is the sentence for whoever tried, `field` where it belongs in a form."""

    def __init__(self, said: Text, field: str = "") -> None:
        super().__init__(said.msgid)
        self.said = said
        self.field = field


@dataclass(frozen=True)
class Draft:
    """A fact about to be appended; `recorded_at` empty means the instant of the append."""

    kind: str
    at: datetime
    fields: Mapping[str, Any]
    side: Side
    recorded_by: str
    recorded_at: datetime | None = None
    source: str = "ui"
    idempotency_key: str = ""
    visibility: str = ""  # "": as its kind says
    evidence: Sequence[Mapping[str, str]] = ()


@contextmanager
def unprojected() -> Iterator[None]:
    """Whatever is appended inside leaves the projection to the caller: a bulk load projects each account once, at its end."""
    before = _UNPROJECTED.set(True)
    try:
        yield
    finally:
        _UNPROJECTED.reset(before)


def append(
    account: Account,
    *,
    kind: str,
    at: datetime,
    fields: Mapping[str, Any],
    side: Side,
    recorded_by: str,
    recorded_at: datetime,
    source: str = "ui",
    idempotency_key: str = "",
    visibility: str = "",
    evidence: Sequence[Mapping[str, str]] = (),
) -> StoredFact:
    """Append one fact and derive the account's obligations again, in one transaction; returns the fact as stored.

    All instants are aware. The same idempotency key with the same content gives back the fact already there.
    Raises Refusal, with a sentence and its field, for anything that the catalogue or the ledger does not take.
    """
    draft = Draft(
        kind, at, fields, side, recorded_by, recorded_at, source, idempotency_key, visibility, evidence
    )
    return append_many(account, [draft], now=recorded_at)[0]


def append_many(
    account: Account, drafts: Sequence[Draft], *, now: datetime, project: bool = True
) -> list[StoredFact]:
    """Append facts in order, all or none, and project once. `now` is the recording instant of drafts that give none.

    `project=False` leaves the projection to the caller: bulk loads project each account once, at their end.
    """
    from jalon.ledger import projection

    with transaction.atomic():
        locked = _lock(account)
        facts = [_fact_of(locked, draft, now) for draft in drafts]
        stored = _store(locked, facts)
        if project and not _UNPROJECTED.get():
            projection.project(locked, now)
    return stored


def _lock(account: Account) -> Account:
    # One writer a client: the sequence has no gap. SQLite is in IMMEDIATE mode and needs no row lock.
    query = Account.objects.filter(pk=account.pk)
    if connection.features.has_select_for_update:
        query = query.select_for_update()
    return query.get()


def _fact_of(account: Account, draft: Draft, now: datetime) -> Fact:
    """The draft as a core Fact, checked by the catalogue; Refusal otherwise."""
    recorded_at = draft.recorded_at or now
    if draft.at.tzinfo is None or recorded_at.tzinfo is None:
        raise Refusal(_("The time needs its zone."), "at")
    if draft.at > recorded_at + FUTURE:
        raise Refusal(_("This has not happened yet: give a time that has passed."), "at")
    fields = dict(draft.fields)
    if draft.kind == "appointment.no_show":
        fields.setdefault("side", Side.CLIENT.value)  # who was absent
    around = {
        "kind": draft.kind,
        "at": draft.at.isoformat(),
        "recorded_at": recorded_at.isoformat(),
        "side": draft.side.value,
        "recorded_by": draft.recorded_by,
        "source": draft.source,
        "visibility": draft.visibility,
    }
    record = catalogue.record_of(draft.kind, around, fields)
    if draft.evidence:
        record["evidence"] = [dict(part) for part in draft.evidence]
    try:
        read = catalogue.read(record, where="", agreement_zone=account.zone)
    except FactError as error:
        raise Refusal(error.said, getattr(error, "field", "")) from error
    if draft.source in BY_HAND and draft.side is not Side.SYSTEM:
        for name, said in completeness.lacking(catalogue.KINDS[draft.kind], read.fields):
            raise Refusal(said, name)
    key = (
        draft.idempotency_key
        or hashlib.sha256(repr(sorted(record.items(), key=str)).encode()).hexdigest()[:32]
    )
    # Two clients may live the same fact at the same instant: the identifier belongs to one account.
    fact_id = hashlib.sha256(f"{account.ref}/{key}".encode()).hexdigest()[:20]
    return replace(read, id=fact_id, idempotency_key=key)


def _store(account: Account, facts: Sequence[Fact]) -> list[StoredFact]:
    last = (
        StoredFact.objects.filter(account=account)
        .order_by("-sequence")
        .values_list("sequence", "sha256")
        .first()
    )
    sequence, previous = last or (0, "")
    keys = [fact.idempotency_key for fact in facts]
    known = {row.idempotency_key: row for row in _in_chunks(account, keys)}
    found: list[StoredFact] = []
    fresh: list[StoredFact] = []
    for fact in facts:
        if already := known.get(fact.idempotency_key):
            _same_or_refuse(already, fact)
            found.append(already)
            continue
        sequence += 1
        content = canonical(envelope(fact, account=account.ref, sequence=sequence, prev_sha256=previous))
        row = _row(account, fact, sequence, content, previous)
        previous = row.sha256
        known[fact.idempotency_key] = row
        fresh.append(row)
        found.append(row)
    StoredFact.objects.bulk_create(fresh, batch_size=500)
    return found


def _in_chunks(account: Account, keys: Sequence[str]) -> Iterable[StoredFact]:
    for start in range(0, len(keys), 500):
        yield from StoredFact.objects.filter(account=account, idempotency_key__in=keys[start : start + 500])


def _same_or_refuse(row: StoredFact, fact: Fact) -> None:
    there = decode(row)
    if (there.kind, dict(there.fields), there.at) != (fact.kind, dict(fact.fields), fact.at):
        raise Refusal(_("Another fact was already recorded under this key: reload the page and try again."))


def _row(account: Account, fact: Fact, sequence: int, content: bytes, previous: str) -> StoredFact:
    return StoredFact(
        account=account,
        sequence=sequence,
        fact_id=fact.id,
        kind=fact.kind,
        at=fact.at,
        recorded_at=fact.recorded_at,
        side=fact.side.value,
        recorded_by=fact.recorded_by,
        source=fact.source,
        visibility=fact.visibility,
        idempotency_key=fact.idempotency_key,
        canonical=content,
        sha256=sha256(content),
        prev_sha256=previous,
    )


def decode(row: StoredFact) -> Fact:
    """The core Fact of a stored row."""
    return decode_bytes(bytes(row.canonical))


def facts_of(account: Account, known_at: datetime | None = None) -> list[Fact]:
    """The facts of a client in order of their sequence; with `known_at`, those recorded by then."""
    rows = StoredFact.objects.filter(account=account).order_by("sequence")
    if known_at is not None:
        rows = rows.filter(recorded_at__lte=known_at)
    return [decode_bytes(bytes(content)) for content in rows.values_list("canonical", flat=True)]


def facts_of_kind(account: Account, *kinds: str) -> list[Fact]:
    """The facts of these kinds, in order of their sequence."""
    rows = StoredFact.objects.filter(account=account, kind__in=kinds).order_by("sequence")
    return [decode_bytes(bytes(content)) for content in rows.values_list("canonical", flat=True)]


def assessment_of(
    account: Account, as_of: datetime, known_at: datetime | None = None, *, explain: bool = True
) -> Assessment | None:
    """Everything owed at `as_of` as known at `known_at` (default: `as_of`); None while the client has no agreement."""
    agreement = agreements.of(account)
    if agreement is None:
        return None
    return engine.assess(agreement, facts_of(account, known_at), as_of, known_at or as_of, explain=explain)


def obligation_of(
    account: Account, key: str, as_of: datetime, known_at: datetime | None = None, *, changes: bool = True
) -> Obligation | None:
    """One obligation with its why, or None where there is none of that key; `changes` asks for what would change it."""
    agreement = agreements.of(account)
    if agreement is None:
        return None
    return engine.explained(
        agreement, facts_of(account, known_at), as_of, known_at or as_of, key, changes=changes
    )


def checkpoint(account: Account) -> tuple[int, str]:
    """The last sequence and hash of a client's ledger: what a document says it was made from."""
    last = (
        StoredFact.objects.filter(account=account)
        .order_by("-sequence")
        .values_list("sequence", "sha256")
        .first()
    )
    return last or (0, "")
