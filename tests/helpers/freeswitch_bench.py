"""The adapter for FreeSWITCH and a FreeSWITCH in memory, under one clock."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Callable, Iterable

from acd_contract_words import Lack, Target
from esl_callcenter import PbxAgent
from esl_pbx import PASSWORD, Pbx

from site_agent.adapters import base
from site_agent.adapters.freeswitch.adapter import FreeswitchAcd
from site_agent.adapters.freeswitch.conversation import GiveUpLink, Say
from site_agent.adapters.freeswitch.settings import (
    FreeswitchSettings,
    QueueSettings,
    TrunkSettings,
)

SETTINGS = FreeswitchSettings(
    queues=(QueueSettings(name="sales"),),
    trunks=(
        TrunkSettings(name="carrier", profile="external", channels_max=20, dial="sofia/external/"),
        TrunkSettings(name="network", profile="nirc", channels_max=20, dial="sofia/nirc/"),
    ),
    refer=True,
)


def two_agents() -> tuple[PbxAgent, ...]:
    """Logged in, not ready, phones registered."""
    return tuple(
        PbxAgent(f"{name}@default", f"user/{number}@pbx.example", {"sales@default": 1})
        for name, number in (("anna", 1000), ("rita", 1001))
    )


class FreeswitchBench:
    """`FreeswitchAcd` on a connection without any delay; it is a `ContractAcd` too."""

    queue = "sales"
    trunk_group = "carrier"
    agents = ("anna", "rita")
    lacks = frozenset[Lack]()

    def __init__(self, pbx: Pbx | None = None, **settings: object) -> None:
        self.pbx = pbx or Pbx(agents=two_agents())
        self.events: list[base.AcdEvent] = []
        self.problems: list[str] = []
        self.decide: Callable[[base.AcdEvent], list[base.AcdCommand]] = lambda event: []
        self.now_s = 5_000.0
        ids = itertools.count(1)
        replaced = dataclasses.replace(SETTINGS, **settings)  # type: ignore[arg-type]
        self.acd = FreeswitchAcd(replaced, PASSWORD, lambda: f"id{next(ids)}")
        self.up = False
        self.connect()

    @property
    def target(self) -> Target:
        return Target.TAKES

    @target.setter
    def target(self, target: Target) -> None:
        self.pbx.refer_answer = {
            Target.TAKES: "SIP/2.0 200 OK",
            Target.REFUSES: "SIP/2.0 603 Decline",
            Target.SAYS_NOTHING: "",
        }[target]
        self.pbx.channels.far = {
            Target.TAKES: "answers",
            Target.REFUSES: "refuses",
            Target.SAYS_NOTHING: "silent",
        }[target]

    # ---- the connection ----------------------------------------------------------------------

    def connect(self) -> None:
        self.pbx.connect()
        self.up = True
        self.take(self.acd.link_up(self.now_s))
        self.settle()

    def cut(self) -> None:
        self.up = False
        self.take(self.acd.link_down(self.now_s))

    def settle(self) -> None:
        """Until nobody says anything more."""
        while self.up and (data := self.pbx.take()):
            self.take(self.acd.receive(data, self.now_s))

    def take(self, outcomes: Iterable[base.AcdEvent | Say | GiveUpLink]) -> None:
        for outcome in list(outcomes):
            if isinstance(outcome, Say):
                if self.up:
                    self.pbx.feed(outcome.data)
            elif isinstance(outcome, GiveUpLink):
                self.problems.append(outcome.problem)
                self.cut()
            else:
                self.events.append(outcome)
                for command in self.decide(outcome):
                    self.take(self.acd.command(command, self.now_s))

    # ---- what a check may do -----------------------------------------------------------------

    def capabilities(self) -> base.Capabilities:
        return self.acd.capabilities()

    def snapshot(self) -> list[base.AcdEvent]:
        return self.acd.snapshot(self.now_s)

    def command(self, command: base.AcdCommand) -> None:
        self.take(self.acd.command(command, self.now_s))
        self.settle()

    def passes(self, seconds: float) -> None:
        for _ in range(round(seconds / 0.25)):
            self.now_s += 0.25
            self.pbx.advance(0.25)
            self.settle()
            self.take(self.acd.fire(self.now_s))
            self.settle()

    def agent_logs_in(self, agent: str) -> None:
        self._says(agent, "On Break")

    def agent_logs_out(self, agent: str) -> None:
        self._says(agent, "Logged Out")

    def agent_ready(self, agent: str) -> None:
        self._says(agent, "Available")

    def agent_not_ready(self, agent: str) -> None:
        self._says(agent, "On Break")

    def agent_answers(self, agent: str) -> None:
        self.pbx.agent_answers(f"{agent}@default")
        self.settle()

    def agent_hangs_up(self, agent: str) -> None:
        self.pbx.agent_hangs_up(f"{agent}@default")
        self.settle()

    def caller_enters(self, queue: str) -> str:
        return self.enters(nirc_queue=f"{queue}@default", extension="nirc_queue")

    def caller_hangs_up(self, call_id: str) -> None:
        self.pbx.hang_up(call_id)
        self.settle()

    def token_arrives(self, token: str) -> str:
        return self.enters(token)

    def enters(self, extension: str, **variables: str) -> str:
        channel = self.pbx.call(extension, **variables)
        self.settle()
        return channel.uuid

    def _says(self, agent: str, status: str) -> None:
        self.pbx.agent_says(f"{agent}@default", status)
        self.settle()
