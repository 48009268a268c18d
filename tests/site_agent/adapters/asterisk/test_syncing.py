"""Books and PBX in step: at the start, after a lost line, and now and then."""

from acd_contract_words import ends_of, state_of, told, waiting_in
from asterisk_site import AsteriskSite

from nrcli.wire.messages import AgentState
from site_agent.adapters import base


def test_everything_is_asked_for_when_the_line_stands() -> None:
    site = AsteriskSite()
    assert [one["Action"] for one in site.pbx.actions] == [
        "CoreShowChannels",
        "QueueStatus",
        "PJSIPShowEndpoints",
        *["Setvar"] * len(site.agents),
    ], "and timers of holds of before are made void"
    queue = told(site, base.QueueChanged)[-1]
    assert (queue.open, queue.places_max) == (True, 50)


def test_without_a_line_nothing_is_promised() -> None:
    site = AsteriskSite()
    site.agent_ready("anna")
    site.lose()
    assert state_of(site, "anna") is AgentState.NOT_READY
    assert not told(site, base.QueueChanged)[-1].open
    site.connect()
    assert state_of(site, "anna") is AgentState.READY
    assert told(site, base.QueueChanged)[-1].open


def test_callers_of_before_are_heard_of_with_their_wait() -> None:
    site = AsteriskSite()
    site.lose()
    channel = site.pbx.call_in()
    site.pbx.said()
    site.connect()
    (offered,) = told(site, base.CallOffered)
    assert (offered.call_id, offered.service) == (channel.unique_id, "sales")
    assert offered.waited_s == 1.0


def test_a_caller_who_went_while_nobody_listened_is_over() -> None:
    site = AsteriskSite()
    gone, stays = site.caller_enters("sales"), site.caller_enters("sales")
    site.passes(10.0)
    site.lose()
    site.pbx.hang_up(site.channel(gone))
    site.pbx.said()
    site.connect()
    assert ends_of(site, gone) == ["caller"]
    assert not ends_of(site, stays)
    assert waiting_in(site) == 1


def test_channels_of_a_trunk_group_are_counted() -> None:
    site = AsteriskSite()
    first, second = site.caller_enters("sales"), site.caller_enters("sales")
    assert told(site, base.TrunkChanged)[-1].channels_used_count == 2
    site.caller_hangs_up(first)
    assert told(site, base.TrunkChanged)[-1].channels_used_count == 1
    site.lose()
    site.pbx.hang_up(site.channel(second))
    site.pbx.said()
    site.connect()
    assert told(site, base.TrunkChanged)[-1].channels_used_count == 0


def test_the_whole_state_is_asked_for_again() -> None:
    site = AsteriskSite()
    site.pbx.actions.clear()
    site.passes(301.0)
    asked = [one["Action"] for one in site.pbx.actions]
    assert asked == ["CoreShowChannels", "QueueStatus", "PJSIPShowEndpoints"]
    site.lose()
    site.pbx.actions.clear()
    site.passes(700.0)
    assert not site.pbx.actions


def test_a_queue_that_the_pbx_lost_is_closed_and_returns_by_itself() -> None:
    site = AsteriskSite()
    site.pbx.queue = "other"
    site.passes(301.0)
    assert not told(site, base.QueueChanged)[-1].open
    site.pbx.queue = "sales"
    site.passes(301.0)
    assert told(site, base.QueueChanged)[-1].open


def test_a_channel_whose_device_hung_up_is_free_though_the_pbx_lists_it_still() -> None:
    """After a `Transfer` without a final NOTIFY the event Hangup comes minutes later."""
    site = AsteriskSite()
    call = site.caller_enters("sales")
    site.pbx.event("HangupRequest", channel=site.channel(call), Cause=16)
    site.settle()
    assert told(site, base.TrunkChanged)[-1].channels_used_count == 0
    assert ends_of(site, call) == ["caller"]
    site.lose()
    site.connect()
    assert told(site, base.TrunkChanged)[-1].channels_used_count == 0
