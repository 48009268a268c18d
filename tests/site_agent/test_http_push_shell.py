"""A CTI over real HTTP: hello, snapshot, commands by stream and by long poll, and its silence."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Iterable
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from pushing_cti import CAN, whole

from site_agent.acd_shells import new_id
from site_agent.adapters.base import (
    AcdEvent,
    AgentChanged,
    HoldGranted,
    HoldPlace,
    PbxSeen,
    PutBack,
)
from site_agent.core.events import JournalRead
from site_agent.driver import Input
from site_agent.errors import ConfigError, StartError
from site_agent.http_push_config import HttpPushAcdConfig
from site_agent.http_push_shell import HttpPushShell, push_settings

TOKEN = "a-token-of-enough-letters"


def config(folder: Path, **more: Any) -> HttpPushAcdConfig:
    (folder / "token").write_text(TOKEN)
    values = {
        "kind": "http_push",
        "listen": "127.0.0.1:0",
        "token_file": folder / "token",
        "queues": [{"name": "sales"}],
        "trunk_groups": [{"name": "carrier", "address": "10.0.0.1:5060", "channels_max": 5}],
        "resend_s": 0.1,
    }
    return HttpPushAcdConfig.model_validate(values | more)


class Site:
    """The shell, with a turn for each thing that happens."""

    def __init__(self, made: HttpPushAcdConfig) -> None:
        self.events: list[AcdEvent] = []
        self.takes = True
        self.now_s = 100.0
        self.shell = HttpPushShell(made, new_id, self.post, site="porto")

    def post(self, work: Input) -> bool:
        if self.takes:
            taken: Iterable[Any] = work(self.now_s)
            self.events += taken
        return self.takes

    def command(self, command: Any) -> None:
        self.events += self.shell.command(command, self.now_s)


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[Site]:
    made = Site(config(tmp_path))
    await made.shell.start()
    yield made
    await made.shell.stop()


@pytest.fixture
async def http(site: Site) -> AsyncIterator[aiohttp.ClientSession]:
    host, port = site.shell._server._socket._runner.addresses[0]  # type: ignore[union-attr]
    headers = {"Authorization": f"Bearer {TOKEN}"}
    async with aiohttp.ClientSession(f"http://{host}:{port}", headers=headers) as session:
        yield session


async def begin(http: aiohttp.ClientSession) -> str:
    """Hello and a snapshot; the session."""
    hello = {"protocol": 1, "capabilities": CAN}
    async with http.post("/v1/hello", json=hello) as reply:
        session = (await reply.json())["session"]
    assert (await push(http, session, 1, whole("anna")))[0] == 200
    return str(session)


async def push(
    http: aiohttp.ClientSession, session: str, seq: int, *messages: dict[str, Any]
) -> tuple[int, Any]:
    body = {"session": session, "seq": seq, "messages": messages}
    async with http.post("/v1/events", json=body) as reply:
        return reply.status, await reply.json()


async def poll(http: aiohttp.ClientSession, session: str, **more: str) -> Any:
    query = {"session": session, "wait_ms": "50"} | more
    async with http.get("/v1/commands/poll", params=query) as reply:
        return await reply.json()


async def test_a_cti_is_heard_and_takes_commands_by_long_poll(
    site: Site, http: aiohttp.ClientSession
) -> None:
    session = await begin(http)
    assert [one.agent for one in site.events if isinstance(one, AgentChanged)] == ["anna"]
    assert await poll(http, session) == {"commands": []}
    site.command(HoldPlace(hold_id="p1", queue="sales"))
    found = (await poll(http, session))["commands"]
    assert [(one["number"], one["type"]) for one in found] == [(1, "hold_place")]
    assert await poll(http, session, after="1") == {"commands": []}
    granted = {"type": "hold_granted", "hold_id": "p1", "queue": "sales"}
    await push(http, session, 2, granted, {"type": "ack", "up_to": 1})
    assert HoldGranted(hold_id="p1", queue="sales") in site.events
    async with http.get("/healthz") as reply:
        assert await reply.json() == {"ok": True, "site": "porto", "cti_heard": True}


async def test_a_stream_that_was_lost_goes_on_where_it_ended(
    site: Site, http: aiohttp.ClientSession
) -> None:
    session = await begin(http)
    for number in (1, 2):
        site.command(HoldPlace(hold_id=f"p{number}", queue="sales"))
    query = {"session": session}
    async with http.get("/v1/commands", params=query) as reply:
        assert await numbers(reply, 2) == [1, 2]
    last = {"Last-Event-ID": "1"}
    async with http.get("/v1/commands", params=query, headers=last) as reply:
        assert await numbers(reply, 1) == [2]
        site.command(HoldPlace(hold_id="p3", queue="sales"))
        assert await numbers(reply, 1) == [3]
        site.now_s += 0.2
        site.shell.fire(site.now_s)
        assert await numbers(reply, 3) == [1, 2, 3]
        assert site.shell.next_timer_s() is not None
        async with http.get("/v1/commands", params=query) as other:
            assert await numbers(other, 3) == [1, 2, 3]
            assert await asyncio.wait_for(reply.content.read(), 5) is not None


async def numbers(reply: aiohttp.ClientResponse, count: int) -> list[int]:
    """The numbers of the next commands of a stream."""
    found: list[int] = []
    while len(found) < count:
        line = await asyncio.wait_for(reply.content.readline(), 5)
        if line.startswith(b"data: "):
            found.append(json.loads(line[6:])["number"])
    return found


async def test_a_wrong_session_and_a_wrong_hello_are_refused(
    site: Site, http: aiohttp.ClientSession
) -> None:
    assert (await poll(http, "none"))["want"] == "hello"
    assert (await push(http, "none", 1))[0] == 409
    async with http.post("/v1/hello", json={"protocol": 7}) as reply:
        told = await reply.json()
        assert reply.status == 400
        assert reply.content_type == "application/problem+json"
        assert told["place"] == "protocol" and told["remedy"]


async def test_an_overloaded_site_says_so(site: Site, http: aiohttp.ClientSession) -> None:
    session = await begin(http)
    site.takes = False
    assert (await push(http, session, 2))[0] == 503


async def test_silence_and_restart_need_nothing_of_the_shell(site: Site) -> None:
    kept = JournalRead(entries=())
    assert site.shell.resume(kept, 1.0) == ([], kept)
    assert site.shell.take_in_again(kept, 1.0) == []
    site.shell.use_numbers(None, 5.0)
    site.command(PutBack(call_id="c"))
    assert site.shell.next_timer_s() is None
    assert site.shell.fire(1.0) == []
    assert site.shell.snapshot(1.0) != []


async def test_a_taken_port_and_a_bad_certificate_are_named(tmp_path: Path, site: Site) -> None:
    port = site.shell._server._socket._runner.addresses[0][1]  # type: ignore[union-attr]
    other = Site(config(tmp_path, listen=f"127.0.0.1:{port}"))
    with pytest.raises(StartError, match=r"acd\.listen"):
        await other.shell.start()
    tls = {"cert": tmp_path / "none.pem", "key": tmp_path / "none.key"}
    with pytest.raises(ConfigError, match=r"acd\.server_tls"):
        Site(config(tmp_path, server_tls=tls))


def test_settings_are_carried_over(tmp_path: Path) -> None:
    found = push_settings(config(tmp_path, silence_s=6, hold_agent="pause"), "porto")
    assert (found.silence_s, found.hold_agent.value, found.trunks) == (6, "pause", {"carrier": 5})


async def test_it_is_told_whether_the_cti_is_heard(
    site: Site, http: aiohttp.ClientSession, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    await begin(http)
    assert caplog.messages.count("porto: the CTI: it is heard") == 1
    site.now_s += 20.0
    site.events += site.shell.fire(site.now_s)
    told = [one for one in site.events if isinstance(one, PbxSeen)]
    assert [one.reached for one in told] == [False, True, False]
    assert "hello" in told[0].problem and "silent" in told[2].problem
    assert all(one.is_cti for one in told)
    (silent,) = [one for one in caplog.records if "it is silent" in one.getMessage()]
    assert silent.levelno == logging.WARNING
