"""A site that answers and hangs up at once is found, avoided and taken back."""

from __future__ import annotations

import pytest
from sim_black_hole import BROKEN_S, blind, carried_out, counted, found, hole_case, taken

from nirc.core.router import Router

SEEDS = (1, 2)
BLIND_SEED = 1
"A seed at which the checker finds a router that suspends nobody."


@pytest.mark.parametrize("seed", SEEDS)
def test_a_site_that_hangs_up_is_suspended_and_returns_after_it_is_mended(seed: int) -> None:
    run = carried_out(hole_case(seed))
    assert run.problems == ()
    assert counted(run) == {"black_holes.suspended.queue": 1, "black_holes.returned": 1}
    from_s, lasts_s = BROKEN_S
    assert taken(run, "porto", from_s, from_s + 60.0) <= 15, "until it was found"
    probes = taken(run, "porto", from_s + 60.0, from_s + lasts_s)
    moves = taken(run, "faro", from_s + 60.0, from_s + lasts_s)
    assert 1 <= probes <= 0.1 * moves
    assert taken(run, "porto", 540.0, 600.0) >= 2, "it serves again"


def test_a_router_that_suspends_nobody_is_found_by_the_checker() -> None:
    run = carried_out(hole_case(BLIND_SEED, for_s=300.0), blind)
    wrong = found(run)
    assert [(one.invariant, one.site) for one in wrong] == [("S14", "porto")]
    assert any("S14" in problem for problem in run.problems)
    assert not counted(run)


def test_a_killed_leader_takes_no_suspension_with_it() -> None:
    """Whoever leads next goes on avoiding the site."""
    kills = [
        {"kind": "node", "node": node, "from_s": 120.0 + 40.0 * node, "lasts_s": 20.0}
        for node in range(3)
    ]
    run = carried_out(hole_case(3, *kills, for_s=300.0), Router)
    assert run.problems == ()
    moves = taken(run, "faro", 120.0, 300.0)
    assert taken(run, "porto", 120.0, 300.0) <= 0.1 * moves
    assert counted(run)["black_holes.suspended.queue"] <= 1


def test_a_network_whose_talks_are_all_short_suspends_nobody() -> None:
    """Everybody hangs up: a carrier that drops calls, or an announcement service, is no hole."""
    others = [
        {"kind": "black_hole", "site": site, "from_s": 1.0, "lasts_s": 299.0}
        for site in ("lisbon", "faro", "porto")
    ]
    case = hole_case(4, *others, for_s=200.0)
    assert not counted(carried_out(case))
