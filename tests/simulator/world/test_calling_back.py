"""Callers are called back by whoever has an agent; what they do is theirs to decide."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from sim_entries import QUEUED
from sim_models import network
from sim_world import at, run

from simulator.model.instants import US
from simulator.model.network import CallbackModel, NetworkModel
from simulator.model.outcomes import Callback, Outcome
from simulator.world.calling_back import number_of
from simulator.world.engine import WorldEngine, WorldRun
from site_agent.adapters import base

BACK = CallbackModel(
    after_us=10 * US, answer_after_us=4 * US, pause_us=60 * US, ring_us=20 * US, keep_us=900 * US
)


def model(agents: tuple[int, ...] = (1, 1), **changes: Any) -> NetworkModel:
    made = network(agents, policy=QUEUED, duration_s=300.0)
    return replace(made, callbacks=replace(BACK, **changes))


def ran(made: NetworkModel, seconds: list[float], **columns: Any) -> tuple[WorldRun, Any]:
    finished, outcomes, _ = run(made, at(seconds, **columns))
    assert not finished.problems
    return finished, outcomes[outcomes["number"].argsort()]


def told(finished: WorldRun, kind: str) -> list[Any]:
    assert finished.world.watch is not None
    return [line for line in finished.world.watch.lines if line.kind == kind]


def test_who_takes_the_offer_is_called_back_by_the_first_agent() -> None:
    finished, found = ran(model((1,)), [1.0, 2.0])
    assert found["outcome"].tolist() == [Outcome.ANSWERED, Outcome.CALLED_BACK]
    assert found["callback"].tolist() == [Callback.NONE, Callback.PROMISED]
    assert found["calls_back"].tolist() == [0, 1]
    # The agent is free at 61 s, rings at once, and the telephone is answered 4 s later.
    assert found["wait_us"][1] == (61 + 4 - 2) * US
    assert found["talk_us"][1] == 60 * US
    (begun,) = told(finished, "callback_begun")
    (ended,) = told(finished, "callback_ended")
    assert begun.fields["entry"] == ended.fields["entry"] and ended.fields["why"] == "answered"


def test_another_sites_agent_calls_back() -> None:
    finished, found = ran(model((1, 1)), [1.0, 2.0, 3.0], talk_us=[90 * US, 40 * US, 30 * US])
    back = found[2]
    assert back["outcome"] == Outcome.CALLED_BACK and back["entry_row"] == 0 and back["row"] == 1
    (dialed,) = told(finished, "callback_dialed")
    assert dialed.site == "porto" and dialed.fields["token"]
    assert back["moves"] == 0 and back["held_us"] >= 4 * US


def test_who_declines_waits_on() -> None:
    _, found = ran(model((1,), take_share=0.0), [1.0, 2.0])
    assert found["outcome"].tolist() == [Outcome.ANSWERED, Outcome.ANSWERED]
    assert found["callback"].tolist() == [Callback.NONE, Callback.OFFERED]


def test_what_the_site_cannot_promise_is_no_promise() -> None:
    _, found = ran(model((1,), entries_max=0), [1.0, 2.0])
    assert found["outcome"].tolist() == [Outcome.ANSWERED, Outcome.ANSWERED]
    assert found["callback"].tolist() == [Callback.NONE, Callback.WANTED]


@pytest.mark.parametrize("busy_share", [0.0, 1.0])
def test_who_is_never_reached_is_given_up(busy_share: float) -> None:
    made = model((1,), answer_share=0.0, busy_share=busy_share)
    finished, found = ran(made, [1.0, 2.0])
    assert found["outcome"][1] == Outcome.NOT_REACHED and found["calls_back"][1] == 3
    outcomes = {line.fields["outcome"] for line in told(finished, "callback_tried")}
    assert outcomes == {"busy" if busy_share else "no_answer"}
    (ended,) = told(finished, "callback_ended")
    assert ended.fields["why"] == "attempts_over"


def test_the_carrier_and_impatience_concern_nobody_who_has_hung_up() -> None:
    made = model((1,))
    _, found = ran(made, [1.0, 2.0], patience_us=[1 << 62, 15 * US])
    assert found["outcome"][1] == Outcome.CALLED_BACK


def test_who_hangs_up_again_before_an_agent_answers_was_not_reached() -> None:
    made = model((1,))
    slow = replace(made.sites[0].agents[0], ring_us=30 * US)
    made = replace(made, sites=(replace(made.sites[0], agents=(slow,)),))
    _, found = ran(made, [1.0, 2.0], patience_us=[1 << 62, 15 * US])
    assert found["outcome"].tolist() == [Outcome.ANSWERED, Outcome.NOT_REACHED]
    assert found["callback"][1] == Callback.PROMISED and found["calls_back"][1] == 1


def test_nobody_is_called_back_where_nothing_says_so() -> None:
    _, found = ran(replace(model((1,)), callbacks=None), [1.0, 2.0])
    assert found["callback"].tolist() == [Callback.NONE, Callback.NONE]


def test_a_policy_may_have_callers_called_back_without_any_offer() -> None:
    policy = QUEUED.replace("network_queue", "callback")
    assert policy != QUEUED
    made = replace(
        network((1,), policy=policy, duration_s=300.0),
        callbacks=replace(BACK, after_us=1 << 62),
    )
    _, found = ran(made, [1.0, 2.0])
    assert found["outcome"].tolist() == [Outcome.ANSWERED, Outcome.CALLED_BACK]


def command(interaction: str) -> base.DialCaller:
    return base.DialCaller(
        call_id="lisbon-99",
        hold_id="h",
        agent="lisbon-a0",
        queue="sales",
        service="sales",
        interaction_id=interaction,
        number=number_of(0),
        ring_s=20.0,
    )


def test_a_telephone_that_rings_while_its_owner_is_on_the_line_is_a_problem() -> None:
    made = WorldEngine().start(model((1,)))
    made.feed(at([1.0, 2.0]), 5 * US)
    site = made.world.sites[0]
    made.world.callers.dial(site.acd.floor, command("1.0"))
    assert "1.0 is called back while on the line" in made.problems[0]
    made.world.callers.back._reached.add("7.0")  # type: ignore[union-attr]
    made.world.callers.dial(site.acd.floor, replace(command("7.0"), call_id="lisbon-98"))
    assert "7.0 is called back after an agent had them" in made.problems[1]


def test_what_a_site_rings_ends_with_it() -> None:
    made = WorldEngine().start(model((1,)))
    made.feed(at([1.0, 2.0]), 63 * US)
    site = made.world.sites[0]
    assert site.acd.floor.used[0] == 1 and made.world.callers.back._rings  # type: ignore[union-attr]
    site.take(site.acd.lose())
    assert site.acd.floor.used[0] == 0 and not made.world.callers.back._rings  # type: ignore[union-attr]
    (tried,) = told(made, "callback_tried")
    assert tried.fields["outcome"] == "failed"


def test_a_promise_that_a_restarted_site_forgot_is_told() -> None:
    made = WorldEngine().start(model((1,)))
    made.feed(at([1.0, 2.0]), 30 * US)
    made.world.callers.back.forgotten(0, frozenset(), power_cut=False)  # type: ignore[union-attr]
    assert "the promise to call back caller 1.0 is lost" in made.problems[0]
    assert (1, 0) not in made.world.callers.live
