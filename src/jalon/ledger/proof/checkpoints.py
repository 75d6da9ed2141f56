"""Checkpoints of a client's ledger: signed on demand and daily, kept, and held against a high-water mark outside the database."""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.db import connection, models, transaction

from jalon.accounts.models import Account
from jalon.core.text import SaidError, Text, _
from jalon.ledger.models import LedgerEpoch, SignedCheckpoint, StoredFact
from jalon.ledger.proof import merkle, notes
from jalon.ledger.proof.notes import Checkpoint, Signer

DAY = timedelta(days=1)


class NotSigned(SaidError):
    """The ledger is not the continuation of what was signed before: nothing is signed; `said` tells why."""


def signer() -> Signer:
    """This installation's signing key, made once and kept in its home (mode 0600), and its name.

    The name is JALON_LEDGER_NAME, or is made from the key, so that two installations never share one by accident.
    """
    seed = _seed(settings.LEDGER_KEY)
    key = Ed25519PrivateKey.from_private_bytes(seed)
    name = settings.LEDGER_NAME or f"jalon-{key.public_key().public_bytes_raw().hex()[:12]}"
    return Signer(name, key)


def _seed(path: Path) -> bytes:
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        # Two processes may start at once: the link decides whose key is kept, and no half-written key is ever read.
        fresh = path.with_name(f"{path.name}.{os.getpid()}")
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(os.urandom(32).hex().encode())
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(fresh, path)
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    return bytes.fromhex(path.read_text().strip())


def origin(account: Account) -> str:
    """The name of a client's log, first line of its checkpoints (C2SP tlog-checkpoint)."""
    return f"{signer().name}/ledger/{account.ref}/e{epoch(account)}"


def epoch(account: Account) -> int:
    """1, and one more for each time that this ledger was put back to an earlier state."""
    return 1 + LedgerEpoch.objects.filter(account=account).count()


def open_epoch(account: Account, now: datetime) -> LedgerEpoch:
    """Declare that this ledger was put back behind what was signed: nothing is signed over, the next checkpoint has another name.

    Raises ValueError where there is no mark of what was signed.
    """
    mark = high_water(account)
    if mark is None:
        raise ValueError(f"nothing was signed for {account.ref}")
    with transaction.atomic():
        opened = LedgerEpoch.objects.create(
            account=account,
            number=epoch(account) + 1,
            size=StoredFact.objects.filter(account=account).count(),
            superseded=_mark(account).read_text(),
            opened_at=now,
        )
    # The mark of the epoch that ended stays beside: it is evidence, and no longer a bar.
    _mark(account).rename(_mark(account).with_suffix(f".e{opened.number - 1}"))
    return opened


def leaf_hashes(account: Account) -> list[bytes]:
    """The leaf hashes of a client's facts, in order."""
    rows = StoredFact.objects.filter(account=account).order_by("sequence")
    return [merkle.leaf_hash(bytes(content)) for content in rows.values_list("canonical", flat=True)]


def sign(account: Account, now: datetime) -> SignedCheckpoint:
    """The signed checkpoint of the ledger as it is; the one at hand when nothing was added since.

    Raises NotSigned when the ledger does not continue what was signed before: a smaller or a different history is never signed.
    """
    held = SignedCheckpoint.objects.filter(account=account, epoch=epoch(account)).order_by("-size").first()
    size = StoredFact.objects.filter(account=account).count()
    if held is not None and held.size == size and high_water(account) is not None:
        return held
    with transaction.atomic():
        query = Account.objects.filter(pk=account.pk)
        if connection.features.has_select_for_update:
            query = query.select_for_update()
        locked = query.get()
        return _sign(locked, leaf_hashes(locked), now)


def sign_due(now: datetime) -> list[Text]:
    """Sign the ledgers that grew and were not signed for a day; returns what could not be signed, as sentences."""
    latest = SignedCheckpoint.objects.filter(account=models.OuterRef("pk")).order_by("-epoch", "-size")
    grown = (
        Account.objects.annotate(
            facts_now=models.Count("facts"),
            signed_size=models.Subquery(latest.values("size")[:1]),
            signed_last=models.Subquery(latest.values("signed_at")[:1]),
        )
        .filter(facts_now__gt=0)
        .filter(models.Q(signed_size=None) | models.Q(signed_size__lt=models.F("facts_now")))
        .filter(models.Q(signed_last=None) | models.Q(signed_last__lte=now - DAY))
    )
    refused = []
    for account in grown:
        try:
            sign(account, now)
        except NotSigned as error:
            refused.append(error.said)
    return refused


def _sign(account: Account, leaves: Sequence[bytes], now: datetime) -> SignedCheckpoint:
    refuse_unless_continued(account, leaves)
    checkpoint = Checkpoint(origin(account), len(leaves), merkle.root(leaves))
    held = SignedCheckpoint.objects.filter(account=account, epoch=epoch(account), size=len(leaves)).first()
    note = held.note if held else signer().sign(checkpoint)
    _raise_high_water(account, note)
    return held or SignedCheckpoint.objects.create(
        account=account,
        epoch=epoch(account),
        size=checkpoint.size,
        root=checkpoint.root.hex(),
        note=note,
        signed_at=now,
    )


def refuse_unless_continued(account: Account, leaves: Sequence[bytes]) -> None:
    """Raise NotSigned unless these leaves continue every checkpoint that was signed, in the database and outside of it."""
    for size, root in {*_signed(account), *_marked(account)}:
        if size > len(leaves):
            raise NotSigned(
                _(
                    "The ledger of %(client)s holds %(now)s facts, and %(then)s were signed: it was put back to an earlier state.",
                    client=account.name,
                    now=len(leaves),
                    then=size,
                )
            )
        if merkle.root(leaves[:size]).hex() != root:
            raise NotSigned(
                _(
                    "The first %(then)s facts of %(client)s are not those that were signed.",
                    client=account.name,
                    then=size,
                )
            )


def _signed(account: Account) -> set[tuple[int, str]]:
    last = SignedCheckpoint.objects.filter(account=account, epoch=epoch(account)).order_by("-size").first()
    return {(last.size, last.root)} if last else set()


def _marked(account: Account) -> set[tuple[int, str]]:
    mark = high_water(account)
    return {(mark.size, mark.root.hex())} if mark else set()


def high_water(account: Account) -> Checkpoint | None:
    """The last checkpoint signed for this client as the file outside the database holds it; None where there is none.

    Raises notes.BadNote when the file was altered.
    """
    path = _mark(account)
    if not path.exists():
        return None
    ours = signer()
    return notes.opened(path.read_text(), ours.name, ours.public)


def _mark(account: Account) -> Path:
    return settings.HIGH_WATER / f"{account.ref}.note"


def _raise_high_water(account: Account, note: str) -> None:
    """Write the mark before the row is committed: a signed checkpoint is never forgotten, whatever fails next."""
    path = _mark(account)
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f"{path.name}.{os.getpid()}")
    with fresh.open("w") as file:
        file.write(note)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
