"""The contract of an engine, and what the world makes of calls."""

from dataclasses import replace

import numpy as np
import pytest
from sim_models import STAY, calls, network
from sim_world import agents_of, at, one_site, run

from simulator.errors import OverloadedError
from simulator.model.calls import calls_table
from simulator.model.instants import US
from simulator.model.network import FaultModel
from simulator.model.outcomes import BUSY, HELD, READY, Method, MoveEnd, Outcome
from simulator.world.engine import WorldEngine


def test_everybody_is_served_at_home_while_agents_are_ready() -> None:
    _, outcomes, moves = run(one_site(2), at([1.0, 2.0]))
    assert outcomes["outcome"].tolist() == [Outcome.ANSWERED] * 2
    assert outcomes["agent"].tolist() == [0, 1]
    assert outcomes["wait_us"].tolist() == [0, 0]
    assert len(moves) == 0


def test_a_call_without_an_agent_moves_to_one_who_is_ready() -> None:
    model = network((1, 1), duration_s=60.0)
    run_, outcomes, moves = run(model, at([1.0, 2.0]))
    assert run_.problems == ()
    [move] = moves
    assert move["ended"] == MoveEnd.ARRIVED
    assert move["agent"] == 1
    assert move["began_us"] == 2_040_000
    assert move["ended_us"] == 3_040_000
    moved = outcomes[outcomes["number"] == 1][0]
    assert (moved["moves"], moved["method"], moved["row"]) == (1, Method.REDIRECT_302, 1)
    assert moved["wait_us"] == 1_040_000
    assert moved["held_us"] == 1_020_000
    assert run_.counters["decisions"] == 1
    assert run_.sums.agents_us[:, 1, HELD].sum() == 1_020_000


def test_in_an_ideal_network_only_the_move_takes_time() -> None:
    model = network((1, 1), duration_s=60.0, ideal=True)
    _, outcomes, moves = run(model, at([1.0, 2.0]))
    assert moves["began_us"].tolist() == [2 * US]
    assert outcomes["wait_us"].max() == US


def test_waiting_giving_up_and_dialing_again() -> None:
    model = replace(one_site(1), documents=network((1,), policy=STAY).documents)
    table = calls_table(
        arrival_us=[0, US],
        talk_us=[60 * US] * 2,
        patience_us=[1 << 62, 5 * US],
        redials_max=[0, 2],
        redial_after_us=[0, 10 * US],
    )
    made, outcomes, _ = run(model, table)
    ends = [(int(o["number"]), int(o["attempt"]), Outcome(o["outcome"]).name) for o in outcomes]
    assert ends == [
        (1, 0, "ABANDONED"),
        (1, 1, "ABANDONED"),
        (1, 2, "ABANDONED"),
        (0, 0, "ANSWERED"),
    ]
    assert outcomes["arrival_us"].tolist() == [US, 16 * US, 31 * US, 0]
    assert outcomes["expected_us"][0] == 180 * US
    sums = made.sums
    assert sums.waiting_us.sum() == 15 * US
    assert sums.waiting_most.max() == 1
    assert sums.trunks_us[:, 0].sum() == 75 * US
    assert sums.agents_us[:, 0, BUSY].sum() == 60 * US


def test_busy_tones_balking_and_the_carriers_patience() -> None:
    base_ = one_site(1, queue_places_max=1)
    trunk = replace(base_.sites[0].trunks[0], channels_max=3, no_answer_us=8 * US)
    site = replace(base_.sites[0], trunks=(trunk, base_.sites[0].trunks[1]))
    model = replace(base_, sites=(site,))
    table = at([0, 1, 2, 3], balks=[0, 0, 0, 1])
    made, outcomes, _ = run(model, table)
    found = {int(o["number"]): Outcome(o["outcome"]) for o in outcomes}
    assert found == {
        0: Outcome.ANSWERED,
        1: Outcome.NO_ANSWER,
        2: Outcome.NO_PLACE,
        3: Outcome.NO_PLACE,
    }
    wide = replace(model, sites=(replace(site, queues=one_site().sites[0].queues),))
    made, outcomes, _ = run(wide, at([0, 1, 2, 3], balks=[0, 1, 0, 0]))
    found = {int(o["number"]): Outcome(o["outcome"]) for o in outcomes}
    assert found[1] is Outcome.BALKED
    tight = replace(trunk, channels_max=1)
    narrow = replace(model, sites=(replace(site, trunks=(tight, site.trunks[1])),))
    made, outcomes, _ = run(narrow, at([0, 1]))
    assert Outcome.NO_CHANNEL in outcomes["outcome"]
    assert made.sums.blocked.sum() == 1


def test_a_lost_site_cuts_its_calls_and_callers_switch_over() -> None:
    model = network((1, 2), duration_s=60.0)
    first = replace(model.ingresses[0], entries=((0, 0), (1, 0)), switch_over_us=5 * US)
    fault = FaultModel(kind="site", window=(10 * US, 40 * US), site=0)
    model = replace(model, ingresses=(first, model.ingresses[1]), faults=(fault,))
    table = at([1, 11, 20], luck=[0.5, 0.5, 0.5], talk_us=[30 * US] * 3)
    made, outcomes, _ = run(model, table)
    assert made.problems == ()
    found = {int(o["number"]): (Outcome(o["outcome"]).name, int(o["entry_row"])) for o in outcomes}
    assert found == {0: ("SITE_LOST", 0), 1: ("SITE_LOST", -1), 2: ("ANSWERED", 1)}


def test_parts_are_handed_out_as_they_come_and_make_no_difference() -> None:
    model = network((3, 2), duration_s=300.0)
    table = calls(model, per_s=0.04)
    _, whole, moves = run(model, table)
    made = WorldEngine().start(model)
    parts, begin = [], 0
    for until_us in range(100 * US, 400 * US, 100 * US):
        end = table.until(until_us)
        parts.append(made.feed(table.part(begin, end), until_us))
        begin = end
        assert all(part.outcomes["ended_us"].max(initial=0) < until_us for part in parts[-1:])
    parts.append(made.finish())
    assert np.array_equal(np.concatenate([part.outcomes for part in parts]), whole)
    assert np.array_equal(np.concatenate([part.moves for part in parts]), moves)


def test_the_same_seed_gives_the_same_run_and_nothing_is_broken() -> None:
    model = network((2, 1), duration_s=30.0, set_up_us=US // 2, nodes_count=3)
    table = calls(model, per_s=0.3, talk_s=5.0)
    first, second, third = (run(model, table, seed=seed) for seed in (1, 1, 2))
    assert first[0].problems == ()
    assert np.array_equal(first[1], second[1])
    assert not np.array_equal(first[2], third[2])


def test_what_stands_at_the_end_is_unfinished() -> None:
    model = replace(one_site(1), duration_us=10 * US, drain_us=10 * US)
    made, outcomes, _ = run(model, at([1.0, 2.0]))
    assert outcomes["outcome"].tolist() == [Outcome.UNFINISHED] * 2
    assert outcomes["talk_us"].max() == 19 * US
    assert made.problems == ()
    assert made.sums.agents_us[0, 0].tolist()[READY] == US


def test_an_overloaded_network_is_told() -> None:
    model = replace(one_site(0), waiting_max=3)
    with pytest.raises(OverloadedError) as told:
        run(model, at([1, 2, 3, 4, 5]))
    assert told.value.place == "lisbon/sales"


def test_it_models_everything() -> None:
    assert WorldEngine().problem(network()) == ""
    assert agents_of(network((1,)), *network((2,)).sites[0].agents).agents == ((0, 0), (0, 1))
