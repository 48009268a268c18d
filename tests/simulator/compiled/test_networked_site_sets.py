"""Sets of sites in several whole numbers."""

from __future__ import annotations

import numpy as np

from simulator.compiled import networked_layout as n
from simulator.compiled.networked_site_sets import copy_set, empty_set, holds, join_set

MOST = n.SET_WORDS * n.SET_BITS


def test_a_set_holds_what_joined_it_and_nothing_else() -> None:
    line = np.zeros(1 + n.SET_WORDS, np.int64)
    sites = {0, 1, 59, 60, 61, 119, 120, MOST - 1}
    for site in sites:
        join_set(line, 1, site)
    assert {site for site in range(MOST) if holds(line, 1, site)} == sites
    assert line[0] == 0


def test_a_set_is_copied_and_emptied() -> None:
    one, other = np.zeros(n.SET_WORDS, np.int64), np.zeros(n.SET_WORDS + 2, np.int64)
    join_set(one, 0, 77)
    copy_set(other, 2, one, 0)
    empty_set(one, 0)
    assert holds(other, 2, 77)
    assert not holds(one, 0, 77)
