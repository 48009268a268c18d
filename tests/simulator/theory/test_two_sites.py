"""The exact chain of two sites: limits, the order of the rules, and its published lesson."""

import numpy as np
import pytest

from simulator.theory.erlang_a import impatient
from simulator.theory.two_sites import (
    TwoSites,
    idle_elsewhere,
    long_run,
    naive_delay,
    pooled,
    shortest_delay,
    stay,
)

SITES = TwoSites(agents=(12, 3), rates_per_s=(0.06, 0.016), aht_s=180.0, patience_s=120.0)


def test_sites_that_never_move_are_alone() -> None:
    found = long_run(SITES, stay)
    alone = [impatient(n, r * 180, 180.0, 120.0) for n, r in ((12, 0.06), (3, 0.016))]
    assert found.mean_queue == pytest.approx([site.mean_queue for site in alone], rel=1e-9)
    assert found.occupancy == pytest.approx([site.occupancy for site in alone], rel=1e-9)
    assert found.moved_share == 0.0
    waits = (0.06 * alone[0].waiting_share + 0.016 * alone[1].waiting_share) / 0.076
    assert found.waiting_share == pytest.approx(waits, rel=1e-9)


def test_rules_get_better_as_they_know_more_and_none_beats_the_pool() -> None:
    rules = (stay, idle_elsewhere, shortest_delay)
    given_up = [long_run(SITES, rule).abandonment for rule in rules]
    assert given_up == sorted(given_up, reverse=True)
    assert pooled(SITES).abandonment < given_up[-1]


def test_counting_an_idle_agent_as_a_wait_is_worse() -> None:
    """Calls queue at the large site while the small one idles."""
    assert long_run(SITES, naive_delay).abandonment > long_run(SITES, shortest_delay).abandonment


def test_every_call_is_somewhere() -> None:
    found = long_run(SITES, shortest_delay)
    work = sum(n * o for n, o in zip(SITES.agents, found.occupancy, strict=True)) / 180.0
    left = sum(found.mean_queue) / 120.0
    assert work + left == pytest.approx(0.076, rel=1e-9)
    assert found.abandonment == pytest.approx(left / 0.076)


def test_rules_on_single_states() -> None:
    def moved(rule: object, home: int, other: int) -> bool:
        return bool(rule(np.array(home), 12, np.array(other), 3))  # type: ignore[operator]

    assert not moved(idle_elsewhere, 11, 0)
    assert moved(idle_elsewhere, 12, 2)
    assert not moved(idle_elsewhere, 12, 3)
    assert moved(shortest_delay, 12, 2)
    assert not moved(shortest_delay, 14, 3)  # 3 / 12 against 1 / 3
    assert moved(shortest_delay, 16, 3)  # 5 / 12 against 1 / 3
    assert not moved(naive_delay, 12, 0)  # 1 / 12 against 1 / 3, though three are idle
