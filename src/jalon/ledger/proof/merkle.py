"""The Merkle tree of RFC 6962: leaves, root, inclusion and consistency proofs, and their verification (RFC 9162, 2.1)."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Sequence

EMPTY = hashlib.sha256(b"").digest()
"""The root of a tree without a leaf (RFC 6962, 2.1)."""


def leaf_hash(content: bytes) -> bytes:
    """The hash of a leaf; its prefix keeps it from passing for a node (RFC 6962, 2.1)."""
    return hashlib.sha256(b"\x00" + content).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of two subtrees."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def root(leaves: Sequence[bytes]) -> bytes:
    """The root over leaf hashes, in order; linear time, logarithmic memory."""
    return roots(leaves, {len(leaves)})[len(leaves)]


def roots(leaves: Iterable[bytes], sizes: Collection[int]) -> dict[int, bytes]:
    """The roots of the tree at each of these sizes, in one pass; a size that it never had is left out."""
    found = {0: EMPTY} if 0 in sizes else {}
    peaks: list[tuple[int, bytes]] = []
    for count, leaf in enumerate(leaves, start=1):
        size, digest = 1, leaf
        while peaks and peaks[-1][0] == size:
            size, digest = size * 2, node_hash(peaks.pop()[1], digest)
        peaks.append((size, digest))
        if count in sizes:
            found[count] = _folded([peak for _size, peak in peaks])
    return found


def _folded(peaks: list[bytes]) -> bytes:
    digest = peaks.pop()
    while peaks:
        digest = node_hash(peaks.pop(), digest)
    return digest


def _split(size: int) -> int:
    """The largest power of two smaller than `size`."""
    return 1 << ((size - 1).bit_length() - 1)


def inclusion_proof(leaves: Sequence[bytes], index: int) -> list[bytes]:
    """The audit path of the leaf at `index` (from 0), from the leaf up (RFC 6962, 2.1.1). Raises ValueError outside the tree."""
    if not 0 <= index < len(leaves):
        raise ValueError(f"no leaf {index} in a tree of {len(leaves)}")
    if len(leaves) == 1:
        return []
    middle = _split(len(leaves))
    if index < middle:
        return [*inclusion_proof(leaves[:middle], index), root(leaves[middle:])]
    return [*inclusion_proof(leaves[middle:], index - middle), root(leaves[:middle])]


def consistency_proof(leaves: Sequence[bytes], old_size: int) -> list[bytes]:
    """What shows that the tree of `old_size` leaves is the beginning of this one (RFC 6962, 2.1.2).

    Raises ValueError unless 0 <= old_size <= len(leaves); nothing needs to be shown from an empty or an equal tree.
    """
    if not 0 <= old_size <= len(leaves):
        raise ValueError(f"a tree of {len(leaves)} leaves never had {old_size}")
    if old_size in (0, len(leaves)):
        return []
    return _subproof(leaves, old_size, whole=True)


def _subproof(leaves: Sequence[bytes], old_size: int, *, whole: bool) -> list[bytes]:
    if old_size == len(leaves):
        return [] if whole else [root(leaves)]
    middle = _split(len(leaves))
    if old_size <= middle:
        return [*_subproof(leaves[:middle], old_size, whole=whole), root(leaves[middle:])]
    return [*_subproof(leaves[middle:], old_size - middle, whole=False), root(leaves[:middle])]


def includes(leaf: bytes, index: int, size: int, proof: Sequence[bytes], expected_root: bytes) -> bool:
    """Whether the proof shows this leaf hash at `index` of the tree of `size` leaves (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < size:
        return False
    place, last, digest = index, size - 1, leaf
    for sister in proof:
        if last == 0:
            return False
        if place & 1 or place == last:
            digest = node_hash(sister, digest)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            digest = node_hash(digest, sister)
        place, last = place >> 1, last >> 1
    return last == 0 and digest == expected_root


def extends(old_size: int, old_root: bytes, size: int, new_root: bytes, proof: Sequence[bytes]) -> bool:
    """Whether the proof shows the old tree as the beginning of the new one (RFC 9162, 2.1.4.2)."""
    if old_size == size:
        return not proof and old_root == new_root
    if old_size == 0:
        return not proof and old_root == EMPTY
    if not 0 < old_size < size or not proof:
        return False
    path = list(proof)
    if old_size & (old_size - 1) == 0:
        path.insert(0, old_root)
    place, last = old_size - 1, size - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    old = new = path[0]
    for sister in path[1:]:
        if last == 0:
            return False
        if place & 1 or place == last:
            old, new = node_hash(sister, old), node_hash(sister, new)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            new = node_hash(new, sister)
        place, last = place >> 1, last >> 1
    return last == 0 and old == old_root and new == new_root
