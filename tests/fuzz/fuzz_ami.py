"""Feeds the Asterisk adapter with bytes that no manager sends, and with stories in a wrong order.

Rule of this file: whatever comes in, the framer answers with messages or with AmiError, the adapter
raises nothing, every action it writes is one whole action, and what it tells is a legal story.
Run `python tests/fuzz/fuzz_ami.py --seconds 60 --seed 7`; a failure prints seed and input.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections import Counter

from acd_contract_words import ADDRESS, TOKEN, judge

from nrcli.wire.messages import TransferMethod
from site_agent.adapters import base
from site_agent.adapters.asterisk.adapter import AsteriskAcd
from site_agent.adapters.asterisk.asterisk_protocol import (
    BANNER,
    AmiError,
    AmiFramer,
    AmiMessage,
    encode,
)
from site_agent.adapters.asterisk.desk import Outcome, Say
from site_agent.adapters.asterisk.settings import (
    AsteriskSettings,
    QueueSettings,
    TrunkSettings,
)

SETTINGS = AsteriskSettings(
    queues=(QueueSettings(name="sales", places_max=3, acw_s=1.0),),
    trunk_groups=(
        TrunkSettings(name="carrier", endpoints=("carrier",), channels_max=4, redirect_302=True),
    ),
    calls_max=8,
)
EVENTS = (
    "Newchannel",
    "Newstate",
    "Hangup",
    "HangupRequest",
    "QueueCallerJoin",
    "QueueCallerLeave",
    "QueueCallerAbandon",
    "QueueMemberStatus",
    "QueueMemberPause",
    "QueueMemberAdded",
    "QueueMemberRemoved",
    "QueueMember",
    "QueueEntry",
    "QueueParams",
    "QueueStatusComplete",
    "CoreShowChannel",
    "CoreShowChannelsComplete",
    "AgentCalled",
    "AgentConnect",
    "AgentComplete",
    "AgentRingNoAnswer",
    "DialBegin",
    "DialState",
    "DialEnd",
    "AsyncAGIStart",
    "UserEvent",
    "Nonsense",
)
VALUES: dict[str, tuple[str, ...]] = {
    "Uniqueid": ("1.1", "1.2", "1.3", ""),
    "Channel": ("PJSIP/carrier-01", "PJSIP/carrier-02", "Local/s@x;1", ""),
    "ChannelState": ("6", "4", "x"),
    "Queue": ("sales", "sales", "other", ""),
    "MemberName": ("anna", "rita"),
    "Name": ("anna", "rita"),
    "Interface": ("PJSIP/anna", "PJSIP/rita"),
    "Location": ("PJSIP/anna", "PJSIP/rita"),
    "Status": ("0", "1", "1", "1", "2", "5", "6", "ANSWER", "SUCCESS", "FAILURE", "-9" * 30),
    "Paused": ("0", "0", "1", "yes"),
    "PausedReason": ("nirc", "nirc", "break", ""),
    "Exten": (TOKEN, "sales", "nirc-\u00e9"),
    "DialStatus": ("ANSWER", "RINGING", "NOANSWER", ""),
    "UserEvent": ("NircMove", "NircAgent", "NircData", "Other"),
    "Move": ("m1", "m2"),
    "Protocol": ("0", "404", "405", "x"),
    "Data": ("eyJhIjoxfQ", "!!", ""),
    "Reason": ("caller", "agent", "nirc", ""),
    "ChanVariable": ("NIRC_SERVICE=vip", "NIRC_TOKEN=" + TOKEN, "NIRC_INTERACTION=a\\nb", "="),
    "Wait": ("3", "x"),
    "Max": ("0", "2"),
}
CALLS = ("1.1", "1.2", "1.3", "1.1/2", "nobody")
TEXTS = (b'{"k":"v"}', b"", b"\xff\xfe", b'{"a":"\r\nAction: Logoff"}')


def event(dice: random.Random, action_ids: list[str]) -> bytes:
    """One event with likely fields, some of them missing or odd."""
    lines = [f"Event: {dice.choice(EVENTS)}"]
    if dice.random() < 0.2:
        lines = [f"Response: {dice.choice(('Success', 'Error', 'Follows'))}"]
    if action_ids and dice.random() < 0.5:
        lines.append(f"ActionID: {dice.choice(action_ids[-12:])}")
    lines += [
        f"{key}: {dice.choice(values)}" for key, values in VALUES.items() if dice.random() < 0.9
    ]
    return "\r\n".join([*lines, "", ""]).encode()


def command(dice: random.Random, serial: int) -> base.AcdCommand:
    """One command of a daemon that has lost its head, but names every hold and move anew."""
    call_id, agent = dice.choice(CALLS), dice.choice(("anna", "rita", "nobody"))
    data, hold_id = dice.choice(TEXTS), f"h{serial}"
    used = f"h{dice.randint(max(0, serial - 20), serial)}"
    commands: tuple[base.AcdCommand, ...] = (
        base.HoldAgent(hold_id=hold_id, agent=agent, queue="sales"),
        base.HoldPlace(hold_id=hold_id, queue=dice.choice(("sales", "nowhere"))),
        base.ReleaseHold(hold_id=dice.choice((used, "")), agent=agent),
        base.AcceptArrival(
            call_id=call_id,
            hold_id=used,
            interaction_id=dice.choice(("i1", "i\r\nAction: Logoff", "${EVAL}")),
            service=dice.choice(("s1", "s\r\n1")),
            queue="sales",
            waited_s=3.0,
            answer_now=True,
            data=data,
            data_within_s=dice.choice((0.0, 0.2)),
        ),
        base.RefuseArrival(call_id=call_id, sip_status=dice.choice((480, 503, 700))),
        base.TreatAsOrdinary(call_id=call_id, interaction_id="i", queue="sales", service="s"),
        base.StartMove(
            call_id=call_id,
            move_id=f"m{serial}",
            method=dice.choice(list(TransferMethod)),
            address=dice.choice((ADDRESS, "sip:a@b,c", "sip:x@y\r\nAction: Logoff")),
            user_to_user=dice.choice(("", "0a0b", "x\r\n")),
            data=data,
        ),
        base.AbortMove(call_id=call_id, move_id=f"m{serial}"),
        base.PutBack(call_id=call_id),
        base.EndMoved(call_id=call_id),
        base.ProbeCaller(call_id=call_id),
        base.GiveData(call_id=call_id, data=data),
        base.Announce(call_id=call_id, position=1, ewt_s_min=0.0, ewt_s_max=9.0),
        base.RejectCall(call_id=call_id, reason="busy"),
    )
    return dice.choice(commands)


class Story:
    """One adapter, and all that it told."""

    def __init__(self) -> None:
        self.acd = AsteriskAcd(SETTINGS, lambda: "i")
        self.events: list[base.AcdEvent] = []
        self.action_ids: list[str] = []
        self.now_s = 10.0

    def take(self, outcomes: list[Outcome]) -> None:
        for outcome in outcomes:
            if isinstance(outcome, Say):
                self._whole(encode(outcome.action))
                self.action_ids.append(outcome.action.action_id)
            else:
                self.events.append(outcome)

    def _whole(self, data: bytes) -> None:
        assert data.count(b"\r\n\r\n") == 1 and data.endswith(b"\r\n\r\n"), data
        assert data.count(b"Action: ") == 1, data
        assert data.count(b"\n") == data.count(b"\r\n") == data.count(b"\r"), data


def try_story(dice: random.Random) -> str:
    """Events, commands, timers and lost lines in any order."""
    story, framer = Story(), AmiFramer()
    framer.feed(f"{BANNER}5.0\r\n".encode())
    story.take(story.acd.connected(story.now_s))
    for serial in range(dice.randint(10, 120)):
        story.now_s += dice.choice((0.0, 0.0, 0.1, 3.0))
        chance = dice.random()
        if chance < 0.6:
            for message in framer.feed(event(dice, story.action_ids)):
                story.take(story.acd.receive(message, story.now_s))
        elif chance < 0.9:
            story.take(story.acd.command(command(dice, serial), story.now_s))
        elif chance < 0.97:
            story.take(story.acd.fire(story.now_s))
        else:
            story.take(story.acd.lost(story.now_s))
            story.take(story.acd.connected(story.now_s))
    story.acd.snapshot(story.now_s)
    judge(story.events)
    return "told" if story.events else "quiet"


def try_bytes(dice: random.Random) -> str:
    """Bytes in pieces."""
    data = f"{BANNER}5.0\r\n".encode() + b"".join(event(dice, []) for _ in range(3))
    out = bytearray(data)
    for _ in range(dice.randint(1, 5)):
        at = dice.randint(0, len(out))
        if dice.random() < 0.5:
            out[at : at + dice.randint(0, 9)] = dice.randbytes(dice.randint(0, 9))
        else:
            out[at:at] = out[at : at + dice.randint(1, 60)] * dice.randint(1, 900)
    framer, messages = AmiFramer(), list[AmiMessage]()
    acd = AsteriskAcd(SETTINGS, lambda: "i")
    try:
        while out:
            size = dice.randint(1, 4096)
            messages += framer.feed(bytes(out[:size]))
            del out[:size]
    except AmiError:
        return "refused"
    for message in messages:
        acd.receive(message, 1.0)
    return "accepted"


def fuzz(seconds: float, seed: int) -> Counter[str]:
    """Try inputs until the time is over; what became of them."""
    outcomes: Counter[str] = Counter()
    until_s, number = time.monotonic() + seconds, 0
    while time.monotonic() < until_s:
        dice = random.Random(f"{seed}/{number}")
        try:
            outcomes[(try_bytes if number % 4 == 0 else try_story)(dice)] += 1
        except Exception:
            print(f"seed {seed}, number {number}", file=sys.stderr)
            raise
        number += 1
    return outcomes


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    given = parser.parse_args()
    print(f"seed {given.seed}")
    print(dict(fuzz(given.seconds, given.seed)))
