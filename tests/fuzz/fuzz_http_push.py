"""Feeds mutants of a CTI's messages to the HTTP adapter, with the daemon's commands in between.

Found is: anything raised, an answer without words, a story that breaks the contract (a call that
ends twice, a hold answered twice, an agent promised while nobody is heard), a step over a second.
Usage: `fuzz_http_push.py --seconds 60 [--seed 1]`; what was found is printed with the seed and
number that repeat it.
"""

from __future__ import annotations

import json
import random
import sys
import time
import typing
from collections import Counter
from typing import Any

from acd_contract_words import judge
from contract_samples import sample
from fuzz_seeds import fuzzed
from pushing_cti import CAN, Pushing, agent_is, enters, figures, whole

from nrcli.wire.messages import AgentState
from site_agent.adapters import base
from site_agent.adapters.acd_commands import AcdCommand
from site_agent.adapters.http_push.http_push_protocol import ProtocolError
from site_agent.adapters.http_push.said_by_cti import EVENT_KINDS, Problem
from site_agent.adapters.http_push.wire_models import as_wire

SLOW_S = 1.0
IDS = ("a", "b", "c", "", "x" * 129, "\x00")
VALUES: tuple[Any, ...] = (
    *(None, True, 0, -1, 2**53, 1e308, float("nan"), "", "ready", "\ud800", "x" * 2000),
    *([], {}, [[]], {"type": "ack"}, "nirc-" + "a" * 26, 7, "sales"),
)


class Finding(Exception):
    """Something that must not happen."""


class Fuzz:
    """One stream of dice, one adapter."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)
        self.cti = Pushing()
        self.outcomes: Counter[str] = Counter()
        self.count = 0
        self.last: Any = b""
        self.calls = 0
        self.holds = 0
        self.moves = 0
        self.cti.begins("a", "b")

    def step(self) -> None:
        """One thing that happens."""
        self.count += 1
        began_s = time.process_time()
        do = self.dice.choice(
            (self.says, self.says, self.says, self.commands, self.commands, self.time, self.garbage)
        )
        do()
        if time.process_time() - began_s > SLOW_S:
            raise Finding(f"took over {SLOW_S} s")
        if not self.cti.acd.is_synced:
            self.nothing_promised()

    def says(self) -> None:
        """A batch, mostly right."""
        messages = [self.message() for _ in range(self.dice.randrange(4))]
        seq = self.dice.choice((0, 0, 0, 0, 1, self.cti.seq + 5))
        self.last = messages
        answer = self.cti.says(*messages, seq=seq)
        self.outcomes["refused" if isinstance(answer, Problem) else "taken"] += 1
        if isinstance(answer, Problem):
            if not (answer.detail and answer.remedy):
                raise Finding(f"no words: {answer}")
            if answer.want or self.dice.random() < 0.5:
                self.again()

    def again(self) -> None:
        if self.dice.random() < 0.2:
            self.cti.hello(capabilities=CAN | {"hold_agent": self.dice.choice(("none", "exact"))})
        self.cti.seq = self.cti.acd.taken
        self.cti.snapshot("a", "b", holds=[f"h{self.holds}"])

    def message(self) -> dict[str, Any]:
        """One message, now and then spoilt."""
        dice = self.dice
        said: dict[str, Any] = dice.choice(
            (
                agent_is(dice.choice("ab"), dice.choice([state.value for state in AgentState])),
                enters(self.new_call()),
                figures(type="queue_changed", waiting_count=dice.randrange(60)),
                whole("a", "b"),
                {"type": "ack", "up_to": dice.randrange(1, 200)},
                {"type": "command_failed", "number": dice.randrange(1, 200), "problem": "x"},
                self.any_event(),
                self.any_event(),
                self.any_event(),
            )
        )
        if dice.random() < 0.15 and said:
            said = dict(said)
            said[dice.choice([*said, "more"])] = dice.choice(VALUES)
        return said

    def any_event(self) -> dict[str, Any]:
        kind = self.dice.choice(list(EVENT_KINDS.values()))
        said: dict[str, Any] = as_wire(sample(kind, **self.named(kind)))
        if "oldest_waited_ms" in said:
            said["oldest_waited_ms"] = None
        return said

    def named(self, kind: type) -> dict[str, Any]:
        """Names that may mean something."""
        dice, hints = self.dice, typing.get_type_hints(kind)
        known: dict[str, Any] = {
            "call_id": f"c{dice.randrange(max(1, self.calls - 3), self.calls + 2)}",
            "hold_id": f"h{dice.randrange(max(0, self.holds - 2), self.holds + 2)}",
            "agent": dice.choice("ab"),
            "queue": dice.choice(("sales", "support", "none")),
            "trunk_group": "carrier",
            "move_id": f"m{dice.randrange(max(0, self.moves - 2), self.moves + 2)}",
            "data": b"{}",
            "sip_status": 480,
            "released_by": "caller",
            "outcome": dice.choice(("answered", "busy")),
            "reason": "no_agent",
            "sign": dice.choice(list(base.MoveSign)),
        }
        return {name: value for name, value in known.items() if name in hints}

    def new_call(self) -> str:
        self.calls += 1
        return f"c{self.calls}"

    def commands(self) -> None:
        """One command of the daemon, or the CTI reads what there is."""
        if self.dice.random() < 0.4:
            self.cti.reads(ack=self.dice.random() < 0.8)
            return
        kind = self.dice.choice(typing.get_args(AcdCommand))
        named = self.named(kind)
        if kind in (base.HoldAgent, base.HoldPlace):
            self.holds += 1
            named["hold_id"] = f"h{self.holds}"
        if kind is base.StartMove:
            self.moves += 1
            named["move_id"] = f"m{self.moves}"
        if kind is base.DialCaller:
            named["call_id"] = self.new_call()
        self.last = sample(kind, **named)
        self.cti.asks(self.last)

    def time(self) -> None:
        self.cti.passes(self.dice.choice((0.1, 1.0, 5.0, 20.0)), heard=self.dice.random() < 0.8)

    def garbage(self) -> None:
        """Bytes that are hardly a body."""
        body = bytearray(json.dumps({"session": self.cti.session, "seq": 1}).encode())
        for _ in range(self.dice.randrange(1, 6)):
            body[self.dice.randrange(len(body))] = self.dice.randrange(256)
        self.last = bytes(body)
        try:
            if self.dice.random() < 0.3:
                self.cti.acd.hello(self.last, self.cti.now_s)
            else:
                self.cti.acd.take(self.last, self.cti.now_s)
        except ProtocolError:
            self.outcomes["refused"] += 1

    def story(self) -> list[base.AcdEvent]:
        """All that was told; who was called back and answered began a call."""
        found: list[base.AcdEvent] = []
        for event in self.cti.events:
            if isinstance(event, base.CallerDialed):
                if event.outcome == "answered":
                    found.append(sample(base.CallArriving, call_id=event.call_id))
            else:
                found.append(event)
        return found

    def nothing_promised(self) -> None:
        """Nobody is ready while nobody is heard."""
        for event in self.cti.acd.snapshot(self.cti.now_s):
            if isinstance(event, base.AgentChanged) and event.state not in (
                AgentState.NOT_READY,
                AgentState.NULL,
            ):
                raise Finding(f"{event.agent} is {event.state.value} and nobody is heard")
            if isinstance(event, base.QueueChanged) and event.open:
                raise Finding(f"{event.queue} is open and nobody is heard")


def run(seed: int, *, seconds: float = 0.0, texts: int = 0) -> Counter[str]:
    """Fuzz for a time or a number of steps; how many of each outcome.

    Raises: whatever was found, with seed and number as a note.
    """
    fuzz = Fuzz(seed)
    end = time.monotonic() + seconds
    try:
        while fuzz.count < texts or time.monotonic() < end:
            fuzz.step()
        judge(fuzz.story())
    except Exception as error:
        error.add_note(f"seed {seed}, step {fuzz.count}: {fuzz.last!r}")
        raise
    return fuzz.outcomes


def main() -> int:
    """Fuzz with one seed after the other; 1 if something was found."""
    return fuzzed("fuzz_http_push", run, texts=400)


if __name__ == "__main__":
    sys.exit(main())
