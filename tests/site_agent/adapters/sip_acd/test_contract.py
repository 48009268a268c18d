"""The contract of every adapter, kept by the built-in ACD with phones around it."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import pytest
from acd_bench import CARRIER, NETWORK, SETTINGS
from acd_contract import CHECKS, Check, Lack, Target, names_of, run
from acd_wire import AcdOnWire, Phone, Wire

from site_agent.adapters import base
from site_agent.adapters.sip_acd.settings import AgentSettings
from site_agent.sip import signals as sip

PORTS = {"anna": 6001, "rita": 6002}


class SipAcdContract:
    """`SipAcd` on the wire; agents' phones ring until the check says that they answer."""

    queue = "sales"
    trunk_group = "carrier"
    agents = ("anna", "rita")
    lacks = frozenset({Lack.AGENT_LOG_IN})

    def __init__(self) -> None:
        self._wire = Wire()
        groups = [dataclasses.replace(group, answer_after_s=0.0) for group in SETTINGS.trunk_groups]
        agents = [
            AgentSettings(name=name, queues={"sales": 5}, contact=f"sip:{name}@127.0.0.1:{port}")
            for name, port in PORTS.items()
        ]
        settings = dataclasses.replace(SETTINGS, trunk_groups=tuple(groups), agents=tuple(agents))
        self._acd = AcdOnWire(self._wire, settings)
        self.target = Target.TAKES
        self._phones = {
            name: Phone(self._wire, ("127.0.0.1", port), 4000 + port, answer_after_s=None)
            for name, port in PORTS.items()
        }
        self._callers: dict[str, tuple[Phone, str]] = {}
        for agent in self.agents:
            self.agent_not_ready(agent)

    @property
    def events(self) -> list[base.AcdEvent]:
        return self._acd.events

    @property
    def decide(self) -> Callable[[base.AcdEvent], list[base.AcdCommand]]:
        return self._acd.decide

    @decide.setter
    def decide(self, decide: Callable[[base.AcdEvent], list[base.AcdCommand]]) -> None:
        self._acd.decide = decide

    def capabilities(self) -> base.Capabilities:
        return self._acd.acd.capabilities()

    def snapshot(self) -> list[base.AcdEvent]:
        return self._acd.acd.snapshot(self._wire.now_s)

    def command(self, command: base.AcdCommand) -> None:
        self._acd.command(command)
        self._wire.settle()

    def passes(self, seconds: float) -> None:
        self._wire.advance(seconds)

    def agent_logs_in(self, agent: str) -> None:
        raise NotImplementedError

    agent_logs_out = agent_logs_in

    def agent_ready(self, agent: str) -> None:
        self._set(agent, True)

    def agent_not_ready(self, agent: str) -> None:
        self._set(agent, False)

    def agent_answers(self, agent: str) -> None:
        phone = self._phones[agent]
        for leg in [leg for leg, state in phone.legs.items() if state == "ringing"]:
            phone.answer(leg)
        self._wire.settle()

    def agent_hangs_up(self, agent: str) -> None:
        phone = self._phones[agent]
        for leg in list(phone.legs):
            phone.hang_up(leg)
        self._wire.settle()

    def caller_enters(self, queue: str) -> str:
        return self._calls(f"sip:{queue}@127.0.0.1:{CARRIER[1]}")

    def caller_hangs_up(self, call_id: str) -> None:
        phone, leg = self._callers[call_id]
        phone.hang_up(leg)
        self._wire.settle()

    def token_arrives(self, token: str) -> str:
        return self._calls(f"sip:{token}@127.0.0.1:{NETWORK[1]}")

    def _calls(self, uri: str) -> str:
        number = len(self._callers)
        phone = Phone(self._wire, ("127.0.0.9", 7000 + number), 5000 + number)
        phone.on_refer = self._referred
        before = len(self.events)
        leg = phone.call(uri)
        self._wire.settle()
        began = [
            event.call_id
            for event in self.events[before:]
            if isinstance(event, base.CallOffered | base.CallArriving)
        ]
        assert began, "\n".join(self._wire.log)
        self._callers[began[0]] = (phone, leg)
        return began[0]

    def _referred(self, phone: Phone, event: sip.ReferReceived) -> None:
        if self.target is not Target.SAYS_NOTHING:
            status = 200 if self.target is Target.TAKES else 603
            phone.take(phone.ua.notify_refer(event.leg, status, "", self._wire.now_s))

    def _set(self, agent: str, ready: bool) -> None:
        self._acd.take(self._acd.acd.set_agent_state(agent, ready, self._wire.now_s))
        self._wire.settle()


@pytest.mark.parametrize("check", CHECKS, ids=names_of(CHECKS))
def test_the_contract(check: Check) -> None:
    run(check, SipAcdContract())
