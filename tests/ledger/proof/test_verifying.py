"""Whoever changes the ledger is found out: by the installation, by a note that the client kept, offline by one file of Python."""

from __future__ import annotations

import io
import json
import os
import random
import subprocess
import sys
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import DatabaseError, connection, transaction
from pytest_django.fixtures import Settings

from jalon.accounts.models import Account
from jalon.core.obligations import Side
from jalon.ledger import book
from jalon.ledger.canonical import canonical, sha256
from jalon.ledger.models import SignedCheckpoint, StoredFact
from jalon.ledger.proof import checkpoints, exporting, merkle, notes, verifying
from jalon.ledger.proof.verifying import Verdict
from tests.cast import NOW, Cast, at, draft, sign

TAMPERINGS = int(os.environ.get("JALON_TAMPERINGS", "300"))


@pytest.fixture(autouse=True)
def of_its_own(tmp_path: Path, settings: Settings) -> None:
    """A key and a high-water mark for each test."""
    settings.LEDGER_KEY, settings.HIGH_WATER = tmp_path / "key", tmp_path / "marks"
    settings.LEDGER_NAME = "prestataire.example"


@pytest.fixture
def aubrac(cast: Cast) -> Account:
    """A client with a dozen facts, one of them private to the vendor."""
    sign(cast.aubrac)
    book.append_many(
        cast.aubrac,
        [draft("provider.question", at(2, day), ref=f"q{day}", text=f"Question {day} ?", needed_for="le plan", addressee="nadia") for day in range(2, 9)]
        + [book.Draft("conduct.reported", at(3, 2), {"type": "disrespect", "account": "entre nous"}, Side.PROVIDER, "camille", recorded_at=at(3, 2), source="import", visibility="provider")],
        now=NOW,
    )  # fmt: skip
    return cast.aubrac


@pytest.fixture
def unguarded(db: None) -> None:
    """An insider with the database in his hands: the triggers are gone."""
    tables = ("ledger_storedfact", "ledger_signedcheckpoint")
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(
                "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name IN (%s, %s)", tables
            )
            names = [name for (name,) in cursor.fetchall()]
            assert len(names) == 4
            for name in names:
                cursor.execute(f"DROP TRIGGER {name}")
        else:
            for table in tables:
                cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")


def test_a_whole_ledger_verifies_and_is_signed_once_a_size(aubrac: Account) -> None:
    signed = checkpoints.sign(aubrac, NOW)
    assert checkpoints.sign(aubrac, NOW).pk == signed.pk
    found = verifying.verify(aubrac, signed.note)
    assert (found.verdict, found.size, found.root) == (Verdict.OK, 12, signed.root)
    ours = checkpoints.signer()
    assert notes.opened(signed.note, ours.name, ours.public).origin == "prestataire.example/ledger/aubrac/e1"


def test_a_checkpoint_is_never_changed_or_removed(aubrac: Account) -> None:
    signed = checkpoints.sign(aubrac, NOW)
    for change in (lambda: SignedCheckpoint.objects.update(size=1), signed.delete):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            change()


def test_ledgers_that_grew_are_signed_once_a_day(aubrac: Account, cast: Cast) -> None:
    assert checkpoints.sign_due(NOW) == []
    assert list(SignedCheckpoint.objects.values_list("account__ref", "size")) == [("aubrac", 12)]
    book.append_many(
        aubrac,
        [
            draft(
                "provider.question",
                at(6, 1),
                ref="q9",
                text="Encore une ?",
                needed_for="le plan",
                addressee="nadia",
            )
        ],
        now=NOW,
    )
    checkpoints.sign_due(NOW + timedelta(hours=23))
    assert SignedCheckpoint.objects.count() == 1
    checkpoints.sign_due(NOW + timedelta(hours=24))
    assert SignedCheckpoint.objects.filter(account=aubrac).count() == 2
    assert verifying.verify(aubrac).verdict is Verdict.OK


def _rewritten(account: Account, change: dict[str, object]) -> None:
    """Rewrite the history from its first question on, consistently: hashes, chain and columns all fit."""
    previous, changing = "", False
    for row in StoredFact.objects.filter(account=account).order_by("sequence"):
        read = json.loads(bytes(row.canonical))
        if read["kind"] == "provider.question" and not changing:
            read["fields"] |= change
            changing = True
        read["prev_sha256"] = previous
        content = canonical(read)
        StoredFact.objects.filter(pk=row.pk).update(
            canonical=content, sha256=sha256(content), prev_sha256=previous
        )
        previous = sha256(content)


@pytest.mark.usefixtures("unguarded")
def test_an_insider_who_rewrites_everything_is_caught_by_what_was_signed(aubrac: Account) -> None:
    kept = checkpoints.sign(aubrac, NOW).note
    _rewritten(aubrac, {"text": "Une autre question"})
    assert verifying.verify(aubrac).verdict is Verdict.FORK
    # He also removes every trace that the installation holds: only the client's own copy is left, and is enough.
    SignedCheckpoint.objects.all().delete()
    (checkpoints._mark(aubrac)).unlink()
    assert verifying.verify(aubrac).verdict is Verdict.OK
    assert verifying.verify(aubrac, kept).verdict is Verdict.FORK


@pytest.mark.usefixtures("unguarded")
def test_a_ledger_put_back_to_an_earlier_state_is_told_and_nothing_is_signed(aubrac: Account) -> None:
    checkpoints.sign(aubrac, NOW)
    StoredFact.objects.filter(account=aubrac, sequence__gt=9).delete()
    SignedCheckpoint.objects.all().delete()  # an old backup knows nothing of what was signed since
    assert verifying.verify(aubrac).verdict is Verdict.BEHIND
    with pytest.raises(checkpoints.NotSigned):
        checkpoints.sign(aubrac, NOW)
    book.append_many(
        aubrac,
        [
            draft(
                "provider.question", at(6, 1), ref=f"n{n}", text="?", needed_for="le plan", addressee="nadia"
            )
            for n in range(5)
        ],
        now=NOW,
    )
    with pytest.raises(checkpoints.NotSigned):  # as long as before, but not the same
        checkpoints.sign(aubrac, NOW)
    assert verifying.verify(aubrac).verdict is Verdict.FORK


def _tamper(account: Account, chance: random.Random) -> str:
    """One random attack on one row; returns its name."""
    rows = list(StoredFact.objects.filter(account=account).order_by("sequence"))
    row = chance.choice(rows)
    kept = StoredFact.objects.filter(pk=row.pk)
    attack = chance.choice(
        ["bit", "bit and hash", "column", "remove", "swap", "date", "insert", "checkpoint", "truncate"]
    )
    content = bytearray(bytes(row.canonical))
    place = chance.randrange(len(content))
    content[place] ^= 1 << chance.randrange(8)
    if attack == "bit":
        kept.update(canonical=bytes(content))
    elif attack == "bit and hash":
        kept.update(canonical=bytes(content), sha256=sha256(bytes(content)))
    elif attack == "column":
        column = chance.choice(["kind", "recorded_by", "source", "idempotency_key", "fact_id"])
        kept.update(**{column: f"{getattr(row, column)}x"[-10:]})
    elif attack == "date":
        column = chance.choice(["at", "recorded_at"])
        kept.update(**{column: getattr(row, column) - timedelta(seconds=chance.choice([1, 3600]))})
    elif attack == "remove":
        kept.delete()
    elif attack == "truncate":
        StoredFact.objects.filter(account=account, sequence__gte=row.sequence).delete()
    elif attack == "swap":
        other = chance.choice([r for r in rows if r.pk != row.pk])
        kept.update(canonical=bytes(other.canonical), sha256=other.sha256)
    elif attack == "insert":
        extra = StoredFact.objects.get(pk=row.pk)
        StoredFact.objects.filter(account=account, sequence__gt=row.sequence).update(
            sequence=models_f_plus(1000)
        )
        StoredFact.objects.filter(account=account, sequence__gt=1000).update(sequence=models_f_plus(-999))
        extra.pk, extra.sequence, extra.fact_id, extra.idempotency_key = (
            None,
            row.sequence + 1,
            "forged",
            "forged",
        )
        extra.save()
    else:
        note = SignedCheckpoint.objects.get(account=account)
        SignedCheckpoint.objects.filter(pk=note.pk).update(note=note.note.replace("\n12\n", "\n11\n"))
    return attack


def models_f_plus(step: int):  # type: ignore[no-untyped-def]
    """sequence + step, in the database."""
    from django.db.models import F

    return F("sequence") + step


@pytest.mark.usefixtures("unguarded")
def test_no_random_tampering_is_missed(aubrac: Account) -> None:
    note = checkpoints.sign(aubrac, NOW).note
    chance, missed = random.Random(20240214), []
    for number in range(TAMPERINGS):
        try:
            with transaction.atomic():
                attack = _tamper(aubrac, chance)
                if verifying.verify(aubrac, note).verdict is Verdict.OK:
                    missed.append((number, attack))
                raise InterruptedError  # undo it
        except InterruptedError:
            pass
    assert missed == []
    assert verifying.verify(aubrac, note).verdict is Verdict.OK


# --- offline ---------------------------------------------------------------------------------------------------------


def _offline(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the verifier as a stranger does: Python alone, isolated, no Jalon on its path."""
    return subprocess.run(
        [sys.executable, "-I", "-S", str(folder / "verify.py"), *arguments],
        capture_output=True, text=True, check=False, env={"LANG": "en_US.UTF-8"},
    )  # fmt: skip


@pytest.fixture
def exported(aubrac: Account, tmp_path: Path) -> Path:
    """The client's own export, unpacked."""
    folder = tmp_path / "export"
    zipfile.ZipFile(io.BytesIO(exporting.archive(aubrac, Side.CLIENT, NOW))).extractall(folder)
    return folder


def test_the_client_checks_its_export_offline(exported: Path, aubrac: Account) -> None:
    done = _offline(exported)
    assert done.returncode == 0, done.stderr
    assert (
        "12 facts, whole and in order, as they were signed (11 readable, 1 kept by the other side)"
        in done.stdout
    )
    assert "entre nous" not in (exported / "leaves.jsonl").read_text()


def test_an_older_checkpoint_is_found_at_the_beginning_of_a_later_export(
    exported: Path, aubrac: Account
) -> None:
    kept = exported / "checkpoint.txt"
    book.append_many(
        aubrac,
        [
            draft(
                "provider.question",
                at(6, 1),
                ref="q9",
                text="Encore ?",
                needed_for="le plan",
                addressee="nadia",
            )
        ],
        now=NOW,
    )
    later = exported.parent / "later.zip"
    later.write_bytes(exporting.archive(aubrac, Side.CLIENT, NOW))
    assert _offline(exported, str(later), "--against", str(kept)).returncode == 0
    newer = exported.parent / "newer.txt"
    newer.write_text(checkpoints.sign(aubrac, NOW).note)
    behind = _offline(exported, "--against", str(newer))
    assert (behind.returncode, behind.stderr.strip()) == (
        4,
        "You kept a checkpoint of 13 facts; this export has 12.",
    )


@pytest.mark.usefixtures("unguarded")
def test_a_rewritten_history_disagrees_with_the_kept_checkpoint(exported: Path, aubrac: Account) -> None:
    _rewritten(aubrac, {"text": "Une autre question"})
    SignedCheckpoint.objects.all().delete()
    (checkpoints._mark(aubrac)).unlink()
    forged = exported.parent / "forged.zip"
    forged.write_bytes(exporting.archive(aubrac, Side.CLIENT, NOW))
    assert _offline(exported, str(forged)).returncode == 0  # it fits in itself
    done = _offline(exported, str(forged), "--against", str(exported / "checkpoint.txt"))
    assert done.returncode == 3
    assert "two histories" in done.stderr


def test_one_flipped_bit_anywhere_in_the_export_is_found(exported: Path) -> None:
    chance = random.Random(7)
    for name in ("leaves.jsonl", "checkpoint.txt", "manifest.json"):
        path = exported / name
        whole = path.read_bytes()
        for _attempt in range(8):
            altered = bytearray(whole)
            place = chance.randrange(len(altered))
            altered[place] ^= 1 << chance.randrange(7)
            path.write_bytes(bytes(altered))
            done = _offline(exported)
            same_meaning = name == "manifest.json" and _means_the_same(whole, bytes(altered))
            assert done.returncode != 0 or same_meaning, (name, place, whole[place - 20 : place + 20])
        path.write_bytes(whole)


def _means_the_same(whole: bytes, altered: bytes) -> bool:
    """White space of the manifest, and what it only tells, prove nothing."""
    proven = ("account", "log", "key")
    try:
        one, two = json.loads(whole), json.loads(altered)
    except ValueError:
        return False
    return all(one[key] == two.get(key) for key in proven)


def test_both_verifiers_compute_the_same_tree(aubrac: Account, exported: Path) -> None:
    sys.path.insert(0, str(exported))
    try:
        import verify as standalone  # type: ignore[import-not-found]
    finally:
        sys.path.remove(str(exported))
    for size in range(20):
        leaves = [merkle.leaf_hash(str(n).encode()) for n in range(size)]
        assert standalone.root(leaves) == merkle.root(leaves)
    ours = checkpoints.signer()
    for text in (b"", b"a", b"x" * 1000):
        signature = ours.key.sign(text)
        assert standalone.signed_by(ours.public, text, signature)
        assert not standalone.signed_by(ours.public, text + b"!", signature)
        assert not standalone.signed_by(ours.public, text, bytes([signature[0] ^ 1]) + signature[1:])
