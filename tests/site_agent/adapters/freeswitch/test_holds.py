"""A hold stands in mod_callcenter, ends there by itself, and is lost when the agent chooses so."""

from __future__ import annotations

import pytest
from acd_contract_words import hold, state_of, told
from freeswitch_bench import FreeswitchBench

from nrcli.wire.messages import AgentState
from site_agent.adapters import base


@pytest.fixture(params=["break", "ready_time"])
def held(request: pytest.FixtureRequest) -> FreeswitchBench:
    found = FreeswitchBench(hold_by=request.param)
    found.agent_ready("anna")
    assert hold(found, "h1", "anna")
    return found


def test_freeswitch_itself_gives_the_agent_back_when_the_site_agent_dies(
    held: FreeswitchBench,
) -> None:
    held.up = False
    held.pbx.advance(61.0)
    agent = held.pbx.centre.agents["anna@default"]
    assert agent.status == "Available" and held.pbx.centre._may_ring(agent, "sales@default")


def test_the_guard_is_set_before_the_break_and_the_reason_stands_beside_it() -> None:
    found = FreeswitchBench()
    found.agent_ready("anna")
    assert hold(found, "h1", "anna")
    commands = found.pbx.commands
    guard = "sched_api +60 nirc-hold-anna@default callcenter_config agent set status anna@default"
    number = next(i for i, one in enumerate(commands) if one.startswith(guard))
    assert number < commands.index("callcenter_config agent set status anna@default 'On Break'")
    assert found.pbx.globals["nirc_hold_anna@default"] == "nirc"
    found.command(base.ReleaseHold(hold_id="h1"))
    assert found.pbx.globals["nirc_hold_anna@default"] == "" and not found.pbx.tasks


def test_a_hold_that_lasts_is_kept_up(held: FreeswitchBench) -> None:
    held.passes(150.0)
    assert not told(held, base.HoldLost)
    agent = held.pbx.centre.agents["anna@default"]
    assert not held.pbx.centre._may_ring(agent, "sales@default")


def test_an_agent_who_is_being_rung_is_refused_and_given_back() -> None:
    found = FreeswitchBench()
    found.agent_ready("anna")
    found.pbx.centre.agents["anna@default"].state = "Receiving"
    assert not hold(found, "h1", "anna")
    assert found.pbx.centre.agents["anna@default"].status == "Available"


def test_no_answer_is_a_refusal_in_time_for_the_reservation() -> None:
    found = FreeswitchBench()
    found.agent_ready("anna")
    found.pbx.silent = True
    found.command(base.HoldAgent(hold_id="h1", agent="anna", queue="sales"))
    found.passes(1.0)
    assert [one.reason for one in told(found, base.HoldRefused)] == ["unknown"]


def test_a_phone_that_is_lost_loses_the_hold(held: FreeswitchBench) -> None:
    held.pbx.phone("1000@pbx.example", here=False)
    held.settle()
    assert [one.hold_id for one in told(held, base.HoldLost)] == ["h1"]
    assert state_of(held, "anna") is AgentState.NOT_READY
    assert held.pbx.centre.agents["anna@default"].status == "Available"


def test_a_lost_connection_loses_every_hold(held: FreeswitchBench) -> None:
    held.command(base.HoldPlace(hold_id="h2", queue="sales"))
    held.cut()
    assert {one.hold_id for one in told(held, base.HoldLost)} == {"h1", "h2"}
    held.connect()
    assert state_of(held, "anna") is AgentState.READY
    assert held.pbx.centre.agents["anna@default"].status == "Available"


def test_a_break_of_ours_from_before_a_restart_is_undone() -> None:
    found = FreeswitchBench()
    found.agent_ready("anna")
    assert hold(found, "h1", "anna")
    new = FreeswitchBench(found.pbx)
    assert new.pbx.centre.agents["anna@default"].status == "Available"
    assert state_of(new, "anna") is AgentState.READY


def test_no_more_places_than_there_are(held: FreeswitchBench) -> None:
    for number in range(60):
        held.command(base.HoldPlace(hold_id=f"p{number}", queue="sales"))
    assert len(told(held, base.HoldRefused)) == 10


def test_an_agent_released_and_held_again_at_once_stays_held() -> None:
    """The word of the release comes when the next hold is made already."""
    found = FreeswitchBench()
    found.agent_ready("anna")
    assert hold(found, "h1", "anna")
    found.take(found.acd.command(base.ReleaseHold(hold_id="h1"), found.now_s))
    assert hold(found, "h2", "anna")
    assert not told(found, base.HoldLost) and state_of(found, "anna") is AgentState.RESERVED
