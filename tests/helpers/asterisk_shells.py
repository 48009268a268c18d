"""The site agent's shell of an Asterisk before a real one, in the test's own loop.

Rule of this file: every input is taken at once, as a turn of the driver would, and nothing is
decided; a shell that `dies` says and hears nothing more, as a process that was killed.
"""

from __future__ import annotations

import asyncio
import time
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

from asterisk_bench import Bench

from nrcli.wire.messages import AgentState
from site_agent.adapters import base
from site_agent.asterisk_config import AsteriskConfig
from site_agent.asterisk_shell import AsteriskShell
from site_agent.driver import Input

HOLD_S_MAX = 5.0


def config_of(bench: Bench, folder: Path, **ami: Any) -> AsteriskConfig:
    """What a site agent's file says of the bench's PBX."""
    secret = folder / "ami.secret"
    secret.write_text(bench.asterisk.place.secret)
    login = {"address": bench.asterisk.place.ami, "user": "nirc", "secret_file": secret}
    carrier = {"name": "carrier", "endpoints": ["carrier", "ivr", "network"], "channels_max": 50}
    return AsteriskConfig.model_validate(
        {
            "kind": "asterisk",
            "ami": login | ami,
            "queues": [{"name": "sales"}],
            "trunk_groups": [carrier | {"address": bench.asterisk.place.sip}],
            "hold_s_max": HOLD_S_MAX,
        }
    )


class ShellSite:
    """A shell, what it told, and a way to let it die."""

    def __init__(self, config: AsteriskConfig) -> None:
        self.events: list[base.AcdEvent] = []
        self.decide: Callable[[base.AcdEvent], list[base.AcdCommand]] = lambda event: []
        self.shell = AsteriskShell(config, lambda: uuid.uuid4().hex, self._post, time.monotonic)

    def _post(self, item: Input) -> bool:
        self._take(list(item(time.monotonic())))  # type: ignore[arg-type]
        return True

    def _take(self, events: list[base.AcdEvent]) -> None:
        for event in events:
            self.events.append(event)
            for command in self.decide(event):
                self.command(command)

    def command(self, command: base.AcdCommand) -> None:
        """One command of the daemon's."""
        self._take(self.shell.command(command, time.monotonic()))

    async def until(self, what: str, is_so: Callable[[], object], within_s: float = 20.0) -> None:
        """Wait, with the adapter's timers running."""
        until = time.monotonic() + within_s
        while not is_so():
            assert time.monotonic() < until, f"not so: {what}; {self.events[-5:]}"
            await asyncio.sleep(0.01)
            self._take(self.shell.fire(time.monotonic()))

    def state(self, agent: str) -> AgentState | None:
        """An agent as told last."""
        told = [one for one in self.events if isinstance(one, base.AgentChanged)]
        return next((one.state for one in reversed(told) if one.agent == agent), None)

    def told(self, kind: type[Any]) -> list[Any]:
        """What was told of one kind."""
        return [event for event in self.events if isinstance(event, kind)]

    def dies_at(self, words: bytes, *, after: bool) -> asyncio.Event:
        """Killed before, or right after, it writes these words to the PBX."""
        line, dead = self.shell._line, asyncio.Event()
        write = line.write

        def last(data: bytes) -> None:
            if dead.is_set():
                return
            if words not in data:
                write(data)
                return
            end = data.index(b"\r\n\r\n", data.index(words)) + 4
            write(data[:end] if after else data[: data.rindex(b"Action:", 0, end)])
            dead.set()

        line.write = last  # type: ignore[method-assign]
        return dead
