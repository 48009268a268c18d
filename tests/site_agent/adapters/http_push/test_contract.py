"""The contract of every adapter, kept by a CTI that pushes; behind it is an ACD in memory."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable

import pytest
from acd_contract import CHECKS, Check, Lack, Target, names_of, run
from pushing_cti import SETTINGS, Pushing

from site_agent.adapters import base
from site_agent.adapters.http_push.said_to_cti import ScreenPop, SendSnapshot
from site_agent.adapters.in_memory import signals as sig
from site_agent.adapters.in_memory.adapter import InMemoryAcd
from site_agent.adapters.in_memory.state import MemoryCall, MemoryQueue


class PushedContract:
    """A vendor's ACD, its CTI, and the adapter on the other end of the wire."""

    queue = "sales"
    trunk_group = "carrier"
    agents = ("anna", "rita")
    lacks: frozenset[Lack] = frozenset({Lack.RINGING})

    def __init__(self, **can: object) -> None:
        self.decide: Callable[[base.AcdEvent], list[base.AcdCommand]] = lambda event: []
        self.target = Target.TAKES
        self.cti = Pushing(SETTINGS, **can)
        self._out: set[str] = set()
        self._ids = itertools.count(1)
        self._judged = 0
        self._acd = InMemoryAcd(
            queues=[MemoryQueue(self.queue)],
            agents={agent: {self.queue: 5} for agent in self.agents},
            trunks={self.trunk_group: 20},
        )
        self.cti.hello()
        self.cti.says({"type": "snapshot"})
        self._push(self._acd.snapshot(self.cti.now_s))
        for agent in self.agents:
            self.agent_not_ready(agent)

    @property
    def events(self) -> list[base.AcdEvent]:
        return self.cti.events

    def capabilities(self) -> base.Capabilities:
        return self.cti.acd.capabilities()

    def snapshot(self) -> list[base.AcdEvent]:
        return self.cti.acd.snapshot(self.cti.now_s)

    def command(self, command: base.AcdCommand) -> None:
        self.cti.asks(command)
        self._settle()

    def passes(self, seconds: float) -> None:
        until_s = self.cti.now_s + seconds
        while self.cti.now_s < until_s:
            self.cti.passes(min(1.0, until_s - self.cti.now_s))
            self._settle()

    def agent_logs_in(self, agent: str) -> None:
        self._out.discard(agent)
        self._push(self._acd.set_ready(agent, False, self.cti.now_s))

    def agent_logs_out(self, agent: str) -> None:
        self._out.add(agent)
        self._push(self._acd.set_ready(agent, False, self.cti.now_s))
        self._push([base.AgentGone(agent=agent)])

    def agent_ready(self, agent: str) -> None:
        self._push(self._acd.set_ready(agent, True, self.cti.now_s))

    def agent_not_ready(self, agent: str) -> None:
        self._push(self._acd.set_ready(agent, False, self.cti.now_s))

    def agent_answers(self, agent: str) -> None:
        """An agent in memory has answered at once."""

    def agent_hangs_up(self, agent: str) -> None:
        call = next(call for call in self._acd.calls.values() if call.agent == agent)
        self._push(self._acd.agent_hangs_up(call.call_id, self.cti.now_s))

    def caller_enters(self, queue: str) -> str:
        call_id = f"c{next(self._ids)}"
        call = MemoryCall(call_id, f"i-{call_id}", "s1", queue, self.trunk_group)
        self._push(self._acd.offer(call, self.cti.now_s))
        self._push(self._acd.answer(call_id, self.cti.now_s))
        return call_id

    def caller_hangs_up(self, call_id: str) -> None:
        self._push(self._acd.caller_left(call_id, self.cti.now_s))

    def token_arrives(self, token: str) -> str:
        call_id = f"c{next(self._ids)}"
        arrived = self._acd.arrive(
            call_id=call_id,
            token=token,
            invite_key="k1",
            trunk_group=self.trunk_group,
            now_s=self.cti.now_s,
        )
        self._push(arrived)
        return call_id

    def _push(self, events: Iterable[base.AcdEvent]) -> None:
        self.cti.told(*events)
        self._settle()

    def _settle(self) -> None:
        """The daemon decides, the ACD does, the network answers, until all is quiet."""
        while self._daemon() or self._vendor() or self._network():
            pass

    def _daemon(self) -> bool:
        fresh = self.cti.events[self._judged :]
        self._judged = len(self.cti.events)
        for event in fresh:
            for command in self.decide(event):
                self.cti.asks(command)
        return bool(fresh)

    def _vendor(self) -> bool:
        commands = self.cti.reads()
        for command in commands:
            if isinstance(command, ScreenPop | SendSnapshot):
                continue
            self.cti.told(*self._acd.command(command, self.cti.now_s))
        return bool(commands)

    def _network(self) -> bool:
        signals = self._acd.take_signals()
        for signal in signals:
            if isinstance(signal, sig.Answered):
                self.cti.told(*self._acd.acknowledged(signal.call_id, self.cti.now_s))
            elif isinstance(signal, sig.Referred):
                taken, notified = base.MoveSign.ACCEPTED, base.MoveSign.NOTIFIED
                told = {
                    Target.TAKES: ((taken, 202), (notified, 200)),
                    Target.REFUSES: ((base.MoveSign.REFUSED, 603),),
                    Target.SAYS_NOTHING: (),
                }
                for sign, status in told[self.target]:
                    call_id, move_id = signal.call_id, signal.move_id
                    self.cti.told(*self._acd.progress(call_id, move_id, sign, status))
        return bool(signals)


@pytest.mark.parametrize("check", CHECKS, ids=names_of(CHECKS))
def test_the_contract(check: Check) -> None:
    run(check, PushedContract())


@pytest.mark.parametrize("check", CHECKS, ids=names_of(CHECKS))
def test_the_contract_where_only_places_are_promised(check: Check) -> None:
    acd = PushedContract(hold_agent="none", hold_place=False, insert_by_age="none")
    acd.lacks = frozenset({*acd.lacks, Lack.HOLD_AGENT})
    run(check, acd)
