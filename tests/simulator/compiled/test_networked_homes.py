"""Legs that stay at home: a bridge's to the end of the call, a REFER's for a while."""

from __future__ import annotations

from typing import Any

import pytest
from sim_models import moved_by
from sim_networked import Bench

from simulator.compiled import networked_layout as n
from simulator.model.instants import US
from simulator.model.network import MoveMethod
from simulator.model.outcomes import Method, MoveEnd, Outcome


def _two_calls(method: MoveMethod, **changes: Any) -> tuple[Bench, Any]:
    """The second caller is moved while the first talks."""
    bench = Bench((1, 1), **moved_by(method, **changes))
    return bench, bench.calls((0.0, 0, 60.0), (1.0, 0, 30.0), until_s=90.0)


@pytest.mark.parametrize(("method", "number"), [("refer", Method.REFER), ("bridge", Method.BRIDGE)])
def test_an_answered_caller_is_moved(method: MoveMethod, number: Method) -> None:
    _, part = _two_calls(method)
    moved = part.outcomes[part.outcomes["number"] == 1][0]
    assert (moved["outcome"], moved["row"], moved["method"]) == (Outcome.ANSWERED, 1, number)
    assert part.moves["ended"].tolist() == [MoveEnd.ARRIVED]


def test_a_bridge_holds_its_channels_until_the_call_ends() -> None:
    bench, part = _two_calls("bridge", origin_channels=2)
    end = part.outcomes["ended_us"][part.outcomes["number"] == 1][0]
    began = part.moves["began_us"][0]
    carrier_us = bench.run.sums.trunks_us[:, 0].sum()
    own_us = 60 * US + (end - 1 * US)  # both callers' first legs
    assert carrier_us == own_us + 2 * (end - began)
    assert bench.run.sums.trunks_most[:, 0].max() == 4
    assert bench.world.calls[:, n.C_IS_HOME].max() == 1


def test_a_referred_leg_ends_when_its_site_knows_and_the_carrier_lets_it() -> None:
    quick, part = _two_calls("refer")
    slow, _ = _two_calls("refer", channels_us=5 * US)
    arrived = part.moves["ended_us"][0]
    first = quick.run.sums.trunks_us[:, 0].sum()
    assert first == 60 * US + (arrived + 20_000 - 1 * US)  # two ways of 10 ms
    assert slow.run.sums.trunks_us[:, 0].sum() - first == 5 * US - 20_000


def test_who_gives_up_on_the_way_leaves_both_sites() -> None:
    bench = Bench((1, 1), **moved_by("refer"))
    part = bench.calls((0.0, 0, 60.0), (1.0, 0, 30.0), until_s=90.0, patience_us=[90 * US, US // 2])
    assert part.moves["ended"].tolist() == [MoveEnd.CALLER_GONE]
    assert bench.world.trunks[:, n.T_USED].tolist() == [0] * 4
    held_us = bench.run.sums.agents_us.sum(axis=0)[1, 3]
    # from the hold to the caller's leaving, and until the target was asked a second later
    assert held_us == part.outcomes["held_us"].max() + US + 20_000
