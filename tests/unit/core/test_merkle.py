"""The tree against the definition in RFC 9162, and against a library nobody here wrote."""

from __future__ import annotations

from hashlib import sha256

import pymerkle
import pytest
from hypothesis import given
from hypothesis import strategies as st

from commonweal.core.journal import merkle

SIZES = st.integers(1, 200)


def naive_root(leaves: list[bytes]) -> bytes:
    """MTH as RFC 9162 section 2.1.1 defines it, recursively."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return sha256(b"\x01" + naive_root(leaves[:k]) + naive_root(leaves[k:])).digest()


def naive_path(index: int, leaves: list[bytes]) -> list[bytes]:
    """PATH as RFC 9162 section 2.1.3.1 defines it."""
    if len(leaves) == 1:
        return []
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    if index < k:
        return [*naive_path(index, leaves[:k]), naive_root(leaves[k:])]
    return [*naive_path(index - k, leaves[k:]), naive_root(leaves[:k])]


def grow(size: int) -> tuple[list[bytes], dict[tuple[int, int], bytes], merkle.Frontier]:
    leaves = [merkle.leaf_hash(str(number).encode()) for number in range(size)]
    frontier = merkle.Frontier()
    nodes = {(level, index): hash for leaf in leaves for level, index, hash in frontier.append(leaf)}
    return leaves, nodes, frontier


@given(SIZES)
def test_root_is_the_one_the_rfc_defines(size: int) -> None:
    leaves, nodes, frontier = grow(size)
    assert frontier.root() == naive_root(leaves)
    resumed = merkle.Frontier(size, [nodes[place] for place in merkle.cover(0, size)])
    assert resumed.root() == frontier.root()
    assert len(nodes) == 2 * size - size.bit_count(), "only complete nodes, each once"


@given(SIZES, st.data())
def test_inclusion_paths(size: int, data: st.DataObject) -> None:
    leaves, nodes, frontier = grow(size)
    index = data.draw(st.integers(0, size - 1))
    path = merkle.gather(merkle.inclusion_ranges(index, size), nodes)
    assert path == naive_path(index, leaves)
    assert merkle.verify_inclusion(leaves[index], index, size, path, frontier.root())


@given(SIZES, st.data())
def test_a_path_proves_nothing_else(size: int, data: st.DataObject) -> None:
    leaves, nodes, frontier = grow(size)
    index = data.draw(st.integers(0, size - 1))
    path = merkle.gather(merkle.inclusion_ranges(index, size), nodes)
    root = frontier.root()
    other = data.draw(st.integers(-1, size + 1).filter(lambda number: number != index))
    assert not merkle.verify_inclusion(leaves[index], other, size, path, root) or (
        0 <= other < size and leaves[other] == leaves[index]
    )
    assert not merkle.verify_inclusion(merkle.leaf_hash(b"never"), index, size, path, root)
    assert not merkle.verify_inclusion(leaves[index], index, size, [*path, root], root)
    if path:
        place = data.draw(st.integers(0, len(path) - 1))
        spoilt = [*path[:place], bytes(32), *path[place + 1 :]]
        assert not merkle.verify_inclusion(leaves[index], index, size, spoilt, root)
        assert not merkle.verify_inclusion(leaves[index], index, size, path[:-1], root)


@given(SIZES, st.data())
def test_consistency(size: int, data: st.DataObject) -> None:
    leaves, nodes, frontier = grow(size)
    old = data.draw(st.integers(1, size))
    path = merkle.gather(merkle.consistency_ranges(old, size), nodes)
    before, after = naive_root(leaves[:old]), frontier.root()
    assert merkle.verify_consistency(old, size, before, after, path)
    assert not merkle.verify_consistency(old, size, bytes(32), after, path)
    assert not merkle.verify_consistency(old, size, before, bytes(32), path)
    if old < size:
        assert not merkle.verify_consistency(old, size, before, after, path[:-1])


@given(SIZES, st.data())
def test_pymerkle_computes_the_same(size: int, data: st.DataObject) -> None:
    peer = pymerkle.InmemoryTree(algorithm="sha256")
    for number in range(size):
        peer.append(str(number).encode())
    leaves, nodes, frontier = grow(size)
    index = data.draw(st.integers(0, size - 1))
    old = data.draw(st.integers(1, size))
    assert peer.get_state() == frontier.root()
    theirs = peer.prove_inclusion(index + 1).path
    assert theirs == [leaves[index], *merkle.gather(merkle.inclusion_ranges(index, size), nodes)]
    assert peer.get_state(old) == naive_root(leaves[:old])


@pytest.mark.parametrize(("index", "size"), [(0, 0), (-1, 3), (3, 3)])
def test_a_leaf_outside_the_tree_has_no_path(index: int, size: int) -> None:
    with pytest.raises(ValueError, match="not in a tree"):
        merkle.inclusion_ranges(index, size)


@pytest.mark.parametrize(("old", "size"), [(0, 3), (4, 3)])
def test_a_larger_tree_is_no_beginning(old: int, size: int) -> None:
    with pytest.raises(ValueError, match="no beginning"):
        merkle.consistency_ranges(old, size)
    assert not merkle.verify_consistency(old, size, bytes(32), bytes(32), [])


def test_the_empty_tree() -> None:
    assert merkle.Frontier().root() == merkle.EMPTY_ROOT == sha256(b"").digest()


def test_an_edge_that_does_not_fit_is_refused() -> None:
    with pytest.raises(ValueError, match="edge"):
        merkle.Frontier(3, [bytes(32)])
