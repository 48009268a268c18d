"""Feeds mutants of real and tortuous messages to a user agent that has calls, for a while.

Found is: anything raised, a message that takes over a second of our own time, an answer that is no
SIP, or memory that grows past the limits. Usage: `fuzz_sip.py --seconds 60 [--seed 1]`; what was
found is printed with the seed and number that repeat it.
"""

import argparse
import random
import sys
import time
import traceback
from collections import deque

from sip_samples import TORTURE, mutant
from sip_wire import ids

from nrcli.sip.errors import LocalProtocolError, MessageError
from nrcli.sip.message import SipUri, parse
from nrcli.sip.stream_framer import StreamFramer
from site_agent.sip.settings import SipSettings
from site_agent.sip.signals import (
    AckMissing,
    AnswerReceived,
    InviteReceived,
    Output,
    Peer,
    ReferReceived,
    ReinviteReceived,
    RequestReceived,
    SendBytes,
)
from site_agent.sip.user_agent import UserAgent

PEER = Peer("udp", ("127.0.0.1", 5002), ("127.0.0.1", 5001))
TCP = Peer("tcp", ("127.0.0.1", 5002), ("127.0.0.1", 40_001))
SETTINGS = SipSettings(legs_max=300, transactions_max=2_000, unanswered_s_max=60.0)
SLOW_S = 1.0
REFUSALS = (b"SIP/2.0 400", b"SIP/2.0 405", b"SIP/2.0 416", b"SIP/2.0 505", b"SIP/2.0 513")


class Finding(Exception):
    """Something that must not happen."""


class Fuzz:
    """One user agent, an owner that answers by dice, and what both said lately as material."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)
        self.agent = UserAgent(SETTINGS, ids("z"))
        self.now_s = 0.0
        self.legs: deque[str] = deque(maxlen=50)
        self.said: deque[bytes] = deque(maxlen=200)
        self.samples = [data for data, _ in TORTURE.values()]
        self.count = 0

    def step(self) -> None:
        """One message, now and then a command of ours, and time that passes."""
        self.count += 1
        dice = self.dice
        source = self.said if self.said and dice.random() < 0.6 else self.samples
        data = dice.choice(source)
        if dice.random() < 0.5 and not data.startswith(b"SIP/"):
            data = data.replace(b"z9hG4bK", b"z9hG4bK%d" % dice.randrange(10_000), 1)
        if dice.random() < 0.6:
            data = mutant(data, dice)
        if len(data) > 200_000:
            data = data[:200_000]
        began = time.process_time()
        peer = PEER if dice.random() < 0.8 else TCP
        self.take(self.agent.receive(data, peer, self.now_s))
        if dice.random() < 0.1:
            self.stream(data)
        if dice.random() < 0.15:
            self.command()
        if dice.random() < 0.05:
            self.now_s += dice.choice((0.1, 1.0, 40.0))
            self.take(self.agent.fire(self.now_s))
        if time.process_time() - began > SLOW_S:
            raise Finding(f"took over {SLOW_S} s")
        if self.count % 1_000 == 0:
            self.look()

    def stream(self, data: bytes) -> None:
        framer = StreamFramer()
        size = self.dice.randrange(1, 200)
        try:
            for start in range(0, min(len(data), 20_000), size):
                framer.feed(data[start : start + size])
        except MessageError:
            return

    def take(self, outputs: list[Output]) -> None:
        for output in outputs:
            if isinstance(output, SendBytes):
                self.heard(output.data)
            else:
                self.take(self.act(output))

    def heard(self, data: bytes) -> None:
        """What we send must be SIP; the far end's side of it is new material.

        Refusals of malformed requests copy what they refuse, and may be as malformed.
        """
        try:
            parse(data)
        except MessageError as error:
            if not data.startswith(REFUSALS):
                raise Finding(f"we sent what we refuse to read ({error}): {data!r}") from error
        self.said.append(data)
        if data.startswith(b"SIP/"):
            if data.startswith(b"SIP/2.0 200") and b" INVITE\r\n" in data:
                self.said += self.within(data)
            return
        _, _, rest = data.partition(b"\r\n")
        status = self.dice.choice((b"100", b"180", b"200", b"202", b"302", b"401", b"481", b"491"))
        tag = b";tag=t%d\r\n" % self.dice.randrange(3)
        challenge = b'WWW-Authenticate: Digest realm="r", nonce="n", qop="auth"\r\n'
        head = b"SIP/2.0 " + status + b" X\r\n" + challenge
        self.said.append(head + rest.replace(b">\r\nCall-ID", b">" + tag + b"Call-ID", 1))

    def within(self, answer: bytes) -> list[bytes]:
        """Requests that the far end of this dialog of ours might send next."""
        copied = {b"From", b"To", b"Call-ID"}
        lines = [line for line in answer.split(b"\r\n") if line.partition(b":")[0] in copied]
        made = []
        for method in (b"ACK", b"ACK", b"INVITE", b"REFER", b"NOTIFY", b"UPDATE", b"INFO", b"BYE"):
            number = 1 if method == b"ACK" else self.count + self.dice.randrange(50)
            head = [
                method + b" sip:s@127.0.0.1:5002 SIP/2.0",
                b"Via: SIP/2.0/UDP 127.0.0.1:5001;branch=z9hG4bK-%d" % self.dice.randrange(10**6),
                b"CSeq: %d " % number + method,
                b"Contact: <sip:a@127.0.0.1:5001>",
                b"Refer-To: <sip:x@h>",
                b"Event: refer",
                b"Subscription-State: " + self.dice.choice((b"active", b"terminated")),
                b"Supported: timer",
                b"Session-Expires: "
                + self.dice.choice((b"90", b"30", b"1800;refresher=uas", b"x")),
            ]
            body = self.dice.choice((b"SIP/2.0 100 X", b"SIP/2.0 200 OK", b"SIP/2.0 503", b""))
            made.append(b"\r\n".join([*head, *lines, b"", body]))
        return made

    def act(self, event: Output) -> list[Output]:
        agent, now_s, dice = self.agent, self.now_s, self.dice
        leg = getattr(event, "leg", "")
        if leg:
            self.legs.append(leg)
        match event:
            case InviteReceived(request=request) if dice.random() < 0.8:
                assert str(request.uri)
                if dice.random() < 0.5:
                    return agent.answer(leg, b"v=0", now_s)
                return agent.reject(leg, 302, now_s, headers=[("Contact", "<sip:x@h>")])
            case AnswerReceived():
                return agent.ack(leg, now_s)
            case ReinviteReceived() if dice.random() < 0.7:
                return agent.accept_reinvite(leg, b"v=0", now_s)
            case ReferReceived() if dice.random() < 0.7:
                return agent.accept_refer(leg, now_s)
            case RequestReceived(transaction=transaction) if dice.random() < 0.7:
                return agent.respond(transaction, 200, now_s)
            case AckMissing():
                return agent.bye(leg, now_s)
        return []

    def command(self) -> None:
        agent, now_s, dice = self.agent, self.now_s, self.dice
        leg = dice.choice(self.legs) if self.legs else "none"
        uri = SipUri.parse("sip:x@127.0.0.1:5001")
        place = {"from_": "<sip:s@h>", "to": "<sip:x@h>"}
        acts = (
            lambda: agent.bye(leg, now_s),
            lambda: agent.bye(leg, now_s),
            lambda: agent.reject(leg, 486, now_s),
            lambda: agent.refer(leg, "<sip:y@h>", now_s, credentials=("u", "p")),
            lambda: agent.reinvite(leg, b"v=0", now_s),
            lambda: agent.notify_refer(leg, 200, "", now_s),
            lambda: agent.cancel(leg, now_s),
            lambda: agent.invite(
                f"o{self.count}", uri, PEER, now_s, **place, ring_s=20.0, credentials=("u", "p")
            ),
            lambda: agent.request("h", "OPTIONS", uri, PEER, now_s, **place),
            lambda: agent.send_failed(PEER, now_s),
        )
        try:
            self.take(dice.choice(acts)())
        except LocalProtocolError:
            return

    def look(self) -> None:
        agent = self.agent
        sizes = {
            "legs": len(agent._legs) - SETTINGS.legs_max - 200,
            "transactions": len(agent._transactions) - 2 * SETTINGS.transactions_max,
            "timers": len(agent._timers) - 4 * SETTINGS.transactions_max,
            "pending": len(agent._pending) - SETTINGS.transactions_max,
            "merged": len(agent._merged) - SETTINGS.legs_max,
        }
        over = {name: size for name, size in sizes.items() if size > 0}
        if over:
            raise Finding(f"grew past its limits: {over}")

    def drain(self) -> None:
        """After quiet nothing is left but calls that stand."""
        for _ in range(100_000):
            at_s = self.agent.next_timer_s()
            if at_s is None:
                break
            self.now_s = max(self.now_s, at_s)
            self.take(self.agent.fire(self.now_s))
        if len(self.agent._transactions) or self.agent._pending:
            raise Finding("transactions are left after quiet")


def run(seed: int, *, seconds: float = 0.0, messages: int = 0) -> int:
    """Fuzz for a time or a number of messages; the number of messages fed.

    Raises: AssertionError, or whatever was found, with seed and number as a note.
    """
    fuzz = Fuzz(seed)
    end = time.monotonic() + seconds
    try:
        while fuzz.count < messages or time.monotonic() < end:
            fuzz.step()
        fuzz.drain()
    except Exception as error:
        error.add_note(f"seed {seed}, message {fuzz.count}")
        raise
    return fuzz.count


def main() -> int:
    """Fuzz with one seed after the other; 1 if something was found."""
    options = argparse.ArgumentParser()
    options.add_argument("--seconds", type=float, default=60.0)
    options.add_argument("--seed", type=int, default=int(time.monotonic() * 1000) % 1_000_000)
    given = options.parse_args()
    end = time.monotonic() + given.seconds
    total, seed, found = 0, given.seed, 0
    while time.monotonic() < end and not found:
        try:
            total += run(seed, messages=20_000)
        except Exception:
            traceback.print_exc()
            found += 1
        seed += 1
    print(f"fuzz_sip: {total} messages, seeds {given.seed} to {seed - 1}, found {found}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
