"""Feeds the adapter for FreeSWITCH what no FreeSWITCH should say, while people call and leave.

Rule of this file: whatever comes in, nothing is raised, no command holds more than one command, a
call ends once, and a hold is answered once. Run `python tests/fuzz/fuzz_esl.py --seconds 60
--seed 7`; a failure prints the seed and the number of the step.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
import traceback
from collections import Counter

from acd_contract_words import TOKEN
from freeswitch_bench import FreeswitchBench

from nrcli.wire.messages import TransferMethod
from site_agent.adapters import base
from site_agent.adapters.freeswitch.conversation import GiveUpLink, Say

NASTY = (
    b"\n",
    b"\n\n",
    b"\r",
    b"\0",
    b"%0a%0aapi%20shutdown",
    b"${system(id)}",
    b"'",
    b"^",
    b"\xff",
)
METHODS = (TransferMethod.REDIRECT_302, TransferMethod.REFER, TransferMethod.BRIDGE)


class Finding(Exception):
    """Something that must not happen."""


class HostileBench(FreeswitchBench):
    """A FreeSWITCH whose words are spoilt on the way, and a daemon that asks for anything."""

    def __init__(self, dice: random.Random) -> None:
        self.dice = dice
        self.spoils = False
        self.counts: Counter[str] = Counter()
        super().__init__(hold_by=dice.choice(("break", "ready_time")))
        self.spoils = True

    def settle(self) -> None:
        while self.up and (data := self.pbx.take()):
            self.take(self.acd.receive(self._spoilt(data), self.now_s))

    def take(self, outcomes: object) -> None:
        for outcome in list(outcomes):  # type: ignore[call-overload]
            if isinstance(outcome, Say) and outcome.data.find(b"\n\n") != len(outcome.data) - 2:
                raise Finding(f"more than one command: {outcome.data!r}")
            self.counts["given up"] += isinstance(outcome, GiveUpLink)
            super().take([outcome])

    def _spoilt(self, data: bytes) -> bytes:
        if not self.spoils or self.dice.random() < 0.7:
            return data
        self.counts["spoilt"] += 1
        found = bytearray(data)
        for _ in range(self.dice.randrange(1, 4)):
            at = self.dice.randrange(len(found))
            if self.dice.random() < 0.5:
                found[at] = self.dice.randrange(256)
            else:
                found[at:at] = self.dice.choice(NASTY)
        return bytes(found)

    def step(self) -> None:
        """Somebody does something."""
        dice = self.dice
        if not self.up:
            self.connect()
        legs = [*self.pbx.channels.legs, "nobody"]
        names = [f"{one}@default" for one in self.agents]
        dice.choice(
            (
                lambda: self.caller_enters("sales"),
                lambda: self.enters("nirc_keep", nirc_queue="sales@default", x="\n\n${y}"),
                lambda: self.enters(TOKEN),
                lambda: self.pbx.hang_up(dice.choice(legs)),
                lambda: self.pbx.agent_says(dice.choice(names), "Available"),
                lambda: self.pbx.agent_says(dice.choice(names), "On Break"),
                lambda: self.pbx.agent_answers(dice.choice(names)),
                lambda: self.pbx.agent_hangs_up(dice.choice(names)),
                lambda: self.passes(dice.choice((0.25, 1.0, 12.0))),
                lambda: self.command(self._order(dice.choice(legs))),
                lambda: self.command(self._order(dice.choice(legs))),
            )
        )()
        self.settle()
        for leg in list(self.pbx.channels.legs)[20:]:
            self.pbx.hang_up(leg)

    def _order(self, call_id: str) -> base.AcdCommand:
        dice, number = self.dice, str(self.counts["orders"])
        self.counts["orders"] += 1
        agent, text = dice.choice(self.agents), dice.choice(("x", "a\n\nb", "${x}"))
        return dice.choice(
            (
                base.HoldAgent(hold_id=number, agent=agent, queue="sales"),
                base.HoldPlace(hold_id=number, queue="sales"),
                base.ReleaseHold(hold_id="", agent=agent),
                base.AcceptArrival(
                    call_id=call_id,
                    hold_id=str(dice.randrange(int(number) + 1)),
                    interaction_id=text,
                    service=text,
                    queue="sales",
                    agent=agent,
                    waited_s=3.0,
                    answer_now=dice.random() < 0.5,
                    data=text.encode(),
                ),
                base.RefuseArrival(call_id=call_id, sip_status=480),
                base.StartMove(
                    call_id=call_id,
                    move_id=dice.choice((number, text)),
                    method=dice.choice(METHODS),
                    address=dice.choice(("sip:x@10.0.0.1:5060", "sip:" + text + "@h")),
                    user_to_user=text,
                ),
                base.AbortMove(call_id=call_id, move_id=number),
                base.PutBack(call_id=call_id),
                base.EndMoved(call_id=call_id),
                base.ProbeCaller(call_id=call_id),
                base.RejectCall(call_id=call_id, reason="busy"),
                base.SetQueueClosed(queue="sales", closed=dice.random() < 0.3),
            )
        )

    def look(self) -> None:
        """Nothing was told twice."""
        ended = Counter(one.call_id for one in self.events if isinstance(one, base.CallEnded))
        holds = Counter(
            one.hold_id
            for one in self.events
            if isinstance(one, base.HoldGranted | base.HoldRefused)
        )
        for told in (ended, holds):
            if told and max(told.values()) > 1:
                raise Finding(f"told twice: {told.most_common(1)}")


def fuzz(seconds: float, seed: int) -> Counter[str]:
    """Run for so long; what happened how often. Raises Finding and whatever else was found."""
    dice = random.Random(seed)
    counts: Counter[str] = Counter()
    until_s = time.monotonic() + seconds
    while time.monotonic() < until_s:
        bench = HostileBench(dice)
        for _ in range(300):
            bench.step()
        bench.look()
        counts += bench.counts
        counts["steps"] += 300
    return counts


def main() -> int:
    """From the command line; 1 if something was found."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    options = parser.parse_args()
    try:
        counts = fuzz(options.seconds, options.seed)
    except Exception:
        traceback.print_exc()
        print(f"found with --seed {options.seed}")
        return 1
    print(f"seed {options.seed}: {dict(counts)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
