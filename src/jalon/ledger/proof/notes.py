"""Signed checkpoints: the notes of C2SP (signed-note, tlog-checkpoint), with Ed25519 (RFC 8032)."""

from __future__ import annotations

import base64
import binascii
import hashlib
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from jalon.core.text import SaidError, _

ED25519 = b"\x01"


class BadNote(SaidError):
    """A note that cannot be read or was not signed by this key; `said` is the sentence for whoever brought it."""


@dataclass(frozen=True)
class Checkpoint:
    """The state of one log: its name, how many leaves, their root (32 bytes)."""

    origin: str
    size: int
    root: bytes

    @property
    def body(self) -> str:
        """The signed lines (C2SP tlog-checkpoint)."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"


@dataclass(frozen=True)
class Signer:
    """An installation's signing key and the name under which its notes are signed."""

    name: str
    key: Ed25519PrivateKey

    @property
    def public(self) -> bytes:
        """The public key, 32 bytes."""
        return self.key.public_key().public_bytes_raw()

    @property
    def verifier(self) -> str:
        """What others need to check a note: name, key id and public key in one line (C2SP signed-note, "vkey")."""
        packed = base64.b64encode(ED25519 + self.public).decode()
        return f"{self.name}+{key_id(self.name, self.public).hex()}+{packed}"

    def sign(self, checkpoint: Checkpoint) -> str:
        """The note: body, empty line, signature line."""
        signature = self.key.sign(checkpoint.body.encode())
        packed = base64.b64encode(key_id(self.name, self.public) + signature).decode()
        return f"{checkpoint.body}\n— {self.name} {packed}\n"


def key_id(name: str, public: bytes) -> bytes:
    """The four bytes that name a key in a signature line (C2SP signed-note)."""
    return hashlib.sha256(name.encode() + b"\n" + ED25519 + public).digest()[:4]


def parse(note: str) -> Checkpoint:
    """The checkpoint that a note states, its signature not looked at. Raises BadNote."""
    body, _blank, _signatures = note.replace("\r\n", "\n").lstrip("\n").partition("\n\n")
    lines = body.split("\n")
    if len(lines) < 3 or not lines[0] or not lines[1].isdecimal() or str(int(lines[1])) != lines[1]:
        raise BadNote(_("This is not a checkpoint: it has a name, a number and a root on three lines."))
    try:
        root = base64.b64decode(lines[2], validate=True)
    except (binascii.Error, ValueError):
        root = b""
    if len(root) != 32:
        raise BadNote(_("The root of this checkpoint, its third line, is not 32 bytes in base64."))
    return Checkpoint(lines[0], int(lines[1]), root)


def opened(note: str, name: str, public: bytes) -> Checkpoint:
    """The checkpoint of a note signed by this key. Raises BadNote when it cannot be read or the signature is not this key's."""
    checkpoint = parse(note)
    text = note.replace("\r\n", "\n").lstrip("\n")
    _body, _blank, signatures = text.partition("\n\n")
    for line in signatures.split("\n"):
        signature = _signature(line, name, public)
        if signature is None:
            continue
        try:
            Ed25519PublicKey.from_public_bytes(public).verify(signature, checkpoint.body.encode())
        except InvalidSignature as error:
            raise BadNote(_("The signature does not fit: this checkpoint was altered.")) from error
        return checkpoint
    raise BadNote(_("This checkpoint was not signed by this installation."))


def _signature(line: str, name: str, public: bytes) -> bytes | None:
    """The 64 bytes of a signature line of this key; None for any other line."""
    dash, _space, rest = line.partition(" ")
    signer, _space, packed = rest.rpartition(" ")
    if dash != "—" or signer != name:
        return None
    try:
        content = base64.b64decode(packed, validate=True)
    except (binascii.Error, ValueError):
        return None
    if len(content) != 68 or content[:4] != key_id(name, public):
        return None
    return content[4:]
