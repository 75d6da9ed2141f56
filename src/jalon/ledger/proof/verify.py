#!/usr/bin/env python3
"""Check an export of a Jalon ledger, offline, with nothing but Python: every fact, their tree, the signature, a checkpoint you kept.

    python verify.py                          the folder that holds this file
    python verify.py export.zip               an archive that was not unpacked
    python verify.py export.zip --against checkpoint-of-march.txt

Exit codes: 0 whole; 2 something was altered (named); 3 another history than the one you kept; 4 fewer facts than you kept.
Sources: RFC 6962 (tree), RFC 8032 (Ed25519), RFC 8785 (canonical JSON), C2SP signed-note and tlog-checkpoint.
"""

import base64
import hashlib
import json
import os
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

Point = tuple[int, int, int, int]
Key = tuple[str, bytes, bytes]
OK, BAD, FORK, BEHIND = 0, 2, 3, 4
FRENCH = os.environ.get("LANG", "").lower().startswith("fr")
KEYS = {
    "schema", "account", "sequence", "id", "kind", "at", "recorded_at", "side", "recorded_by", "source", "visibility",
    "evidence", "idempotency_key", "fields", "prev_sha256",
}  # fmt: skip


class Stop(Exception):
    """Something does not fit: the exit code and the sentence."""

    def __init__(self, code: int, english: str, french: str) -> None:
        super().__init__(french if FRENCH else english)
        self.code = code


# --- Ed25519, as RFC 8032 (5.1) writes it -----------------------------------------------------------------------------

P = 2**255 - 19
Q = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT = pow(2, (P - 1) // 4, P)


def _x(y: int, sign: int) -> int | None:
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    if square == 0:
        return None if sign else 0
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT % P
    if (x * x - square) % P:
        return None
    return P - x if (x & 1) != sign else x


def _add(a: Point, b: Point) -> Point:
    e = (a[1] - a[0]) * (b[1] - b[0]) % P
    f = (a[1] + a[0]) * (b[1] + b[0]) % P
    g, h = 2 * a[3] * b[3] * D % P, 2 * a[2] * b[2] % P
    e, g, h, k = f - e, h - g, h + g, f + e
    return (e * g % P, h * k % P, g * h % P, e * k % P)


def _times(n: int, point: Point) -> Point:
    total = (0, 1, 1, 0)
    while n:
        if n & 1:
            total = _add(total, point)
        point = _add(point, point)
        n >>= 1
    return total


def _point(packed: bytes) -> Point | None:
    y = int.from_bytes(packed, "little")
    sign, y = y >> 255, y & ((1 << 255) - 1)
    x = _x(y, sign)
    return None if x is None else (x, y, 1, x * y % P)


BASE_Y = 4 * pow(5, P - 2, P) % P
BASE_X = _x(BASE_Y, 0) or 0
BASE: Point = (BASE_X, BASE_Y, 1, BASE_X * BASE_Y % P)


def signed_by(public: bytes, message: bytes, signature: bytes) -> bool:
    """Whether the 64 bytes are the Ed25519 signature of the message by the key (RFC 8032, 5.1.7)."""
    if len(public) != 32 or len(signature) != 64:
        return False
    key, r, s = _point(public), _point(signature[:32]), int.from_bytes(signature[32:], "little")
    if key is None or r is None or s >= Q:
        return False
    h = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % Q
    left, right = _times(s, BASE), _add(r, _times(h, key))
    return not (
        (left[0] * right[2] - right[0] * left[2]) % P or (left[1] * right[2] - right[1] * left[2]) % P
    )


# --- the tree (RFC 6962, 2.1) -----------------------------------------------------------------------------------------


def leaf_hash(content: bytes) -> bytes:
    """The hash of a leaf."""
    return hashlib.sha256(b"\x00" + content).digest()


def root(leaves: list[bytes]) -> bytes:
    """The root over leaf hashes, in order."""
    peaks: list[tuple[int, bytes]] = []
    for leaf in leaves:
        size, digest = 1, leaf
        while peaks and peaks[-1][0] == size:
            size, digest = size * 2, hashlib.sha256(b"\x01" + peaks.pop()[1] + digest).digest()
        peaks.append((size, digest))
    if not peaks:
        return hashlib.sha256(b"").digest()
    digest = peaks.pop()[1]
    while peaks:
        digest = hashlib.sha256(b"\x01" + peaks.pop()[1] + digest).digest()
    return digest


# --- notes (C2SP signed-note, tlog-checkpoint) ------------------------------------------------------------------------


def key_of(vkey: str) -> Key:
    """Name, key id and public key of a verifier line."""
    try:
        name, number, packed = vkey.strip().split("+", 2)
        content = base64.b64decode(packed, validate=True)
        fits = hashlib.sha256(name.encode() + b"\n" + content).digest()[:4].hex() == number
        if content[0] == 1 and len(content) == 33 and fits:
            return name, bytes.fromhex(number), content[1:]
    except (ValueError, IndexError):
        pass
    raise Stop(BAD, "The key of this export cannot be read.", "La clé de cet export est illisible.")


def opened(note: str, key: Key) -> tuple[str, int, bytes]:
    """(log, size, root) of a note signed by this key."""
    name, number, public = key
    text = note.replace("\r\n", "\n").lstrip("\n")
    body, _blank, signatures = text.partition("\n\n")
    body += "\n"
    for line in signatures.split("\n"):
        if not line.startswith("— " + name + " "):
            continue
        try:
            content = base64.b64decode(line.rsplit(" ", 1)[1], validate=True)
        except ValueError:
            continue
        if content[:4] == number and signed_by(public, body.encode(), content[4:]):
            lines = body.split("\n")
            try:
                return lines[0], int(lines[1]), base64.b64decode(lines[2], validate=True)
            except (ValueError, IndexError):
                break
    raise Stop(
        BAD,
        "A checkpoint was altered, or was not signed by this key.",
        "Un point de contrôle a été altéré, ou n’est pas signé par cette clé.",
    )


# --- the export -------------------------------------------------------------------------------------------------------


def _pairs_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name twice")
    return found


def canonical(value: Any) -> str:
    """RFC 8785 bytes; Jalon writes no float, so numbers are whole."""
    if isinstance(value, float):
        raise ValueError("a float")
    if isinstance(value, dict):
        items = sorted(value.items(), key=lambda pair: pair[0].encode("utf-16-be"))
        return "{" + ",".join(canonical(k) + ":" + canonical(v) for k, v in items) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(canonical, value)) + "]"
    return json.dumps(value, ensure_ascii=False)


def leaves_of(lines: list[str], account: str) -> tuple[list[bytes], int]:
    """The leaf hash of each line; facts in full are read and held against their place."""
    found: list[bytes] = []
    shown = 0
    previous: str | None = ""
    for number, line in enumerate(lines, start=1):
        bad = Stop(BAD, f"Fact {number} was altered.", f"Le fait {number} a été altéré.")
        try:
            entry = json.loads(line)
            if entry.get("sequence") != number:
                raise Stop(BAD, f"Fact {number} is missing.", f"Le fait {number} manque.")
            if "leaf" not in entry:
                found.append(bytes.fromhex(entry["leaf_hash"]))
                if len(found[-1]) != 32:
                    raise bad
                previous = None
                continue
            content = entry["leaf"].encode()
            fact = json.loads(content, object_pairs_hook=_pairs_once)
            fits = set(fact) == KEYS and canonical(fact).encode() == content
        except (ValueError, KeyError, AttributeError, TypeError, RecursionError) as error:
            raise bad from error
        if not fits or fact["sequence"] != number or fact["account"] != account:
            raise bad
        if previous is not None and fact["prev_sha256"] != previous:
            raise bad
        previous = hashlib.sha256(content).hexdigest()
        found.append(leaf_hash(content))
        shown += 1
    return found, shown


def reader(place: Path) -> Callable[[str], str]:
    """A function from a file's name in the export to its text."""
    try:
        if place.is_dir():
            return lambda name: (place / name).read_bytes().decode("utf-8")
        archive = zipfile.ZipFile(place)
        if archive.testzip():
            raise zipfile.BadZipFile
        return lambda name: archive.read(name).decode("utf-8")
    except (OSError, zipfile.BadZipFile) as error:
        raise Stop(BAD, f"{place} cannot be read.", f"{place} est illisible.") from error


def check(place: Path, against: str = "", vkey: str = "") -> str:
    """Check an export; returns the sentence to print. Raises Stop."""
    read = reader(place)
    try:
        manifest = json.loads(read("manifest.json"))
        note, lines = read("checkpoint.txt"), read("leaves.jsonl").splitlines()
        given, log, account = manifest["key"], manifest["log"], manifest["account"]
    except (OSError, KeyError, ValueError, TypeError, zipfile.BadZipFile) as error:
        raise Stop(
            BAD,
            "A file of the export is missing or unreadable.",
            "Un fichier de l’export manque ou est illisible.",
        ) from error
    if vkey and vkey.strip() != given:
        raise Stop(
            BAD,
            "The export was signed by another key than yours.",
            "L’export est signé par une autre clé que la vôtre.",
        )
    key = key_of(given)
    leaves, shown = leaves_of(lines, account)
    name, size, signed = opened(note, key)
    if name != log or account not in name.split("/"):
        raise Stop(
            BAD, "The checkpoint is of another ledger.", "Le point de contrôle est celui d’un autre registre."
        )
    if size != len(leaves) or root(leaves) != signed:
        raise Stop(
            BAD,
            f"The {len(leaves)} facts of this export are not the {size} that were signed.",
            f"Les {len(leaves)} faits de cet export ne sont pas les {size} qui ont été signés.",
        )
    if against:
        kept, kept_size, kept_root = opened(Path(against).read_text(encoding="utf-8"), key)
        if kept != log:
            raise Stop(
                BAD,
                "The checkpoint you kept is of another ledger.",
                "Votre point de contrôle est celui d’un autre registre.",
            )
        if kept_size > len(leaves):
            raise Stop(
                BEHIND,
                f"You kept a checkpoint of {kept_size} facts; this export has {len(leaves)}.",
                f"Votre point de contrôle porte sur {kept_size} faits ; cet export en a {len(leaves)}.",
            )
        if root(leaves[:kept_size]) != kept_root:
            raise Stop(
                FORK,
                f"The first {kept_size} facts are not those of the checkpoint you kept: there are two histories.",
                f"Les {kept_size} premiers faits ne sont pas ceux de votre point de contrôle : il y a deux histoires.",
            )
    if FRENCH:
        return f"{log} : {len(leaves)} faits, entiers et dans l’ordre, tels que signés ({shown} lisibles, {len(leaves) - shown} réservés à l’autre partie).\nClé : {given}"
    return f"{log}: {len(leaves)} facts, whole and in order, as they were signed ({shown} readable, {len(leaves) - shown} kept by the other side).\nKey: {given}"


def main(arguments: list[str]) -> int:
    """Read the command line, check, print; returns the exit code."""
    options = {"--against": "", "--key": ""}
    places: list[str] = []
    rest = list(arguments)
    while rest:
        word = rest.pop(0)
        if word in options and rest:
            options[word] = rest.pop(0)
        elif word.startswith("-"):
            print(__doc__)
            return 0 if word in ("-h", "--help") else 1
        else:
            places.append(word)
    place = Path(places[0]) if places else Path(__file__).resolve().parent
    try:
        print(check(place, options["--against"], options["--key"]))
    except Stop as stop:
        print(stop, file=sys.stderr)
        return stop.code
    except OSError as error:
        print(error, file=sys.stderr)
        return 1
    return OK


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
