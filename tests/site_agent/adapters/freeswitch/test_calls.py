"""Figures of queues and channels of trunk groups follow the calls; a call ends once."""

from __future__ import annotations

import dataclasses

from acd_contract_words import told
from freeswitch_bench import SETTINGS, FreeswitchBench

from site_agent.adapters import base


def used(found: FreeswitchBench, trunk: str) -> int:
    said = [one for one in told(found, base.TrunkChanged) if one.trunk_group == trunk]
    return int(said[-1].channels_used_count)


def queue(found: FreeswitchBench, name: str = "sales") -> base.QueueChanged:
    said = [one for one in told(found, base.QueueChanged) if one.queue == name]
    assert isinstance(said[-1], base.QueueChanged)
    return said[-1]


def test_channels_belong_to_the_profile_they_came_by() -> None:
    found = FreeswitchBench()
    first = found.caller_enters("sales")
    found.enters("nirc-" + "a" * 26)
    assert (used(found, "carrier"), used(found, "network")) == (1, 1)
    found.caller_hangs_up(first)
    assert (used(found, "carrier"), used(found, "network")) == (0, 1)
    found.enters("nirc_queue", nirc_queue="sales@default", nirc_trunk="network")
    assert used(found, "network") == 2


def test_a_queue_shows_the_oldest_and_counts_who_left_and_who_was_answered() -> None:
    found = FreeswitchBench()
    began_s = found.now_s
    first, second = found.caller_enters("sales"), found.caller_enters("sales")
    assert (queue(found).waiting_count, queue(found).oldest_offered_at_s) == (2, began_s)
    found.caller_hangs_up(second)
    found.agent_ready("anna")
    found.agent_answers("anna")
    assert (queue(found).answered_count, queue(found).abandoned_count) == (1, 1)
    found.caller_hangs_up(first)
    assert (queue(found).waiting_count, queue(found).abandoned_count) == (0, 1)


def test_a_queue_that_mod_callcenter_does_not_have_is_closed() -> None:
    missing = dataclasses.replace(SETTINGS.queues[0], name="support")
    found = FreeswitchBench(queues=(*SETTINGS.queues, missing))
    assert queue(found).open and not queue(found, "support").open
    found.command(base.HoldPlace(hold_id="h", queue="support"))
    assert [one.reason for one in told(found, base.HoldRefused)] == ["unknown"]


def test_calls_beyond_the_limit_are_none_of_ours() -> None:
    found = FreeswitchBench(calls_max=1)
    found.caller_enters("sales")
    found.caller_enters("sales")
    assert len(told(found, base.CallOffered)) == 1


def test_of_another_queue_of_the_pbx_nothing_is_told() -> None:
    found = FreeswitchBench()
    found.enters("nirc_queue", nirc_queue="other@default")
    assert told(found, base.CallOffered) == []
