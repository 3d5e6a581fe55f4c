"""The laws of the tree, judged by the recursive definition and by other people's vectors."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.errors import ProofError, TreeError
from ledger.tree import (
    EMPTY_ROOT,
    Frontier,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    node_hash,
    root_of,
    verify_consistency,
    verify_inclusion,
)

# The reference vectors of Certificate Transparency (google/certificate-transparency and
# transparency-dev/merkle, testonly/constants.go): none of them computed here.
CT_LEAVES = [
    bytes.fromhex(leaf)
    for leaf in "- 00 10 2021 3031 40414243 5051525354555657 606162636465666768696a6b6c6d6e6f".replace(
        "-", ""
    ).split(" ")
]
CT_ROOTS = [
    bytes.fromhex(root)
    for root in (
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    )
]
A = "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7"
B = "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e"
C = "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"
D = "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"
E = "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0"
F = "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"
G = "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a"
H = "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
I = "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"  # noqa: E741
CT_INCLUSION = [(0, 1, ()), (0, 8, (A, B, C)), (5, 8, (D, E, F)), (2, 3, (I,)), (1, 5, (H, B, D))]
CT_CONSISTENCY = [(1, 1, ()), (1, 8, (A, B, C)), (6, 8, (G, E, F)), (2, 5, (B, D))]

CT_HASHES = [leaf_hash(leaf) for leaf in CT_LEAVES]
HASHES = [leaf_hash(number.to_bytes(4)) for number in range(1_200)]


@pytest.mark.parametrize("size", range(9))
def test_the_roots_are_those_of_certificate_transparency(size: int) -> None:
    assert root_of(CT_HASHES[:size]) == CT_ROOTS[size]
    assert Frontier().extend(CT_HASHES[:size]).root() == CT_ROOTS[size]


@pytest.mark.parametrize(("index", "size", "path"), CT_INCLUSION)
def test_the_inclusion_proofs_are_those_of_certificate_transparency(
    index: int, size: int, path: tuple[str, ...]
) -> None:
    proof = [bytes.fromhex(node) for node in path]
    assert inclusion_proof(CT_HASHES, index, size) == proof
    verify_inclusion(CT_HASHES[index], index, size, proof, CT_ROOTS[size])


@pytest.mark.parametrize(("old", "new", "path"), CT_CONSISTENCY)
def test_the_consistency_proofs_are_those_of_certificate_transparency(
    old: int, new: int, path: tuple[str, ...]
) -> None:
    proof = [bytes.fromhex(node) for node in path]
    assert consistency_proof(CT_HASHES, old, new) == proof
    verify_consistency(old, CT_ROOTS[old], new, CT_ROOTS[new], proof)


def test_the_frontier_gives_the_recursive_root_at_every_size_to_300() -> None:
    frontier = Frontier()
    for size in range(301):
        assert frontier.root() == root_of(HASHES[:size])
        assert frontier == Frontier().extend(HASHES[:size])
        frontier = frontier.append(HASHES[size])


@given(st.lists(st.integers(0, 400), max_size=5))
@settings(max_examples=60, deadline=None)
def test_however_the_leaves_are_dealt_into_batches_the_tree_is_the_same(batches: list[int]) -> None:
    frontier, done = Frontier(), 0
    many = list(itertools.islice(itertools.cycle(HASHES), sum(batches)))
    for batch in batches:
        frontier = frontier.extend(many[done : done + batch])
        done += batch
    assert (frontier.size, frontier.root()) == (done, root_of(many))
    assert Frontier.from_bytes(frontier.to_bytes()) == frontier


def test_every_leaf_is_proven_in_every_tree_to_70_and_at_no_other_place() -> None:
    for size in range(1, 71):
        root = root_of(HASHES[:size])
        for index in range(size):
            proof = inclusion_proof(HASHES, index, size)
            verify_inclusion(HASHES[index], index, size, proof, root)
            with pytest.raises(ProofError):
                verify_inclusion(HASHES[index], index + 1, size, proof, root)
            with pytest.raises(ProofError):
                verify_inclusion(HASHES[index + 1], index, size, proof, root)


def test_growth_is_proven_between_all_sizes_to_70() -> None:
    roots = [root_of(HASHES[:size]) for size in range(71)]
    for old, new in itertools.combinations_with_replacement(range(71), 2):
        verify_consistency(old, roots[old], new, roots[new], consistency_proof(HASHES, old, new))


@given(st.integers(1, 1_200), st.data())
@settings(max_examples=150, deadline=None)
def test_proofs_hold_in_larger_trees_too(size: int, data: st.DataObject) -> None:
    index, old = data.draw(st.integers(0, size - 1)), data.draw(st.integers(0, size))
    root = root_of(HASHES[:size])
    verify_inclusion(HASHES[index], index, size, inclusion_proof(HASHES, index, size), root)
    verify_consistency(old, root_of(HASHES[:old]), size, root, consistency_proof(HASHES, old, size))


@given(st.integers(1, 200), st.data())
@settings(max_examples=100, deadline=None)
def test_no_proof_of_growth_fits_a_history_that_was_rewritten(old: int, data: st.DataObject) -> None:
    new = data.draw(st.integers(old, 300))
    changed = data.draw(st.integers(0, old - 1))
    rewritten = [*HASHES[:changed], leaf_hash(b"another"), *HASHES[changed + 1 :]]
    with pytest.raises(ProofError):
        verify_consistency(
            old,
            root_of(HASHES[:old]),
            new,
            root_of(rewritten[:new]),
            consistency_proof(rewritten, old, new),
        )


def flips(proof: list[bytes]) -> list[list[bytes]]:
    """Every proof that differs in one bit."""
    return [
        [*proof[:at], (int.from_bytes(node) ^ 1 << bit).to_bytes(32), *proof[at + 1 :]]
        for at, node in enumerate(proof)
        for bit in range(256)
    ]


@pytest.mark.parametrize(("index", "size"), [(0, 2), (4, 7), (12, 13), (5, 16), (99, 100)])
def test_every_single_flipped_bit_breaks_an_inclusion_proof(index: int, size: int) -> None:
    proof, root = inclusion_proof(HASHES, index, size), root_of(HASHES[:size])
    for broken in flips(proof):
        with pytest.raises(ProofError):
            verify_inclusion(HASHES[index], index, size, broken, root)
    for leaf, head in flips_of_ends(HASHES[index], root):
        with pytest.raises(ProofError):
            verify_inclusion(leaf, index, size, proof, head)


@pytest.mark.parametrize(("old", "new"), [(1, 2), (3, 7), (4, 8), (6, 8), (64, 100), (77, 100)])
def test_every_single_flipped_bit_breaks_a_consistency_proof(old: int, new: int) -> None:
    proof = consistency_proof(HASHES, old, new)
    old_root, new_root = root_of(HASHES[:old]), root_of(HASHES[:new])
    for broken in flips(proof):
        with pytest.raises(ProofError):
            verify_consistency(old, old_root, new, new_root, broken)
    for first, second in flips_of_ends(old_root, new_root):
        with pytest.raises(ProofError):
            verify_consistency(old, first, new, second, proof)


def flips_of_ends(first: bytes, second: bytes) -> list[tuple[bytes, bytes]]:
    """Both hashes with one bit flipped in either."""
    return [(flip[0], flip[1]) for flip in flips([first, second])]


@pytest.mark.parametrize("size", [1, 2, 3, 6, 8, 13])
def test_a_proof_that_is_longer_shorter_or_cut_differently_is_refused(size: int) -> None:
    root = root_of(HASHES[:size])
    for index in range(size):
        proof = inclusion_proof(HASHES, index, size)
        wrong = [[*proof, HASHES[0]], [HASHES[0], *proof], [*proof, proof[-1] if proof else b""]]
        wrong += [proof[1:], proof[:-1], [proof[0] + b"\0", *proof[1:]]] if proof else []
        for broken in wrong:
            with pytest.raises(ProofError):
                verify_inclusion(HASHES[index], index, size, broken, root)


def test_a_longer_left_and_a_shorter_right_hash_do_not_pass_as_the_same_node() -> None:
    left, right = HASHES[:2]
    with pytest.raises(ProofError):
        verify_inclusion(left + right[:1], 0, 2, [right[1:]], node_hash(left, right))

    with pytest.raises(ProofError):
        verify_consistency(1, left + right[:1], 2, node_hash(left, right), [right[1:]])


def test_a_true_proof_does_not_pass_for_a_tree_of_another_height() -> None:
    roots = {size: root_of(HASHES[:size]) for size in (1, 2, 13, 14)}
    for leaf, index, size, proof in [(HASHES[1], 0, 1, HASHES[:1]), (HASHES[0], 0, 4, HASHES[1:2])]:
        with pytest.raises(ProofError):
            verify_inclusion(leaf, index, size, proof, roots[2])
    with pytest.raises(ProofError):
        verify_consistency(1, roots[1], 4, roots[2], consistency_proof(HASHES, 1, 2))
    with pytest.raises(ProofError):
        verify_consistency(5, roots[13], 6, roots[14], consistency_proof(HASHES, 13, 14))


def test_a_consistency_proof_with_a_node_too_many_or_too_few_is_refused() -> None:
    for old, new in itertools.combinations(range(1, 14), 2):
        proof = consistency_proof(HASHES, old, new)
        ends = (root_of(HASHES[:old]), root_of(HASHES[:new]))
        for broken in ([*proof, HASHES[0]], [HASHES[0], *proof], proof[:-1], proof[1:], []):
            with pytest.raises(ProofError):
                verify_consistency(old, ends[0], new, ends[1], broken)


def test_a_tree_never_shrinks_and_has_one_root() -> None:
    one, two = root_of(HASHES[:1]), root_of(HASHES[:2])
    for old, old_root, new, new_root, proof in [
        (2, two, 1, one, []),
        (2, two, 2, one, []),
        (2, two, 2, two, [one]),
        (0, one, 2, two, []),
        (0, EMPTY_ROOT, 2, two, [one]),
        (0, one, 0, one, []),
        (0, EMPTY_ROOT, 0, one, []),
        (-1, EMPTY_ROOT, 2, two, []),
    ]:
        with pytest.raises(ProofError):
            verify_consistency(old, old_root, new, new_root, proof)
    verify_consistency(0, EMPTY_ROOT, 2, two, [])


@pytest.mark.parametrize(("index", "size"), [(-1, 3), (3, 3), (0, 0), (0, 1_201)])
def test_a_leaf_outside_the_tree_has_no_proof(index: int, size: int) -> None:
    with pytest.raises(TreeError):
        inclusion_proof(HASHES, index, size)
    with pytest.raises(ProofError):
        verify_inclusion(HASHES[0], index, size, [], EMPTY_ROOT)


@pytest.mark.parametrize(("old", "new"), [(-1, 3), (4, 3), (0, 1_201)])
def test_trees_that_cannot_be_have_no_proof_of_growth(old: int, new: int) -> None:
    with pytest.raises(TreeError):
        consistency_proof(HASHES, old, new)


def test_a_leaf_cannot_pose_as_a_node() -> None:
    left, right = HASHES[:2]
    assert leaf_hash(left + right) != node_hash(left, right)
    assert leaf_hash(b"\x01" + left + right) != node_hash(left, right)


def test_only_hashes_enter_the_tree() -> None:
    with pytest.raises(TreeError):
        Frontier().append(b"the leaf itself")
    with pytest.raises(TreeError):
        Frontier().extend([b"two leaves", b"themselves"])


@pytest.mark.parametrize(
    "data",
    [b"", b"\0" * 7, b"\0" * 8 + HASHES[0], b"\0" * 7 + b"\1", b"\0" * 7 + b"\1" + HASHES[0][:31]],
)
def test_a_frontier_whose_hashes_do_not_fit_its_size_is_not_read(data: bytes) -> None:
    with pytest.raises(TreeError):
        Frontier.from_bytes(data)
