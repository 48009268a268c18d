"""After a connection everything is read; what is gone is told away, who waits is offered."""

from __future__ import annotations

from acd_contract_words import ends_of, told, waiting_in
from esl_pbx import Pbx
from freeswitch_bench import FreeswitchBench, two_agents

from site_agent.adapters import base


def test_callers_who_wait_already_are_offered_with_their_age() -> None:
    pbx = Pbx(agents=two_agents())
    channel = pbx.call("nirc_queue", nirc_queue="sales@default", cc_base_score="30")
    pbx.advance(20.0)
    found = FreeswitchBench(pbx)
    (offered,) = told(found, base.CallOffered)
    assert (offered.call_id, offered.queue, offered.trunk_group) == (
        channel.uuid,
        "sales",
        "carrier",
    )
    assert 49.0 <= offered.waited_s <= 51.0
    found.caller_hangs_up(channel.uuid)
    assert ends_of(found, channel.uuid) == ["caller"]


def test_what_ended_while_nobody_listened_is_told_once() -> None:
    found = FreeswitchBench()
    gone, stays = found.caller_enters("sales"), found.caller_enters("sales")
    found.cut()
    found.pbx.hang_up(gone)
    found.connect()
    assert ends_of(found, gone) == ["site"] and ends_of(found, stays) == []
    assert waiting_in(found) == 1
    assert len(told(found, base.CallOffered)) == 2


def test_nothing_is_promised_before_all_was_read() -> None:
    pbx = Pbx(agents=two_agents())
    pbx.silent = True
    found = FreeswitchBench(pbx)
    assert not [one for one in told(found, base.QueueChanged) if one.open]
    found.command(base.HoldPlace(hold_id="h", queue="sales"))
    assert [one.reason for one in told(found, base.HoldRefused)] == ["unknown"]
    found.passes(11.0)
    assert "did not answer" in found.problems[0]


def test_freeswitch_is_asked_now_and_then_whether_it_lives() -> None:
    found = FreeswitchBench()
    found.passes(6.0)
    found.pbx.silent = True
    found.passes(16.0)
    assert len(found.problems) == 1
    assert not told(found, base.QueueChanged)[-1].open
