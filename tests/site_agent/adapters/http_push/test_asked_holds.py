"""Holds: asked of the CTI only when it could grant them, and answered in time whatever it does."""

from __future__ import annotations

import pytest
from pushing_cti import Pushing, agent_is, figures

from nrcli.wire.messages import AgentState
from site_agent.adapters import base

AGENT = base.HoldAgent(hold_id="h1", agent="anna", queue="sales")
PLACE = base.HoldPlace(hold_id="p1", queue="sales")
GRANTED = {"type": "hold_granted", "hold_id": "h1", "agent": "anna", "queue": "sales"}


def ready(**can: object) -> Pushing:
    cti = Pushing(**can)
    cti.begins("anna")
    cti.take()
    return cti


def reasons(events: list[base.AcdEvent]) -> list[str]:
    return [one.reason for one in events if isinstance(one, base.HoldRefused)]


def test_a_hold_is_granted_by_the_cti_and_shown() -> None:
    cti = ready()
    assert cti.asks(AGENT) == []
    assert cti.reads() == [AGENT]
    cti.says(GRANTED)
    assert base.HoldGranted(hold_id="h1", queue="sales", agent="anna") in cti.take()
    assert cti.acd.snapshot(cti.now_s)[0].state is AgentState.RESERVED  # type: ignore[union-attr]
    cti.says(GRANTED)
    assert cti.take() == []


def test_a_cti_that_says_nothing_has_refused_and_is_told_to_let_go() -> None:
    cti = ready()
    cti.asks(AGENT)
    cti.reads()
    cti.passes(0.8, step_s=0.2)
    assert reasons(cti.take()) == ["no_agent"]
    assert cti.reads() == [base.ReleaseHold(hold_id="h1", agent="anna")]
    cti.says(GRANTED)
    assert cti.take() == []
    assert cti.reads() == [base.ReleaseHold(hold_id="h1", agent="anna")]


@pytest.mark.parametrize(
    ("command", "reason"),
    [
        (base.HoldAgent(hold_id="x", agent="nobody", queue="sales"), "unknown"),
        (base.HoldPlace(hold_id="x", queue="nowhere"), "unknown"),
        (base.HoldPlace(hold_id="x", queue="support"), "unknown"),
    ],
)
def test_what_the_cti_does_not_have_is_not_asked_for(command: base.AcdCommand, reason: str) -> None:
    cti = ready()
    assert reasons(cti.asks(command)) == [reason]
    assert cti.reads() == []


def test_an_agent_is_held_once_and_only_when_ready() -> None:
    cti = ready()
    cti.asks(AGENT)
    again = base.HoldAgent(hold_id="h2", agent="anna", queue="sales")
    assert reasons(cti.asks(again)) == ["no_agent"]
    cti.take()
    cti.says({"type": "hold_refused", "hold_id": "h1", "reason": "no_agent"})
    assert reasons(cti.take()) == ["no_agent"]
    cti.says(agent_is("anna", "busy"))
    assert reasons(cti.asks(base.HoldAgent(hold_id="h3", agent="anna", queue="sales")))


def test_without_hold_agent_only_places_are_promised() -> None:
    cti = Pushing(hold_agent="none", hold_place=False)
    cti.begins("anna")
    told = [one for one in cti.take() if isinstance(one, base.AgentChanged)]
    assert not told[-1].holdable and told[-1].state is AgentState.READY
    assert reasons(cti.asks(AGENT)) == ["no_agent"]
    assert cti.asks(PLACE) == [base.HoldGranted(hold_id="p1", queue="sales")]
    assert cti.reads() == []
    assert cti.asks(base.ReleaseHold(hold_id="p1")) == []
    assert cti.reads() == []


def test_places_are_counted_with_those_who_wait() -> None:
    cti = ready(hold_place=False)
    cti.says(figures(type="queue_changed", places_max=3, waiting_count=2))
    assert isinstance(cti.asks(PLACE)[0], base.HoldGranted)
    assert reasons(cti.asks(base.HoldPlace(hold_id="p2", queue="sales"))) == ["no_place"]
    cti.says(figures(type="queue_changed", open=False))
    assert reasons(cti.asks(base.HoldPlace(hold_id="p3", queue="sales"))) == ["closed"]


def test_an_agent_who_is_reserved_for_nobody_is_freed_by_name() -> None:
    cti = ready()
    cti.says(agent_is("anna", "reserved"))
    cti.asks(base.ReleaseHold(hold_id="", agent="anna"))
    assert cti.reads() == [base.ReleaseHold(hold_id="", agent="anna")]
