"""The tree against the vectors of certificate transparency, and for all sizes: good proofs pass, altered ones never."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jalon.ledger.proof import merkle

# The eight leaves and roots of the reference implementation of RFC 6962.
LEAVES = [
    merkle.leaf_hash(bytes.fromhex(leaf))
    for leaf in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = {
    0: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    1: "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    2: "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    3: "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    4: "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    5: "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    6: "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    7: "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    8: "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
}


@pytest.mark.parametrize("size", ROOTS)
def test_roots_are_those_of_the_reference_implementation(size: int) -> None:
    assert merkle.root(LEAVES[:size]).hex() == ROOTS[size]


def leaves_of(size: int) -> list[bytes]:
    return [merkle.leaf_hash(str(number).encode()) for number in range(size)]


def test_every_leaf_of_every_small_tree_is_shown_and_no_other() -> None:
    for size in range(1, 40):
        leaves = leaves_of(size)
        root = merkle.root(leaves)
        for index in range(size):
            proof = merkle.inclusion_proof(leaves, index)
            assert merkle.includes(leaves[index], index, size, proof, root)
            assert not merkle.includes(leaves[index - 1], index, size, proof, root) or size == 1
            assert not merkle.includes(leaves[index], index, size, [*proof, root], root)
            if proof:
                assert not merkle.includes(leaves[index], index, size, proof[:-1], root)


def test_every_beginning_of_every_small_tree_is_shown() -> None:
    for size in range(1, 40):
        leaves = leaves_of(size)
        root = merkle.root(leaves)
        for old in range(size + 1):
            proof = merkle.consistency_proof(leaves, old)
            assert merkle.extends(old, merkle.root(leaves[:old]), size, root, proof), (old, size)


@given(size=st.integers(2, 300), data=st.data())
def test_a_history_that_was_rewritten_extends_nothing_handed_out(size: int, data: st.DataObject) -> None:
    leaves = leaves_of(size)
    old = data.draw(st.integers(1, size))
    changed = data.draw(st.integers(0, old - 1))
    forged = [*leaves[:changed], merkle.leaf_hash(b"forged"), *leaves[changed + 1 :]]
    proof = merkle.consistency_proof(forged, old)
    assert not merkle.extends(old, merkle.root(leaves[:old]), size, merkle.root(forged), proof)


@given(size=st.integers(2, 200), data=st.data())
def test_one_flipped_bit_of_a_proof_is_refused(size: int, data: st.DataObject) -> None:
    leaves = leaves_of(size)
    index = data.draw(st.integers(0, size - 1))
    proof = merkle.inclusion_proof(leaves, index)
    step = data.draw(st.integers(0, len(proof) - 1))
    bit = data.draw(st.integers(0, 255))
    altered = bytearray(proof[step])
    altered[bit // 8] ^= 1 << (bit % 8)
    proof[step] = bytes(altered)
    assert not merkle.includes(leaves[index], index, size, proof, merkle.root(leaves))


@pytest.mark.parametrize(("size", "old"), [(3, 4), (3, -1)])
def test_a_size_that_never_was_is_an_error(size: int, old: int) -> None:
    with pytest.raises(ValueError, match="never had"):
        merkle.consistency_proof(leaves_of(size), old)
