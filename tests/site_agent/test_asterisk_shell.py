"""The line to a manager: log-in, what is said on it, and what follows when it breaks."""

from __future__ import annotations

import asyncio
import hashlib
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from asterisk_pbx import ScriptedAsterisk

from nrcli.wire.messages import AgentState
from site_agent import foreign_pbx
from site_agent.adapters import base
from site_agent.asterisk_config import AsteriskConfig
from site_agent.asterisk_shell import AsteriskShell
from site_agent.driver import Input
from site_agent.errors import ConfigError

SECRET = "not-a-real-secret"


class Manager:
    """The manager's port of a scripted Asterisk."""

    def __init__(self, secret: str = SECRET) -> None:
        self.pbx = ScriptedAsterisk(("anna", "rita"), "sales")
        self.secret = secret
        self.writers: list[asyncio.StreamWriter] = []
        self.logged_in_count = 0
        self.boots = True

    async def start(self) -> str:
        self.server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        host, port = self.server.sockets[0].getsockname()[:2]
        return f"{host}:{port}"

    async def stop(self) -> None:
        self.server.close()
        self.cut()

    def cut(self) -> None:
        for writer in self.writers:
            writer.close()
        self.writers.clear()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.writers.append(writer)
        writer.write(b"Asterisk Call Manager/5.0.4\r\n")
        up = False
        try:
            while True:
                block = await reader.readuntil(b"\r\n\r\n")
                if up:
                    self._takes(block, writer)
                else:
                    up = self._logs_in(block.decode(), writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            return

    def _takes(self, block: bytes, writer: asyncio.StreamWriter) -> None:
        if block.startswith(b"Action: Ping"):
            writer.write(b"Response: Success\r\nActionID: ping\r\nPing: Pong\r\n\r\n")
        else:
            self.pbx.take(block)
            writer.write(self.pbx.said())

    def _logs_in(self, text: str, writer: asyncio.StreamWriter) -> bool:
        fields = dict(line.partition(": ")[::2] for line in text.strip().split("\r\n"))
        if fields["Action"] == "Challenge":
            writer.write(b"Response: Success\r\nActionID: login\r\nChallenge: 4711\r\n\r\n")
            return False
        wanted = hashlib.md5(f"4711{self.secret}".encode(), usedforsecurity=False).hexdigest()
        if fields["Key"] != wanted:
            writer.write(
                b"Response: Error\r\nActionID: login\r\nMessage: Authentication failed\r\n\r\n"
            )
            return False
        self.logged_in_count += 1
        writer.write(b"Response: Success\r\nActionID: login\r\nMessage: Welcome\r\n\r\n")
        if self.boots:
            writer.write(b"Event: FullyBooted\r\nStatus: Fully Booted\r\n\r\n")
        return self.boots


class Site:
    """The shell, and a driver that takes every input at once."""

    def __init__(self, address: str, folder: Path) -> None:
        (folder / "secret").write_text(SECRET + "\n")
        config = AsteriskConfig.model_validate(
            {
                "kind": "asterisk",
                "ami": {
                    "address": address,
                    "user": "nirc",
                    "secret_file": folder / "secret",
                },
                "queues": [{"name": "sales"}],
                "trunk_groups": [
                    {"name": "carrier", "address": "192.0.2.1:5060", "channels_max": 10}
                ],
            }
        )
        self.events: list[base.AcdEvent] = []
        self.shell = AsteriskShell(config, lambda: "id1", self._post, time.monotonic)

    def _post(self, taken: Input) -> bool:
        self.events.extend(taken(time.monotonic()))  # type: ignore[arg-type]
        return True

    async def until(self, what: Callable[[], object]) -> None:
        for _ in range(1000):
            if what():
                return
            await asyncio.sleep(0.005)
        raise AssertionError("it did not come within 5 s")

    def states(self) -> dict[str, AgentState]:
        told = [event for event in self.events if isinstance(event, base.AgentChanged)]
        return {event.agent: event.state for event in told}


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(foreign_pbx, "PAUSE_S", 0.01)


async def test_the_state_is_heard_and_an_agent_is_held(tmp_path: Path) -> None:
    manager = Manager()
    site = Site(await manager.start(), tmp_path)
    assert await site.shell.start() == {}
    await site.until(lambda: set(site.states()) == {"anna", "rita"})
    manager.pbx.pause(manager.pbx.phones["anna"], False, "")
    manager.writers[0].write(manager.pbx.said())
    await site.until(lambda: site.states()["anna"] is AgentState.READY)
    site.shell.command(base.HoldAgent(hold_id="h", agent="anna", queue="sales"), time.monotonic())
    await site.until(lambda: any(isinstance(e, base.HoldGranted) for e in site.events))
    await site.until(lambda: manager.pbx.hold_timers)
    await site.shell.stop()
    await manager.stop()


async def test_a_lost_line_promises_nothing_and_comes_back(tmp_path: Path, quick: None) -> None:
    manager = Manager()
    for phone in manager.pbx.phones.values():
        phone.paused = False
    site = Site(await manager.start(), tmp_path)
    await site.shell.start()
    await site.until(lambda: site.states().get("anna") is AgentState.READY)
    manager.cut()
    await site.until(lambda: site.states()["anna"] is AgentState.NOT_READY)
    await site.until(lambda: site.states()["anna"] is AgentState.READY)
    assert manager.logged_in_count == 2
    await site.shell.stop()
    await manager.stop()


async def test_a_wrong_secret_is_told_with_the_remedy(
    tmp_path: Path, quick: None, caplog: pytest.LogCaptureFixture
) -> None:
    manager = Manager(secret="another")
    site = Site(await manager.start(), tmp_path)
    await site.shell.start()
    await site.until(lambda: "manager.conf" in caplog.text)
    assert SECRET not in caplog.text
    assert {type(one) for one in site.events} == {base.PbxSeen}
    await site.shell.stop()
    await manager.stop()


async def test_nobody_there_is_told_once(
    tmp_path: Path, quick: None, caplog: pytest.LogCaptureFixture
) -> None:
    site = Site("127.0.0.1:1", tmp_path)
    await site.shell.start()
    await asyncio.sleep(0.1)
    assert caplog.text.count("cannot connect") == 1
    await site.shell.stop()


def test_a_missing_secret_is_refused_with_its_place(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="secret_file"):
        _bare(tmp_path)


def _bare(folder: Path) -> None:
    config = AsteriskConfig.model_validate(
        {
            "kind": "asterisk",
            "ami": {"address": "127.0.0.1:1", "user": "n", "secret_file": folder / "none"},
            "queues": [{"name": "sales"}],
            "trunk_groups": [{"name": "carrier", "address": "192.0.2.1:5060", "channels_max": 9}],
        }
    )
    AsteriskShell(config, lambda: "id1", lambda _: True, time.monotonic)
