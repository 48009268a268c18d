"""Feeds the link codec and a node's end of a link with bytes that nobody should send.

Rule of this file: whatever comes in, the codec answers with messages or with RemoteProtocolError,
what it accepts can be encoded again, and a session never delivers more than the codec let through.
Run `python tests/fuzz/fuzz_codec.py --seconds 60 --seed 7`; a failure prints seed and input.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections import Counter

from nrcli.errors import LocalProtocolError, RemoteProtocolError
from nrcli.wire.codec import Codec, Speaker
from nrcli.wire.link_greeting import Incarnations, NodeGreeting, Rhythm
from nrcli.wire.link_session import LinkSession, LinkSettings, LinkState
from nrcli.wire.message_code import CodecLimits
from nrcli.wire.messages import (
    AgentQueue,
    AgentReport,
    AgentState,
    CallTaken,
    ChannelClaim,
    Epoch,
    Heartbeat,
    Hello,
    Leading,
    PeerRelay,
    PeerStatus,
    QueueReport,
    Reserve,
    RouteRequest,
    StateSnapshot,
    TransferMethod,
)

LIMITS = CodecLimits(frame_bytes_max=4096, envelopes_max=16, text_chars_max=200, items_max=20)
CODEC = Codec(LIMITS)
EPOCH = Epoch(generation=1, revision=5)
AGENT = AgentReport(
    agent="anna", state=AgentState.READY, in_state_s=1.0, queues=(AgentQueue(queue="sales"),)
)
SEEDS = [
    Hello(site="lisbon", incarnation=1),
    Heartbeat(),
    Leading(domain="default", epoch=EPOCH, node="n1"),
    PeerStatus(node="n1", sites=("lisbon", "porto")),
    PeerRelay(message=CallTaken(token="nirc-a", from_site="porto", to_site="lisbon")),
    RouteRequest(
        request_id="r", interaction_id="i", call_id="c", service="s", queue="q", ani="\u00e7"
    ),
    StateSnapshot(
        incarnation=1, version=1, checksum=2**63, entities=(AGENT, QueueReport(queue="sales"))
    ),
    Reserve(
        domain="default",
        epoch=EPOCH,
        request_id="r",
        interaction_id="i",
        origin_site="porto",
        service="s",
        queue="q",
        methods=(TransferMethod.REFER, TransferMethod.BRIDGE),
        channels=(ChannelClaim(trunk_group="carrier", count=1),),
        data=b'{"a":1}',
    ),
]
PIECES = (
    b"",
    b"\x00",
    b"\xff",
    b"\x80" * 11,
    b"\x0a\x00",
    b"\x1a\xff\xff\xff\xff\x0f",
    b"\xed\xa0",
)


def mutated(data: bytes, dice: random.Random) -> bytes:
    """`data` with a few bytes changed, cut, doubled, or replaced by an unlucky piece."""
    out = bytearray(data)
    for _ in range(dice.randint(1, 4)):
        at = dice.randint(0, len(out))
        match dice.randint(0, 4):
            case 0 if out:
                out[at % len(out)] = dice.randint(0, 255)
            case 1:
                del out[at : at + dice.randint(1, 8)]
            case 2:
                out[at:at] = out[at : at + dice.randint(1, 40)] * dice.randint(1, 30)
            case 3:
                out[at:at] = dice.choice(PIECES)
            case _:
                out[at : at + dice.randint(0, 4)] = dice.randbytes(dice.randint(0, 6))
    return bytes(out)


ENVELOPES = [CODEC.encode(message) for message in SEEDS]
OF_A_SITE = [CODEC.encode(SEEDS[n]) for n in (1, 1, 5, 6)]


def nearly_right(dice: random.Random, envelopes: list[bytes], seq: int) -> bytes:
    """A frame that is right, or nearly."""
    chosen = dice.choices(envelopes, k=dice.randint(0, 4))
    if dice.random() < 0.4 and chosen:
        chosen[dice.randrange(len(chosen))] = mutated(dice.choice(chosen), dice)
    if dice.random() < 0.1:
        seq = dice.choice((0, 1, 2, 2**64 - 1))
    frame = CODEC.join(seq, dice.choice((0, 0, 0, 1)), chosen)
    return frame if dice.random() < 0.5 else mutated(frame, dice)


def talk(dice: random.Random) -> list[bytes]:
    """What a site might say after its greeting, or instead of it."""
    frames = [nearly_right(dice, OF_A_SITE, seq) for seq in (2, 3)]
    if dice.random() < 0.8:
        frames.insert(0, CODEC.join(1, 0, [ENVELOPES[0]]))
    return frames


def try_codec(data: bytes, speaker: Speaker) -> str:
    """One input; says what became of it."""
    try:
        frame = CODEC.decode(data, speaker)
    except RemoteProtocolError:
        return "refused"
    for message in frame.messages:
        again = CODEC.decode(CODEC.join(1, 0, [CODEC.encode(message)]), speaker)
        assert again.messages == (message,), message
    return "accepted"


def try_session(frames: list[bytes]) -> str:
    """A node's end hears these frames; says where that left it."""
    incarnations = Incarnations(4)
    greeting = NodeGreeting(
        node="n1", rhythm=Rhythm(), identity="lisbon", incarnations=incarnations
    )
    session = LinkSession(LinkSettings(), greeting=greeting, encode=CODEC.encode, now_s=0.0)
    for number, data in enumerate(frames):
        was_up = session.state is LinkState.UP
        try:
            frame = CODEC.decode(data, Speaker.SITE)
            said = session.receive(frame.seq, frame.ack, frame.messages, float(number))
        except RemoteProtocolError as error:
            session.break_off(error.reason)
            said = []
        assert was_up or session.state is LinkState.UP or not said
        session.take(float(number))
    return session.state.value


def fuzz(seconds: float, seed: int) -> Counter[str]:
    """Runs for `seconds`; raises at the first input that breaks the rule."""
    dice = random.Random(seed)
    outcomes: Counter[str] = Counter()
    until_s = time.monotonic() + seconds
    while time.monotonic() < until_s:
        data, frames = nearly_right(dice, ENVELOPES, 1), talk(dice)
        try:
            outcomes[try_codec(data, dice.choice(list(Speaker)))] += 1
            outcomes[try_session(frames)] += 1
        except LocalProtocolError as error:
            raise AssertionError(f"seed {seed}: accepted, but not to be said: {data!r}") from error
        except Exception as error:
            raise AssertionError(f"seed {seed}: {error!r} on {data!r} or {frames!r}") from error
    return outcomes


def main() -> int:
    parser = argparse.ArgumentParser(description="Fuzz the codec of the link.")
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--seed", type=int, default=7)
    arguments = parser.parse_args()
    outcomes = fuzz(arguments.seconds, arguments.seed)
    print(f"fuzz_codec seed {arguments.seed}: {dict(outcomes)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
