"""Sets of sites, as bits of several whole numbers that stand one after the other.

Rule of this file: a set is named by the line it stands in and its first column. Runs as it is, and
compiled.
"""

from __future__ import annotations

from simulator.compiled import networked_layout as n


def holds(line: n.Whole, column: int, site: int) -> bool:
    """Is a site in the set?"""
    return bool(line[column + site // n.SET_BITS] >> site % n.SET_BITS & 1)


def join_set(line: n.Whole, column: int, site: int) -> None:
    """A site is in the set from now on."""
    line[column + site // n.SET_BITS] |= 1 << site % n.SET_BITS


def empty_set(line: n.Whole, column: int) -> None:
    """No site is in the set any more."""
    for i in range(n.SET_WORDS):
        line[column + i] = 0


def copy_set(line: n.Whole, column: int, other: n.Whole, from_column: int) -> None:
    """A set becomes what another one is."""
    for i in range(n.SET_WORDS):
        line[column + i] = other[from_column + i]


def same_set(line: n.Whole, column: int, other: n.Whole, from_column: int) -> bool:
    """Are two sets the same?"""
    same = True
    for i in range(n.SET_WORDS):
        same = same and line[column + i] == other[from_column + i]
    return bool(same)
