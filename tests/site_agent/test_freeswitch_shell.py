"""The Event Socket over real TCP: connected, lost, connected again, and what is told then."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest
from esl_callcenter import PbxAgent
from esl_pbx import PASSWORD, Pbx
from esl_peer import EslPeer

from nrcli.wire.messages import AgentState
from site_agent.adapters import base
from site_agent.driver import Input
from site_agent.errors import ConfigError
from site_agent.freeswitch_config import FreeswitchConfig
from site_agent.freeswitch_shell import FreeswitchShell

AGENT = PbxAgent("anna@default", "user/1000@pbx.example", {"sales@default": 1}, "Available")


@pytest.fixture
def peer() -> Iterator[EslPeer]:
    found = EslPeer(Pbx(agents=(AGENT,))).start()
    yield found
    found.stop()


def config_of(address: str, folder: Path, password: str = PASSWORD) -> FreeswitchConfig:
    file = folder / "password"
    file.write_text(password + "\n")
    return FreeswitchConfig.model_validate(
        {
            "kind": "freeswitch",
            "event_socket": address,
            "password_file": str(file),
            "queues": [{"name": "sales"}],
            "trunk_groups": [
                {
                    "name": "carrier",
                    "profile": "external",
                    "address": "127.0.0.1:5080",
                    "channels_max": 20,
                }
            ],
        }
    )


class Site:
    """A shell and its driver."""

    def __init__(self, config: FreeswitchConfig) -> None:
        self.events: list[base.AcdEvent] = []
        self.shell = FreeswitchShell(config, lambda: "id", self._post)

    def _post(self, item: Input) -> bool:
        self.events += item(time.monotonic())
        return True

    async def wait(self, what: Callable[[], bool]) -> None:
        for _ in range(400):
            self.events += self.shell.fire(time.monotonic())
            if what():
                return
            await asyncio.sleep(0.02)
        raise TimeoutError(self.events[-5:])

    def state(self) -> AgentState | None:
        told = [one.state for one in self.events if isinstance(one, base.AgentChanged)]
        return told[-1] if told else None


@pytest.fixture
async def site(peer: EslPeer, tmp_path: Path) -> AsyncIterator[Site]:
    found = Site(config_of(peer.address, tmp_path))
    assert await found.shell.start() == {}
    yield found
    await found.shell.stop()


async def test_agents_are_shown_held_and_given_back(site: Site, peer: EslPeer) -> None:
    await site.wait(lambda: site.state() is AgentState.READY)
    now_s = time.monotonic()
    site.events += site.shell.command(
        base.HoldAgent(hold_id="h", agent="anna", queue="sales"), now_s
    )
    await site.wait(lambda: any(isinstance(one, base.HoldGranted) for one in site.events))
    with peer.acting() as pbx:
        assert pbx.centre.agents["anna@default"].status == "On Break"
    site.events += site.shell.command(base.ReleaseHold(hold_id="h"), time.monotonic())
    await site.wait(lambda: site.state() is AgentState.READY)


async def test_a_lost_connection_promises_nothing_and_comes_back(site: Site, peer: EslPeer) -> None:
    await site.wait(lambda: site.state() is AgentState.READY)
    peer.refuses = True
    peer.cut()
    await site.wait(lambda: site.state() is AgentState.NOT_READY)
    await site.wait(lambda: peer.connections_count > 2)
    peer.refuses = False
    await site.wait(lambda: site.state() is AgentState.READY)
    told = [one.reached for one in site.events if isinstance(one, base.PbxSeen)]
    assert told[:3] == [False, True, False] and told[-1]


async def test_a_wrong_password_is_told_with_its_remedy(
    peer: EslPeer, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    site = Site(config_of(peer.address, tmp_path, "wrong"))
    await site.shell.start()
    await site.wait(lambda: "password_file" in caplog.text)
    await site.shell.stop()


async def test_nobody_listens_there(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    site = Site(config_of("127.0.0.1:1", tmp_path))
    await site.shell.start()
    await site.wait(lambda: "is mod_event_socket loaded?" in caplog.text)
    assert [one for one in site.shell.snapshot(1.0) if isinstance(one, base.QueueChanged)]
    await site.shell.stop()


def test_a_password_that_cannot_be_read_or_is_none(tmp_path: Path) -> None:
    config = config_of("127.0.0.1:1", tmp_path, "two\nlines")
    with pytest.raises(ConfigError, match="more than one line"):
        FreeswitchShell(config, lambda: "id", lambda _item: True)
    config.password_file.unlink()
    with pytest.raises(ConfigError, match="mode 0600"):
        FreeswitchShell(config, lambda: "id", lambda _item: True)
