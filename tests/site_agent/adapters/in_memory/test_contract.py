"""The contract of every adapter, kept by the ACD in memory."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable

import pytest
from acd_contract import CHECKS, Check, Lack, Target, names_of, run

from site_agent.adapters import base
from site_agent.adapters.in_memory import signals as sig
from site_agent.adapters.in_memory.adapter import InMemoryAcd
from site_agent.adapters.in_memory.state import MemoryCall, MemoryQueue


class InMemoryContract:
    """The ACD in memory, and the network that its signals ask for."""

    queue = "sales"
    trunk_group = "carrier"
    agents = ("anna", "rita")
    lacks = frozenset({Lack.AGENT_LOG_IN, Lack.RINGING})

    def __init__(self) -> None:
        self.events: list[base.AcdEvent] = []
        self.decide: Callable[[base.AcdEvent], list[base.AcdCommand]] = lambda event: []
        self.target = Target.TAKES
        self._now_s = 1000.0
        self._ids = itertools.count(1)
        self._acd = InMemoryAcd(
            queues=[MemoryQueue(self.queue)],
            agents={agent: {self.queue: 5} for agent in self.agents},
            trunks={self.trunk_group: 20},
        )
        for agent in self.agents:
            self.agent_not_ready(agent)

    def capabilities(self) -> base.Capabilities:
        return self._acd.capabilities()

    def snapshot(self) -> list[base.AcdEvent]:
        return self._acd.snapshot(self._now_s)

    def command(self, command: base.AcdCommand) -> None:
        self._take(self._acd.command(command, self._now_s))

    def passes(self, seconds: float) -> None:
        self._now_s += seconds

    def agent_logs_in(self, agent: str) -> None:
        raise NotImplementedError

    agent_logs_out = agent_logs_in

    def agent_ready(self, agent: str) -> None:
        self._take(self._acd.set_ready(agent, True, self._now_s))

    def agent_not_ready(self, agent: str) -> None:
        self._take(self._acd.set_ready(agent, False, self._now_s))

    def agent_answers(self, agent: str) -> None:
        """An agent in memory has answered at once."""

    def agent_hangs_up(self, agent: str) -> None:
        call = next(call for call in self._acd.calls.values() if call.agent == agent)
        self._take(self._acd.agent_hangs_up(call.call_id, self._now_s))

    def caller_enters(self, queue: str) -> str:
        call_id = f"c{next(self._ids)}"
        call = MemoryCall(call_id, f"i-{call_id}", "s1", queue, self.trunk_group)
        self._take(self._acd.offer(call, self._now_s))
        self._take(self._acd.answer(call_id, self._now_s))
        return call_id

    def caller_hangs_up(self, call_id: str) -> None:
        self._take(self._acd.caller_left(call_id, self._now_s))

    def token_arrives(self, token: str) -> str:
        call_id = f"c{next(self._ids)}"
        arrived = self._acd.arrive(
            call_id=call_id,
            token=token,
            invite_key="k1",
            trunk_group=self.trunk_group,
            now_s=self._now_s,
        )
        self._take(arrived)
        return call_id

    def _take(self, events: Iterable[base.AcdEvent]) -> None:
        for event in events:
            self.events.append(event)
            for command in self.decide(event):
                self.command(command)
        for signal in self._acd.take_signals():
            self._network(signal)

    def _network(self, signal: sig.Signal) -> None:
        if isinstance(signal, sig.Answered):
            self._take(self._acd.acknowledged(signal.call_id, self._now_s))
        elif isinstance(signal, sig.Referred):
            taken, notified = base.MoveSign.ACCEPTED, base.MoveSign.NOTIFIED
            told = {
                Target.TAKES: ((taken, 202), (notified, 200)),
                Target.REFUSES: ((base.MoveSign.REFUSED, 603),),
                Target.SAYS_NOTHING: ((base.MoveSign.SILENT, 0),),
            }
            for sign, status in told[self.target]:
                self._take(self._acd.progress(signal.call_id, signal.move_id, sign, status))


@pytest.mark.parametrize("check", CHECKS, ids=names_of(CHECKS))
def test_the_contract(check: Check) -> None:
    run(check, InMemoryContract())
