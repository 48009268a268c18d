"""Moves by each method, and what becomes of those that come to nothing."""

from dataclasses import replace
from typing import Any

import pytest
from sim_models import network
from sim_world import at, changed, run

from routing_policies.document import assemble
from simulator.model.calls import calls_table
from simulator.model.instants import US
from simulator.model.network import FaultModel, MoveMethod, NetworkModel
from simulator.model.outcomes import HELD, Method, MoveEnd, Outcome
from simulator.world.carriers import token_of
from simulator.world.engine import WorldEngine


def by(method: MoveMethod, **changes: Any) -> NetworkModel:
    """Two sites; callers of the first are answered after 2 s and moved by `method`."""
    model = network((1, 1), duration_s=60.0)
    texts = {
        key: (text.replace("redirect_302", method), revision)
        for key, (text, revision) in model.documents.texts.items()
    }
    site = changed(model.sites[0], queue_answer_after_us=2 * US, ask_after_us=US)
    return replace(
        model,
        sites=(site, model.sites[1]),
        moves=tuple(replace(one, method=method, **changes) for one in model.moves),
        documents=assemble(texts, 1),
    )


@pytest.mark.parametrize("method", ["refer", "bridge"])
def test_answered_callers_are_moved(method: MoveMethod) -> None:
    made, outcomes, moves = run(by(method), at([1.0, 2.0]))
    assert made.problems == ()
    [move] = moves
    assert move["ended"] == MoveEnd.ARRIVED
    assert outcomes["outcome"].tolist() == [Outcome.ANSWERED] * 2
    assert outcomes["method"].max() == (Method.REFER if method == "refer" else Method.BRIDGE)


def test_a_bridge_holds_the_home_leg_and_more_until_the_call_ends() -> None:
    made, outcomes, _ = run(by("bridge", origin_channels=2), at([1.0, 2.0]))
    moved = outcomes[outcomes["number"] == 1][0]
    assert made.sums.trunks_most[:, 0].max() == 1 + 3
    assert moved["talk_us"] == 60 * US
    assert made.sums.trunks_us[:, 0].sum() > 3 * 60 * US


@pytest.mark.parametrize("channels_max", [2, 3])
@pytest.mark.parametrize("queued", [False, True])
def test_who_cannot_be_bridged_for_want_of_a_channel_at_home_is_not_offered_anywhere(
    queued: bool, channels_max: int
) -> None:
    model = by("bridge", origin_channels=1)
    if queued:
        otherwise = "action: route}\n  otherwise: {action: network_queue}"
        texts = model.documents.texts.items()
        queuing = {k: (text.replace("action: route}", otherwise), one) for k, (text, one) in texts}
        model = replace(model, documents=assemble(queuing, 1))
    carrier, network_group = model.sites[0].trunks
    tight = replace(carrier, channels_max=channels_max)
    lisbon = replace(model.sites[0], trunks=(tight, network_group))
    model = replace(model, sites=(lisbon, model.sites[1]))
    # two calls are at home, with one agent: the other is asked about for a minute
    made, outcomes, moves = run(model, at([1.0, 2.0]))
    assert made.problems == ()
    [router] = [node.router for node in made.world.nodes.values()]
    counters = router.view(0.0).counters
    assert channels_max == 3 or counters["requests"] >= 2
    assert counters.get("reserves", 0) == len(moves) == channels_max - 2
    assert outcomes["refused"].tolist() == [0, 0]
    held_us = made.sums.agents_us[:, 1, HELD].sum()
    assert (held_us > 0) == (channels_max == 3)


def test_a_referred_leg_ends_no_sooner_than_the_carrier_lets_it() -> None:
    quick, _, moves = run(by("refer"), at([1.0, 2.0]))
    slow, _, _ = run(by("refer", channels_us=5 * US), at([1.0, 2.0]))
    more_us = slow.sums.trunks_us[:, 0].sum() - quick.sums.trunks_us[:, 0].sum()
    assert len(moves) == 1
    assert 4 * US < more_us <= 5 * US


def test_nobody_is_sent_where_no_channel_is_free() -> None:
    model = network((1, 1), duration_s=60.0)
    other = model.sites[1]
    full = replace(other, trunks=(other.trunks[0], replace(other.trunks[1], channels_max=0)))
    made, _, moves = run(replace(model, sites=(model.sites[0], full)), at([1.0, 2.0]))
    assert made.problems == ()
    assert len(moves) == 0


def test_who_gives_up_on_the_way_is_gone() -> None:
    model = network((1, 1), duration_s=60.0, set_up_us=2 * US)
    table = at([1.0, 2.0], patience_us=[100 * US, US])
    made, outcomes, moves = run(model, table)
    assert made.problems == ()
    assert moves["ended"].tolist() == [MoveEnd.CALLER_GONE]
    gone = outcomes[outcomes["number"] == 1][0]
    assert (gone["outcome"], gone["row"]) == (Outcome.ABANDONED, 0)


@pytest.mark.parametrize("method", ["redirect_302", "refer", "bridge"])
def test_broken_paths_lose_nobody(method: MoveMethod) -> None:
    model = network((1, 3), duration_s=60.0, set_up_us=US // 4)
    if method != "redirect_302":
        model = replace(by(method), sites=(by(method).sites[0], model.sites[1]))
    fault = FaultModel(kind="path", window=(0, 60 * US))
    model = replace(model, faults=(fault,))
    seconds = [0.5 + step * 1.5 for step in range(30)]
    made, outcomes, moves = run(model, at(seconds, talk_us=[8 * US] * 30), seed=4)
    assert made.problems == ()
    assert len(set(moves["ended"].tolist())) > 1 or len(moves) > 3
    assert Outcome.LOST not in outcomes["outcome"]


def test_the_token_is_the_user_part() -> None:
    assert token_of("sip:nirc-abc@porto:2;transport=tls") == "nirc-abc"


def test_who_meets_a_full_trunk_group_comes_back() -> None:
    model = network((1, 1), duration_s=60.0, set_up_us=5 * US)
    other = model.sites[1]
    few = replace(other, trunks=(other.trunks[0], replace(other.trunks[1], channels_max=1)))
    model = replace(model, sites=(model.sites[0], few))
    run_ = WorldEngine().start(model)
    table = at([1.0, 2.0])
    run_.feed(table, 4 * US)
    run_.world.sites[1].acd.floor.use(1, 1)  # somebody else took the channel
    parts = [run_.feed(calls_table(arrival_us=[]), model.duration_us)]
    run_.world.sites[1].acd.floor.use(1, -1)
    parts.append(run_.finish())
    assert run_.problems == ()
    assert parts[0].moves["ended"].tolist() == [MoveEnd.RETURNED]
    ends = {int(o["number"]): int(o["row"]) for part in parts for o in part.outcomes}
    assert ends == {0: 0, 1: 0}
    assert run_.sums.blocked[:, 3].sum() == 1
