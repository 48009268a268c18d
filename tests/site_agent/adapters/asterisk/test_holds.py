"""Holds by pause: what the PBX is told, what wins over them, and how each of them ends."""

import pytest
from acd_contract_words import state_of, told
from asterisk_site import AsteriskSite

from nrcli.wire.messages import AgentState
from site_agent.adapters import base


@pytest.fixture
def site() -> AsteriskSite:
    site = AsteriskSite()
    site.agent_ready("anna")
    site.pbx.actions.clear()
    return site


def hold(site: AsteriskSite, hold_id: str = "h1") -> None:
    site.command(base.HoldAgent(hold_id=hold_id, agent="anna", queue="sales"))


def lost(site: AsteriskSite) -> list[tuple[str, str]]:
    return [(one.hold_id, one.reason) for one in told(site, base.HoldLost)]


def test_a_hold_is_a_timer_in_the_pbx_and_then_a_pause_with_its_reason(site: AsteriskSite) -> None:
    hold(site)
    assert [one["Action"] for one in site.pbx.actions] == [
        "Originate",
        "QueuePause",
        "QueueStatus",
    ]
    timer, pause, _ = site.pbx.actions
    assert (pause["Interface"], pause["Reason"], pause["Paused"]) == ("PJSIP/anna", "nirc", "true")
    assert timer["Channel"] == "Local/s@nirc-hold/n"
    assert "NIRC_MEMBER=PJSIP/anna" in timer["variables"]
    assert "NIRC_HOLD_S=95" in timer["variables"]
    assert state_of(site, "anna") is AgentState.RESERVED
    site.command(base.ReleaseHold(hold_id="h1"))
    assert not site.pbx.hold_timers
    assert not site.pbx.phones["anna"].paused


def test_nobody_sees_an_agent_not_ready_who_is_only_held(site: AsteriskSite) -> None:
    before = len(site.events)
    hold(site)
    site.command(base.ReleaseHold(hold_id="h1"))
    states = [one.state for one in site.events[before:] if isinstance(one, base.AgentChanged)]
    assert states == [AgentState.RESERVED, AgentState.READY]


def test_the_pbx_ends_a_hold_if_the_site_agent_died(site: AsteriskSite) -> None:
    hold(site)
    site.lose()
    assert lost(site) == [("h1", "pbx_lost")]
    for _ in range(3):
        site.pbx.now_s += 40.0
        site.pbx.fire()
    assert not site.pbx.phones["anna"].paused


def test_without_a_timer_nobody_is_paused(
    site: AsteriskSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The dialplan of a PBX may lack it."""

    def refused(fields: dict[str, str], given: dict[str, str]) -> None:
        told = {"ActionID": fields["ActionID"], "Response": "Failure", "Reason": 0}
        site.pbx.event("OriginateResponse", **told, Uniqueid=fields["ChannelId"])

    monkeypatch.setattr(site.pbx, "_do_originate", refused)
    hold(site)
    assert [one.reason for one in told(site, base.HoldRefused)] == ["no_agent"]
    assert "QueuePause" not in [one["Action"] for one in site.pbx.actions]
    assert state_of(site, "anna") is AgentState.READY


def test_a_timer_that_starts_when_the_hold_is_over_is_ended(site: AsteriskSite) -> None:
    site.pbx.originate_s = 1.0
    hold(site)
    site.command(base.ReleaseHold(hold_id="h1"))
    site.passes(1.5)
    assert not site.pbx.hold_timers
    assert "QueuePause" not in [one["Action"] for one in site.pbx.actions]


def test_a_timer_of_a_process_that_died_before_its_pause_ends_no_break_of_today(
    site: AsteriskSite,
) -> None:
    hold(site)
    site.lose()
    site.pbx.phones["anna"].paused = False
    site.connect()
    site.agent_not_ready("anna")
    site.passes(200.0)
    assert site.pbx.phones["anna"].reason == "break"


def test_a_call_that_was_quicker_wins(site: AsteriskSite) -> None:
    site.pbx.phones["anna"].status = 6
    hold(site)
    assert [one.reason for one in told(site, base.HoldRefused)] == ["no_agent"]
    assert not site.pbx.phones["anna"].paused
    assert not site.pbx.hold_timers


def test_a_pbx_that_says_nothing_grants_nothing(site: AsteriskSite) -> None:
    site.pbx.take = lambda data: None  # type: ignore[method-assign]
    hold(site)
    site.passes(3.0)
    assert [one.hold_id for one in told(site, base.HoldRefused)] == ["h1"]


def test_an_agent_whom_the_pbx_does_not_know_is_refused(site: AsteriskSite) -> None:
    site.pbx.phones["anna"].logged_in = False
    hold(site)
    assert [one.reason for one in told(site, base.HoldRefused)] == ["no_agent"]


def test_a_phone_that_goes_away_loses_the_hold(site: AsteriskSite) -> None:
    hold(site)
    site.pbx.register(site.pbx.phones["anna"], False)
    site.settle()
    assert lost(site) == [("h1", "unregistered")]
    assert state_of(site, "anna") is AgentState.NOT_READY
    site.pbx.register(site.pbx.phones["anna"], True)
    site.settle()
    assert state_of(site, "anna") is AgentState.READY


def test_the_agents_own_pause_is_not_taken_back(site: AsteriskSite) -> None:
    hold(site)
    site.agent_not_ready("anna")
    assert lost(site) == [("h1", "not_ready")]
    assert not site.pbx.hold_timers
    site.passes(200.0)
    assert site.pbx.phones["anna"].paused and site.pbx.phones["anna"].reason == "break"


def test_an_agent_who_says_ready_while_held_is_held_no_more(site: AsteriskSite) -> None:
    hold(site)
    site.agent_ready("anna")
    assert lost(site) == [("h1", "unpaused")]
    assert state_of(site, "anna") is AgentState.READY


def test_a_hold_that_nobody_uses_ends_by_itself(site: AsteriskSite) -> None:
    hold(site)
    site.passes(91.0)
    assert lost(site) == [("h1", "expired")]
    assert state_of(site, "anna") is AgentState.READY


def test_a_pause_of_a_process_before_this_one_is_taken_back(site: AsteriskSite) -> None:
    site.lose()
    site.pbx.pause(site.pbx.phones["anna"], True, "nirc")
    site.pbx.said()
    site.connect()
    assert not site.pbx.phones["anna"].paused
    assert state_of(site, "anna") is AgentState.READY


def test_places_are_held_up_to_the_limit(site: AsteriskSite) -> None:
    for number in range(51):
        site.command(base.HoldPlace(hold_id=f"p{number}", queue="sales"))
    assert [(one.hold_id, one.reason) for one in told(site, base.HoldRefused)] == [
        ("p50", "no_place")
    ]


def test_nothing_is_held_while_the_pbx_is_away(site: AsteriskSite) -> None:
    site.lose()
    hold(site)
    site.command(base.HoldPlace(hold_id="p1", queue="sales"))
    assert [one.reason for one in told(site, base.HoldRefused)] == ["closed", "closed"]


def test_the_timer_of_a_hold_of_before_takes_back_no_pause_of_today(site: AsteriskSite) -> None:
    hold(site)
    site.lose()
    site.connect()
    assert state_of(site, "anna") is AgentState.READY
    site.agent_not_ready("anna")
    site.passes(200.0)
    assert state_of(site, "anna") is AgentState.NOT_READY
    assert site.pbx.phones["anna"].reason == "break"
