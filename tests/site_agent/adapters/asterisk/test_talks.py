"""Agents with callers: by the queue, by both ends, told twice, with work after the call."""

import pytest
from acd_contract_words import connected_to, ends_of, state_of, told
from asterisk_site import AsteriskSite

from nrcli.wire.messages import AgentState
from site_agent.adapters import base


@pytest.fixture
def site() -> AsteriskSite:
    site = AsteriskSite()
    site.agent_ready("anna")
    return site


def talks(site: AsteriskSite) -> str:
    call_id = site.caller_enters("sales")
    site.agent_answers("anna")
    assert connected_to(site, call_id) == ["anna"]
    return call_id


@pytest.mark.parametrize("by", ["caller", "agent"])
def test_who_ended_a_talk_is_told_once(site: AsteriskSite, by: str) -> None:
    call_id = talks(site)
    site.passes(20.0)
    site.pbx.hang_up(site.channel(call_id), by)
    site.settle()
    (end,) = told(site, base.CallEnded)
    assert (end.released_by, end.agent, end.talked_s) == (by, "anna", 20.0)
    assert end.waited_s == 0.0
    assert ends_of(site, call_id) == [by]


def test_work_after_the_call_is_reckoned_for_the_pbx_does_not_tell_it(site: AsteriskSite) -> None:
    talks(site)
    site.agent_hangs_up("anna")
    assert state_of(site, "anna") is AgentState.WORKING_AFTER_CALL
    site.passes(1.1)
    assert state_of(site, "anna") is AgentState.READY


def test_a_talk_that_is_told_as_over_twice_counts_once(site: AsteriskSite) -> None:
    call_id = talks(site)
    site.passes(20.0)
    for _ in range(2):
        site.pbx._agent("AgentComplete", site.channel(call_id), site.pbx.phones["anna"])
    site.settle()
    queue = told(site, base.QueueChanged)[-1]
    assert queue.answered_count == 1
    assert queue.aht_s == pytest.approx(164.0)
    site.passes(4.0)
    assert ends_of(site, call_id) == ["agent"]


def test_an_agent_who_does_not_answer_is_paused_by_the_queue(site: AsteriskSite) -> None:
    call_id = site.caller_enters("sales")
    assert state_of(site, "anna") is AgentState.BUSY
    site.passes(16.0)
    assert state_of(site, "anna") is AgentState.NOT_READY
    assert not ends_of(site, call_id)
    site.agent_ready("rita")
    site.agent_answers("rita")
    assert connected_to(site, call_id) == ["rita"]


def test_a_caller_who_gives_up_while_it_rings(site: AsteriskSite) -> None:
    call_id = site.caller_enters("sales")
    site.caller_hangs_up(call_id)
    assert ends_of(site, call_id) == ["caller"]
    assert state_of(site, "anna") is AgentState.READY
    assert told(site, base.QueueChanged)[-1].abandoned_count == 1


def test_a_sign_about_nobody_is_nothing(site: AsteriskSite) -> None:
    before = len(site.events)
    channel = site.pbx._channel("sales")
    for event in ("AgentCalled", "AgentConnect", "AgentComplete", "AgentRingNoAnswer"):
        site.pbx._agent(event, channel, site.pbx.phones["anna"])
    site.settle()
    assert not [e for e in site.events[before:] if not isinstance(e, base.TrunkChanged)]
