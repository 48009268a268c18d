"""Calls over a wire that loses, doubles and disorders: both sides always end, and nothing is left.

Each seed is one story: some calls with random commands at random times on both sides.
"""

import random

import pytest
from sip_wire import Station, Wire

from nrcli.sip.errors import LocalProtocolError
from nrcli.sip.message import SipUri
from site_agent.sip.signals import (
    AckMissing,
    AnswerReceived,
    ByeDone,
    ByeReceived,
    CancelReceived,
    FinalAcknowledged,
    InviteFailed,
    InviteReceived,
    LegLost,
    ReferReceived,
    ReinviteReceived,
    RequestReceived,
)

CALLS_PER_STORY = 6
QUIET_S = 1_000.0


class Person:
    """An owner that does what the dice say, and hangs up in the end."""

    def __init__(self, station: Station, dice: random.Random, wire: Wire) -> None:
        self.station = station
        self.dice = dice
        self.wire = wire
        self.open: set[str] = set()
        self.over: list[str] = []
        station.owner = self.hear

    def hear(self, station: Station, event: object, now_s: float) -> None:
        leg = getattr(event, "leg", "")
        match event:
            case InviteReceived():
                assert leg not in self.open
                self.open.add(leg)
                self.later(self.take_call, leg)
            case AnswerReceived():
                self.later(self.do, "ack", leg)
                self.talk(leg)
            case ReinviteReceived():
                self.later(self.do, self.dice.choice(["accept", "refuse"]) + "_reinvite", leg)
            case ReferReceived():
                self.later(self.do, self.dice.choice(["accept", "refuse"]) + "_refer", leg)
                self.later(self.do, "notify_refer", leg, longest_s=9.0)
            case RequestReceived(transaction=transaction):
                self.later(self.do, "respond", transaction)
            case AckMissing():
                self.do("bye", leg)
            case InviteFailed(is_reinvite=False):
                self.ended(leg)
            case CancelReceived() | FinalAcknowledged() | ByeReceived() | ByeDone() | LegLost():
                self.ended(leg)

    def ended(self, leg: str) -> None:
        assert leg in self.open, f"{leg} ended twice"
        self.open.discard(leg)
        self.over.append(leg)

    def later(self, act: object, *arguments: object, longest_s: float = 3.0) -> None:
        at_s = self.wire.now_s + self.dice.uniform(0.0, longest_s)
        self.wire.at(at_s, lambda now_s: act(*arguments))

    def place(self, leg: str, other: Station) -> None:
        now_s = self.wire.now_s
        self.open.add(leg)
        outputs = self.station.agent.invite(
            leg, SipUri.parse(f"sip:x@127.0.0.1:{other.address[1]}"), self.station.peer(other),
            now_s, from_=f"<sip:a@127.0.0.1:{self.station.address[1]}>", to="<sip:x@h>",
            body=b"offer", ring_s=self.dice.choice([4.0, 60.0]),
        )  # fmt: skip
        self.station.take(outputs, now_s)
        if self.dice.random() < 0.3:
            self.later(self.do, "cancel", leg)
        self.later(self.hang_up, leg, longest_s=200.0)

    def take_call(self, leg: str) -> None:
        if self.dice.random() < 0.5:
            self.do("ring", leg)
        choice = self.dice.random()
        if choice < 0.65:
            self.later(self.do, "answer", leg)
            self.talk(leg)
        else:
            self.later(self.do, "reject", leg)

    def talk(self, leg: str) -> None:
        for command in ("reinvite", "refer", "request"):
            if self.dice.random() < 0.5:
                self.later(self.do, command, leg, longest_s=15.0)
        self.later(self.hang_up, leg, longest_s=60.0)

    def hang_up(self, leg: str) -> None:
        if leg in self.open:
            self.do("bye", leg)
            if leg in self.open:
                self.later(self.hang_up, leg, longest_s=60.0)

    def do(self, command: str, leg: str) -> None:
        """A command; that the state has moved on meanwhile is no error here."""
        now_s = self.wire.now_s
        agent = self.station.agent
        uri, peer = SipUri.parse("sip:x@h"), self.station.peer(self.station)
        acts = {
            "ring": lambda: agent.ring(leg, 180, now_s),
            "answer": lambda: agent.answer(leg, b"answer", now_s),
            "reject": lambda: agent.reject(leg, self.dice.choice([302, 486, 603]), now_s),
            "ack": lambda: agent.ack(leg, now_s),
            "cancel": lambda: agent.cancel(leg, now_s),
            "bye": lambda: agent.bye(leg, now_s),
            "reinvite": lambda: agent.reinvite(leg, b"offer", now_s),
            "accept_reinvite": lambda: agent.accept_reinvite(leg, b"answer", now_s),
            "refuse_reinvite": lambda: agent.refuse_reinvite(leg, 488, now_s),
            "refer": lambda: agent.refer(leg, "<sip:y@h>", now_s),
            "accept_refer": lambda: agent.accept_refer(leg, now_s),
            "refuse_refer": lambda: agent.refuse_refer(leg, 603, now_s),
            "notify_refer": lambda: agent.notify_refer(leg, 200, "OK", now_s),
            "respond": lambda: agent.respond(leg, 200, now_s),
            "request": lambda: agent.request(
                "h", "INFO", uri, peer, now_s, from_="", to="", leg=leg
            ),
        }
        before = self.station.leftovers()
        try:
            outputs = acts[command]()
        except LocalProtocolError:
            assert self.station.leftovers() == before
            return
        self.station.take(outputs, now_s)


def tell_story(seed: int, loss_share: float) -> None:
    dice = random.Random(seed)
    one, two = Station("a", 5001), Station("b", 5002)
    wire = Wire(one, two, seed=seed, loss_share=loss_share, double_share=0.1, delay_s=(0.001, 0.8))
    people = Person(one, dice, wire), Person(two, dice, wire)
    for number in range(CALLS_PER_STORY):
        caller, other = dice.sample(people, 2)
        caller.later(caller.place, f"call{number}", other.station, longest_s=5.0)
    wire.run(wire.now_s + QUIET_S)
    for person in people:
        assert person.open == set(), f"seed {seed}: calls still open"
    wire.run()
    for person in people:
        left = {name: n for name, n in person.station.leftovers().items() if n}
        assert left == {}, f"seed {seed}: left over"


@pytest.mark.parametrize("loss_share", [0.0, 0.1, 0.3, 0.6])
def test_calls_end_on_both_sides_and_leave_nothing(loss_share: float) -> None:
    for seed in range(60):
        tell_story(seed, loss_share)
