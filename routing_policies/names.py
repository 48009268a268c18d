"""Turns names into numbers that policies compare.

Rule of this file: the number of a name depends on nothing but the name, so that every node, version
and simulator run gives the same one, and a recorded decision can be replayed.
"""

from __future__ import annotations

from functools import lru_cache
from hashlib import blake2b

NO_NAME = 0.0
"Number of the empty name: nothing there."


@lru_cache(maxsize=65_536)
def name_id(name: str) -> float:
    """A number below 2**48, exact as a float; `NO_NAME` for the empty name. Two names get one
    number with a chance of 1 in 2**48, which a check of all names of a network refuses."""
    if not name:
        return NO_NAME
    return float(
        int.from_bytes(
            blake2b(name.encode("utf-8", "surrogatepass"), digest_size=6).digest(), "big"
        )
    )
