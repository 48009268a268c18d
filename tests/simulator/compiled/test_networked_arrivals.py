"""Moved calls that meet a full trunk group find their way home."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sim_models import moved_by
from sim_networked import Bench

from simulator.compiled import networked_layout as n
from simulator.model.instants import US
from simulator.model.network import MoveMethod
from simulator.model.outcomes import MoveEnd, Outcome


def _full(method: MoveMethod, *, also_at_home: bool = False) -> Bench:
    """The target's network group has no channel, and no path claims one."""
    changes = moved_by(method, target_channels=0)
    home, target = changes["sites"]
    few = replace(target, trunks=(target.trunks[0], replace(target.trunks[1], channels_max=0)))
    if also_at_home:
        home = replace(home, trunks=(replace(home.trunks[0], channels_max=2), home.trunks[1]))
    return Bench((1, 1), **(changes | {"sites": (home, few)}))


@pytest.mark.parametrize(
    ("method", "ended"),
    [
        ("redirect_302", MoveEnd.RETURNED),
        ("refer", MoveEnd.PUT_BACK),
        ("bridge", MoveEnd.PUT_BACK),
    ],
)
def test_the_caller_is_served_at_home_after_all(method: MoveMethod, ended: MoveEnd) -> None:
    bench = _full(method)
    part = bench.calls((0.0, 0, 20.0), (1.0, 0, 9.0), until_s=60.0)
    assert set(part.moves["ended"].tolist()) == {ended}
    last = part.outcomes[part.outcomes["number"] == 1][0]
    assert (last["outcome"], last["row"], last["moves"]) == (Outcome.ANSWERED, 0, 0)
    assert last["wait_us"] >= 19 * US
    assert bench.run.sums.blocked[:, 3].sum() == len(part.moves)
    assert bench.world.staff[1, n.A_STATE] == n.READY  # held no more


def test_who_finds_the_way_home_full_too_gets_a_busy_tone() -> None:
    bench = _full("redirect_302", also_at_home=True)
    # the third caller takes the channel that the second one left
    part = bench.calls((0.0, 0, 20.0), (1.0, 0, 9.0), (2.03, 0, 9.0), until_s=3.0)
    busy = part.outcomes[part.outcomes["outcome"] == Outcome.NO_CHANNEL]
    assert (busy["number"].tolist(), busy["row"].tolist()) == ([1], [0])
