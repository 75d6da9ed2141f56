"""A client's ledger as one archive that proves itself: the facts that a side sees, the hash of the others, the checkpoint, the verifier."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import datetime
from pathlib import Path

from jalon.accounts.models import Account
from jalon.core.obligations import Side
from jalon.ledger.canonical import instant
from jalon.ledger.models import StoredFact
from jalon.ledger.proof import checkpoints, merkle, notes

VERIFIER = Path(__file__).with_name("verify.py")
READ_ME = """FR  Ce dossier contient votre registre. Pour le vérifier sans réseau et sans Jalon : python3 verify.py
    Gardez checkpoint.txt : un registre réécrit après coup ne pourra plus s’accorder avec lui.
EN  This folder holds your ledger. To check it offline and without Jalon: python3 verify.py
    Keep checkpoint.txt: a ledger rewritten later can no longer agree with it.
"""


def leaves(account: Account, side: Side | None, size: int) -> list[str]:
    """One line of JSON a fact, in order: the fact's bytes where this side sees it, its leaf hash alone where it does not.

    `side` None is the installation itself: everything is shown.
    """
    rows = StoredFact.objects.filter(account=account, sequence__lte=size).order_by("sequence")
    lines = []
    for sequence, seen_by, content in rows.values_list("sequence", "visibility", "canonical"):
        leaf = bytes(content)
        entry: dict[str, object] = {"sequence": sequence}
        if side is None or seen_by in ("both", side.value):
            entry["leaf"] = leaf.decode()
        else:
            entry["leaf_hash"] = merkle.leaf_hash(leaf).hex()
        lines.append(json.dumps(entry, ensure_ascii=False))
    return lines


def archive(account: Account, side: Side | None, now: datetime) -> bytes:
    """The ZIP of a client's ledger as it is now, signed. Raises checkpoints.NotSigned."""
    signed = checkpoints.sign(account, now)
    said = notes.parse(signed.note)
    manifest = {
        "format": "jalon-ledger/1",
        "account": account.ref,
        "log": said.origin,
        "size": said.size,
        "root": said.root.hex(),
        "key": checkpoints.signer().verifier,
        "exported_at": instant(now),
        "side": side.value if side else "all",
    }
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as file:
        for name, text in (
            ("README.txt", READ_ME),
            ("manifest.json", json.dumps(manifest, indent=2) + "\n"),
            ("checkpoint.txt", signed.note),
            ("leaves.jsonl", "".join(f"{line}\n" for line in leaves(account, side, said.size))),
            ("verify.py", VERIFIER.read_text()),
        ):
            entry = zipfile.ZipInfo(name, now.timetuple()[:6])
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            file.writestr(entry, text)
    return content.getvalue()
