"""The site agent's end of a CTI's wire, for the conformance kit: real server, real adapter, faults.

Rule of this file: it plays what it is told to and remembers what was said; the steps judge.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterable
from typing import Any

from pydantic import JsonValue

from nrcli.wire.messages import AgentState
from site_agent.acd_shells import new_id
from site_agent.adapters import base
from site_agent.adapters.http_push.adapter import HttpPushAcd
from site_agent.adapters.http_push.said_by_cti import Problem
from site_agent.adapters.http_push.said_to_cti import PushCommand, TestOrder, told_bytes
from site_agent.adapters.http_push.settings import HttpPushSettings
from site_agent.adapters.http_push.wire_models import WireModel
from site_agent.clock import boottime_s
from site_agent.links.http_push_server import Reader

LOOK_S = 0.02
TICK_S = 0.05


class StepFailed(Exception):
    """The CTI did not do what the step asks; the text says what was missed."""


class NotJson(WireModel):
    """An answer that a broken gateway might give."""

    def model_dump_json(self, **_: Any) -> str:
        """No JSON at all."""
        return "<html>502 Bad Gateway</html>"


def ask_again(want: str, detail: str) -> Callable[[int], WireModel]:
    """An answer that asks for a snapshot or a hello."""
    return lambda taken: Problem.model_validate(
        {"status": 409, "detail": detail, "want": want, "taken": taken}
    )


class Bench:
    """One CTI under test."""

    def __init__(
        self,
        settings: HttpPushSettings,
        wait_s: float,
        say: Callable[[str], None] = lambda text: None,
    ) -> None:
        self.acd = HttpPushAcd(settings, new_id)
        self.settings = settings
        self.events: list[base.AcdEvent] = []
        self.said: list[dict[str, Any]] = []
        "Every message of the CTI, as it came."
        self.batches: list[bytes] = []
        self.readers: list[int] = []
        "The number after which each reader wanted commands."
        self.hellos: list[bytes] = []
        self.decide: Callable[[base.CallArriving], list[base.AcdCommand]] = lambda call: []
        self.spoil: Callable[[int], WireModel] | None = None
        "The next batch is not taken, and this is answered."
        self.reader: Reader | None = None
        self._wait_s = wait_s
        self._say = say

    # ---- the door of the server --------------------------------------------------------------

    async def hello(self, body: bytes) -> WireModel:
        """A session begins."""
        events, welcome = self.acd.hello(body, boottime_s())
        self.hellos.append(body)
        self._heard(events)
        self.close_stream()
        return welcome

    async def take(self, body: bytes) -> WireModel:
        """A batch, or the fault that is due."""
        self.batches.append(body)
        if self.spoil is not None:
            spoil, self.spoil = self.spoil, None
            return spoil(self.acd.taken)
        before = self.acd.taken
        events, answer = self.acd.take(body, boottime_s())
        if self.acd.taken != before:
            self.said += json.loads(body)["messages"]
        self._heard(events)
        return answer

    async def open_reader(self, session: str, after: int) -> Reader | Problem:
        """The CTI wants commands."""
        if session != self.acd.session or not session:
            return Problem(status=409, detail="this session is not known here", want="hello")
        self.close_stream()
        self.reader = Reader()
        self.readers.append(after)
        for number, command in self.acd.commands_after(after, boottime_s()):
            self.reader.give(number, told_bytes(number, command))
        return self.reader

    def close_reader(self, reader: Reader) -> None:
        """It has gone."""
        if self.reader is reader:
            self.reader = None

    def health(self) -> dict[str, JsonValue]:
        """For `/healthz`."""
        return {"ok": True, "conformance": True, "cti_heard": self.acd.is_synced}

    # ---- what steps do -----------------------------------------------------------------------

    def command(self, command: base.AcdCommand) -> None:
        """What the site daemon would command."""
        self._heard(self.acd.command(command, boottime_s()))

    def push(self, command: PushCommand) -> None:
        """A command that the adapter itself would not send now."""
        self.acd.push(command, boottime_s())
        self._deliver()

    def order(self, text: str, **what: str) -> None:
        """Have the CTI's PBX, or the person who tests, do something."""
        self._say(f"please: {text}")
        self.push(TestOrder(text=text, **what))

    def close_stream(self) -> None:
        """End whatever reads commands now."""
        if self.reader is not None:
            self.reader.close()
        self.reader = None

    async def tick_forever(self) -> None:
        """Timers of the adapter."""
        while True:
            self._heard(self.acd.fire(boottime_s()))
            await asyncio.sleep(TICK_S)

    async def until(self, missed: str, is_so: Callable[[], object]) -> None:
        """Wait until something is so. Raises StepFailed with what was missed."""
        until_s = boottime_s() + self._wait_s
        while not is_so():
            if boottime_s() > until_s:
                raise StepFailed(f"{missed} (waited {self._wait_s:g} s)")
            await asyncio.sleep(LOOK_S)

    async def answered(self, since: int) -> None:
        """Wait until every command after `since` was acknowledged."""
        await self.until(
            "a command was not acknowledged",
            lambda: not self.acd.commands_after(since, boottime_s()),
        )

    def told(self, kind: type, **fields: object) -> list[Any]:
        """Events of a kind with these fields."""
        return [
            event
            for event in self.events
            if isinstance(event, kind)
            and all(getattr(event, name) == value for name, value in fields.items())
        ]

    def heard(self, kind: str, **fields: object) -> list[dict[str, Any]]:
        """Messages of the CTI, as they came."""
        return [one for one in self.said if one["type"] == kind and fields.items() <= one.items()]

    def state_of(self, agent: str) -> AgentState | None:
        """What the adapter told of an agent last."""
        found = self.told(base.AgentChanged, agent=agent)
        return found[-1].state if found else None

    def _heard(self, events: Iterable[base.AcdEvent]) -> None:
        for event in events:
            self.events.append(event)
            if isinstance(event, base.CallArriving):
                for command in self.decide(event):
                    self.command(command)
        self._deliver()

    def _deliver(self) -> None:
        if self.reader is not None:
            for number, command in self.acd.commands_due(boottime_s()):
                self.reader.give(number, told_bytes(number, command))
