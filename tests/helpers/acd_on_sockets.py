"""The built-in ACD with its real shell and sockets, and a test in the place of the site daemon."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from types import TracebackType
from typing import Any

from nirc.demo.ports import PortTaker
from site_agent.acd_shells import new_id
from site_agent.adapters.base import AcdCommand, AcdEvent
from site_agent.adapters.sip_acd.settings import SipAcdSettings
from site_agent.sip_acd_shell import SipAcdShell

WAIT_S = 20.0


free_port = PortTaker()
"A port of 127.0.0.1 that nobody has, and no outgoing connection takes."


class AcdOnSockets:
    """`decide` answers events with commands; every event is kept."""

    def __init__(
        self,
        settings: SipAcdSettings,
        decide: Callable[[AcdEvent], list[AcdCommand]] = lambda event: [],
    ) -> None:
        self.events: list[Any] = []
        self.decide = decide
        self.addresses: dict[str, tuple[str, int]] = {}
        self.shell = SipAcdShell(settings, new_id, self._post, time.monotonic)
        self._settings = settings
        self._ticks: asyncio.Task[None] | None = None

    async def __aenter__(self) -> AcdOnSockets:
        self.addresses = await self.shell.start()
        self._ticks = asyncio.create_task(self._tick())
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._ticks is not None:
            self._ticks.cancel()
        await self.shell.stop()

    @property
    def acd(self) -> Any:
        return self.shell._acd

    @property
    def agents(self) -> tuple[str, int]:
        """Where phones register."""
        return self.acd._desk.registrar._listen  # type: ignore[no-any-return]

    def _post(self, item: Any) -> bool:
        self.take(item(time.monotonic()))
        return True

    def take(self, events: list[AcdEvent]) -> None:
        """Keep what happened, and do what is decided about it."""
        for event in events:
            self.events.append(event)
            for command in self.decide(event):
                self.command(command)

    def command(self, command: AcdCommand) -> None:
        self.take(self.shell.command(command, time.monotonic()))

    async def _tick(self) -> None:
        while True:
            await asyncio.sleep(0.01)
            self.take(self.shell.fire(time.monotonic()))

    def told(self, kind: type) -> list[Any]:
        return [event for event in self.events if isinstance(event, kind)]

    async def wait_for(self, kind: type, count: int = 1) -> Any:
        """The `count`th event of a kind, once it is there. Raises TimeoutError."""
        until = time.monotonic() + WAIT_S
        while len(self.told(kind)) < count:
            if time.monotonic() > until:
                names = [type(event).__name__ for event in self.events]
                raise TimeoutError(f"no {kind.__name__}; there were {names}")
            await asyncio.sleep(0.02)
        return self.told(kind)[count - 1]

    def is_clean(self) -> bool:
        """Nothing is left of any call."""
        desk = self.acd._desk
        return not desk.calls and not desk.legs and not any(g.used_count for g in desk.trunks.all())
