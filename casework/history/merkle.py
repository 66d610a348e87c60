"""Merkle trees as in RFC 6962: one root over many leaves, and for each leaf a short path that proves it."""

from collections.abc import Sequence
from hashlib import sha256
from typing import Final

EMPTY: Final = sha256(b"\x02").digest()
"""The root over nothing."""


def node(left: bytes, right: bytes) -> bytes:
    """Two subtrees as one. Leaves begin otherwise, so no node passes for a leaf."""
    return sha256(b"\x01" + left + right).digest()


def root_of(leaves: Sequence[bytes]) -> bytes:
    """The root over these leaves, in their order."""
    if not leaves:
        return EMPTY
    level = list(leaves)
    while len(level) > 1:
        level = _level_above(level)
    return level[0]


def path_of(leaves: Sequence[bytes], index: int) -> list[bytes]:
    """What must be added to the leaf at this index, from below, to come to the root."""
    path: list[bytes] = []
    level = list(leaves)
    while len(level) > 1:
        beside = index ^ 1
        if beside < len(level):
            path.append(level[beside])
        level = _level_above(level)
        index >>= 1
    return path


def root_by_path(leaf: bytes, index: int, size: int, path: Sequence[bytes]) -> bytes | None:
    """The root to which the path leads from the leaf at `index` of `size`; None when the path cannot be of
    such a tree."""
    if not 0 <= index < size:
        return None
    steps = iter(path)
    found = leaf
    try:
        while size > 1:
            if index & 1:
                found = node(next(steps), found)
            elif index + 1 < size:
                found = node(found, next(steps))
            index, size = index >> 1, (size + 1) >> 1
    except StopIteration:
        return None
    return found if next(steps, None) is None else None


def _level_above(level: Sequence[bytes]) -> list[bytes]:
    """The last of an odd number goes up as it is."""
    pairs = [node(level[place], level[place + 1]) for place in range(0, len(level) - 1, 2)]
    return [*pairs, level[-1]] if len(level) % 2 else pairs
