"""The whole: capabilities, commands that this PBX has no answer to, bytes that are none."""

from __future__ import annotations

import random

import pytest
from acd_contract_words import told
from esl_wire import event
from freeswitch_bench import FreeswitchBench

from nrcli.wire.messages import TransferMethod
from site_agent.adapters import base
from site_agent.adapters.freeswitch.happenings import CHANNEL_EVENTS


@pytest.mark.parametrize("refer", [True, False])
def test_capabilities_say_what_this_one_can(refer: bool) -> None:
    found = FreeswitchBench(refer=refer).capabilities()
    assert found.hold_agent is base.HoldLevel.PAUSE
    assert (TransferMethod.REFER in found.methods) is refer
    assert TransferMethod.REFER_REPLACES not in found.methods


def test_what_it_cannot_do_is_answered_all_the_same() -> None:
    found = FreeswitchBench()
    call_id = found.caller_enters("sales")
    found.command(base.PlayAnnouncement(call_id=call_id, name="busy"))
    found.command(
        base.DialCaller(
            call_id="c9",
            hold_id="h",
            agent="anna",
            queue="sales",
            service="s",
            interaction_id="i",
            number="+351",
            ring_s=20.0,
        )
    )
    assert not told(found, base.AnnouncementOver)[0].played
    assert told(found, base.CallerDialed)[0].outcome == "failed"


def test_bytes_that_are_no_event_socket_end_the_connection() -> None:
    found = FreeswitchBench()
    found.take(found.acd.receive(b"HTTP/1.1 400 Bad Request\n\n", found.now_s))
    assert "not an event socket" in found.problems[0]


def test_events_that_make_no_sense_do_no_harm() -> None:
    found = FreeswitchBench()
    dice = random.Random(3)
    call_id = found.caller_enters("sales")
    values = [call_id, "", "x" * 70, "anna@default", "${x}", "sales@default", "On Break", "Cancel"]
    names = ["Unique-ID", "CC-Action", "CC-Agent", "CC-Queue", "CC-Member-Session-UUID"]
    names += ["CC-Agent-Status", "CC-Agent-State", "CC-Cause", "variable_nirc_move", "Application"]
    actions = [
        "agent-status-change",
        "member-queue-start",
        "bridge-agent-start",
        "member-queue-end",
    ]
    for _ in range(3_000):
        headers = {name: dice.choice(values) for name in names if dice.random() < 0.6}
        headers["CC-Action"] = dice.choice(actions)
        headers["Event-Subclass"] = "callcenter::info"
        name = dice.choice([*CHANNEL_EVENTS, "CUSTOM", "BACKGROUND_JOB", "HEARTBEAT"])
        data = event(name, headers, now_unix_s=1.0)
        found.take(found.acd.receive(data, found.now_s))
        found.now_s += 0.1
        found.take(found.acd.fire(found.now_s))
    ended = [one.call_id for one in told(found, base.CallEnded)]
    assert len(ended) == len(set(ended))
