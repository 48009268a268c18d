"""The Asterisk adapter before a scripted Asterisk, AMI bytes between them, under one clock."""

from __future__ import annotations

import itertools
from collections.abc import Callable

from acd_contract_words import Lack, Target
from asterisk_pbx import Channel, ScriptedAsterisk

from site_agent.adapters import base
from site_agent.adapters.asterisk.adapter import AsteriskAcd
from site_agent.adapters.asterisk.asterisk_protocol import BANNER, AmiFramer, encode
from site_agent.adapters.asterisk.desk import Outcome, Say
from site_agent.adapters.asterisk.settings import (
    AsteriskSettings,
    QueueSettings,
    TrunkSettings,
)

SETTINGS = AsteriskSettings(
    queues=(QueueSettings(name="sales", acw_s=1.0, ring_s=15.0),),
    trunk_groups=(
        TrunkSettings(name="carrier", endpoints=("carrier",), channels_max=20, redirect_302=True),
    ),
)


class AsteriskSite:
    """A `ContractAcd`; `pbx` is the Asterisk behind it."""

    queue = "sales"
    trunk_group = "carrier"
    agents = ("anna", "rita")
    lacks: frozenset[Lack] = frozenset()

    def __init__(self, settings: AsteriskSettings = SETTINGS) -> None:
        ids = itertools.count(1)
        self.events: list[base.AcdEvent] = []
        self.decide: Callable[[base.AcdEvent], list[base.AcdCommand]] = lambda event: []
        self.pbx = ScriptedAsterisk(self.agents, self.queue)
        self.acd = AsteriskAcd(settings, lambda: f"id{next(ids)}")
        self._framer = AmiFramer()
        self._framer.feed(f"{BANNER}5.0.4\r\n".encode())
        self._channels: dict[str, Channel] = {}
        self.connect()

    # ---- the line ------------------------------------------------------------------------------

    def connect(self) -> None:
        self._take(self.acd.connected(self.pbx.now_s))
        self.settle()

    def lose(self) -> None:
        self._take(self.acd.lost(self.pbx.now_s))
        self.pbx.said()

    def settle(self) -> None:
        """Everything that follows at once."""
        while data := self.pbx.said():
            for message in self._framer.feed(data):
                self._take(self.acd.receive(message, self.pbx.now_s))

    def _take(self, outcomes: list[Outcome]) -> None:
        for outcome in outcomes:
            if isinstance(outcome, Say):
                self.pbx.take(encode(outcome.action))
                continue
            self.events.append(outcome)
            for command in self.decide(outcome):
                self._take(self.acd.command(command, self.pbx.now_s))

    # ---- the contract's words ------------------------------------------------------------------

    @property
    def target(self) -> Target:
        return self.pbx.target

    @target.setter
    def target(self, target: Target) -> None:
        self.pbx.target = target

    def capabilities(self) -> base.Capabilities:
        return self.acd.capabilities()

    def snapshot(self) -> list[base.AcdEvent]:
        return self.acd.snapshot(self.pbx.now_s)

    def command(self, command: base.AcdCommand) -> None:
        self._take(self.acd.command(command, self.pbx.now_s))
        self.settle()

    def passes(self, seconds: float) -> None:
        until_s = self.pbx.now_s + seconds
        self.settle()
        while True:
            due = [at for at in (self.pbx.next_s(), self.acd.next_timer_s()) if at is not None]
            if not due or min(due) > until_s:
                break
            self.pbx.now_s = max(self.pbx.now_s, min(due))
            self.pbx.fire()
            self.settle()
            self._take(self.acd.fire(self.pbx.now_s))
            self.settle()
        self.pbx.now_s = until_s

    def agent_logs_in(self, agent: str) -> None:
        self.pbx.log_in(self.pbx.phones[agent], True)
        self.settle()

    def agent_logs_out(self, agent: str) -> None:
        self.pbx.log_in(self.pbx.phones[agent], False)
        self.settle()

    def agent_ready(self, agent: str) -> None:
        self.pbx.pause(self.pbx.phones[agent], False, "")
        self.settle()

    def agent_not_ready(self, agent: str) -> None:
        self.pbx.pause(self.pbx.phones[agent], True, "break")
        self.settle()

    def agent_answers(self, agent: str) -> None:
        self.pbx.answers(self.pbx.phones[agent])
        self.settle()

    def agent_hangs_up(self, agent: str) -> None:
        channel = self.pbx.phones[agent].talks_with
        assert channel is not None
        self.pbx.hang_up(channel, "agent")
        self.settle()

    def caller_enters(self, queue: str) -> str:
        return self._began(self.pbx.call_in())

    def caller_hangs_up(self, call_id: str) -> None:
        self.pbx.hang_up(self._channels[call_id])
        self.settle()

    def token_arrives(self, token: str) -> str:
        return self._began(self.pbx.token_in(token))

    def channel(self, call_id: str) -> Channel:
        """The caller's channel in the PBX."""
        return self._channels[call_id]

    def _began(self, channel: Channel) -> str:
        before = len(self.events)
        self.settle()
        began = [
            event.call_id
            for event in self.events[before:]
            if isinstance(event, base.CallOffered | base.CallArriving)
        ]
        for call_id in began:
            self._channels[call_id] = channel
        return began[0] if began else ""
