"""After a snapshot what is known is what the CTI has; what is gone was told away."""

from __future__ import annotations

from typing import Any

import pytest
from pushing_cti import Pushing, agent_is, figures, kinds

from nrcli.wire.messages import AgentState
from site_agent.adapters import base


def call(call_id: str = "c1", **more: Any) -> dict[str, Any]:
    return {"call_id": call_id, "queue": "sales", "trunk_group": "carrier"} | more


def test_the_first_snapshot_names_everything() -> None:
    cti = Pushing()
    cti.begins("anna", calls=[call(waited_ms=9000), call("c2", answered=True, agent="anna")])
    told = cti.take()
    assert kinds(told) == [
        "AgentChanged",
        "CallOffered",
        "CallOffered",
        "CallAnswered",
        "CallConnected",
    ]
    closed = [one.queue for one in told if isinstance(one, base.QueueChanged) and not one.open]
    assert "support" in closed


def test_a_call_that_waits_for_a_word_arrives_again() -> None:
    cti = Pushing()
    cti.begins(calls=[call(token="nirc-a", invite_key="k")])
    arriving = [one for one in cti.take() if isinstance(one, base.CallArriving)]
    assert [(one.token, one.invite_key) for one in arriving] == [("nirc-a", "k")]


def test_what_is_not_in_the_next_one_is_told_away() -> None:
    cti = Pushing()
    cti.begins("anna", "rita", calls=[call()])
    cti.asks(base.HoldAgent(hold_id="h1", agent="anna", queue="sales"))
    cti.asks(base.HoldAgent(hold_id="h2", agent="rita", queue="sales"))
    cti.says({"type": "hold_granted", "hold_id": "h1", "agent": "anna", "queue": "sales"})
    cti.take()
    cti.snapshot("rita", queues=[], trunk_groups=[], holds=["h9"])
    told = cti.take()
    assert base.CallEnded(call_id="c1", released_by="site") in told
    assert base.HoldLost(hold_id="h1", reason="not in the snapshot") in told
    assert base.HoldRefused(hold_id="h2", reason="no_agent") in told
    assert base.AgentGone(agent="anna") in told
    assert [one.open for one in told if isinstance(one, base.QueueChanged)] == [False]
    assert [one.channels_max for one in told if isinstance(one, base.TrunkChanged)] == [0]
    assert base.ReleaseHold(hold_id="h9") in cti.reads()


def test_what_stands_is_not_told_again() -> None:
    cti = Pushing()
    cti.begins("anna", calls=[call()])
    cti.take()
    cti.snapshot("anna", calls=[call()])
    assert cti.take() == []
    cti.snapshot("anna", calls=[call(answered=True, agent="anna")])
    assert kinds(cti.take()) == ["CallAnswered", "CallConnected"]


def test_a_hold_that_the_cti_keeps_stands() -> None:
    cti = Pushing()
    cti.begins("anna")
    cti.asks(base.HoldAgent(hold_id="h1", agent="anna", queue="sales"))
    cti.says({"type": "hold_granted", "hold_id": "h1", "agent": "anna", "queue": "sales"})
    cti.take()
    cti.snapshot("anna", holds=["h1"])
    assert cti.take() == []


def test_a_silent_cti_promises_nothing_and_comes_back_by_a_snapshot() -> None:
    cti = Pushing()
    cti.begins("anna", calls=[call()])
    cti.asks(base.HoldAgent(hold_id="h1", agent="anna", queue="sales"))
    cti.says({"type": "hold_granted", "hold_id": "h1", "agent": "anna", "queue": "sales"})
    cti.reads()
    cti.take()
    cti.passes(16.0, heard=False)
    told = cti.take()
    assert base.HoldLost(hold_id="h1", reason="the CTI is silent") in told
    states = [one.state for one in told if isinstance(one, base.AgentChanged)]
    assert states[-1] is AgentState.NOT_READY
    assert not [one for one in told if isinstance(one, base.CallEnded)]
    refused = cti.asks(base.HoldAgent(hold_id="h3", agent="anna", queue="sales"))
    assert isinstance(refused[0], base.HoldRefused)
    assert isinstance(cti.asks(base.HoldPlace(hold_id="p", queue="sales"))[0], base.HoldRefused)
    cti.take()
    assert cti.says(agent_is("anna", "ready")).want == "snapshot"
    cti.snapshot("anna", calls=[call()], queues=[figures()])
    states = [one.state for one in cti.take() if isinstance(one, base.AgentChanged)]
    assert states == [AgentState.READY]


@pytest.mark.parametrize("heard", [True, False])
def test_a_cti_that_takes_no_commands_counts_as_silent(heard: bool) -> None:
    cti = Pushing()
    cti.begins("anna")
    cti.take()
    cti.asks(base.HoldAgent(hold_id="h1", agent="anna", queue="sales"))
    cti.passes(16.0, heard=heard)
    assert not cti.acd.is_synced
