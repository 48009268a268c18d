"""A site's client against real nodes on loopback."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from link_ends import QUICK, Heard, eventually, new_ca, new_client, new_server

from nrcli.client import SiteClient
from nrcli.errors import LocalProtocolError, SettingsError
from nrcli.wire.link_greeting import Rhythm
from nrcli.wire.link_session import LinkSettings
from nrcli.wire.link_stream import TransportSettings
from nrcli.wire.messages import (
    DOMAIN_FIRST,
    Epoch,
    Hello,
    KnownEpoch,
    LeadingAck,
    StateAck,
    Welcome,
)

ACK = LeadingAck(domain=DOMAIN_FIRST, epoch=Epoch(generation=1, revision=2))


async def test_a_stream_to_every_node_and_a_hello_made_anew_each_time() -> None:
    heards = {"n1": Heard(), "n2": Heard()}
    servers = {name: new_server(None, heard, node=name) for name, heard in heards.items()}
    for server in servers.values():
        await server.start()
    site = Heard()
    epochs: list[KnownEpoch] = []
    client = SiteClient(
        nodes={name: f"127.0.0.1:{server.port}" for name, server in servers.items()},
        hello=lambda: Hello(site="lisbon", incarnation=1, epochs=tuple(epochs)),
        tls=None,
        on_up=site.note_up,
        on_down=site.note_down,
        on_message=site.note_said,
        backoff=QUICK,
    )
    await client.start()
    try:
        await eventually(lambda: len(site.ups) == 2)
        assert client.send("n2", ACK)
        assert not client.send("n9", ACK)
        await eventually(lambda: heards["n2"].said)
        assert heards["n1"].said == []
        epochs.append(KnownEpoch(domain=DOMAIN_FIRST, epoch=Epoch(generation=1, revision=2)))
        servers["n1"].close_site("lisbon", "draining", "for a while")
        await eventually(lambda: len(heards["n1"].ups) == 2)
        assert heards["n1"].ups[1][1].epochs == tuple(epochs)
        assert client.status()["n2"].is_up
    finally:
        await client.stop()
        for server in servers.values():
            await server.stop()
    assert {node for node, _ in site.downs} == {"n1", "n2"}


async def test_a_message_that_cannot_be_sent_leaves_the_link_alone() -> None:
    node, site = Heard(), Heard()
    server = new_server(None, node)
    await server.start()
    client = new_client(server.port, None, site)
    await client.start()
    try:
        await eventually(lambda: site.ups)
        with pytest.raises(LocalProtocolError):
            client.send("n1", replace(ACK, domain="x" * 10_000))
        assert client.send("n1", ACK)
        await eventually(lambda: node.said)
        assert site.downs == []
    finally:
        await client.stop()
        await server.stop()


def test_a_missing_certificate_is_told_at_once(tmp_path: Path) -> None:
    files = replace(new_ca(tmp_path / "ca").site("lisbon"), key=tmp_path / "gone.key")
    with pytest.raises(SettingsError, match=r"gone\.key"):
        new_client(1, files, Heard())


class BlackHole:
    """Forwards a connection until told to swallow everything, without closing anything."""

    def __init__(self, port: int) -> None:
        self._to = port
        self._open = asyncio.Event()
        self._open.set()
        self._tasks: list[asyncio.Task[None]] = []
        self.port = 0
        self._server: asyncio.Server | None = None

    async def start(self) -> None:
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]

    def swallow(self) -> None:
        self._open.clear()

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self._to)
        ways = ((reader, far_writer), (far_reader, writer))
        self._tasks += [asyncio.create_task(self._pump(*way)) for way in ways]

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(65536):
            await self._open.wait()
            writer.write(data)
        writer.close()

    async def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._server is not None:
            self._server.close()


async def test_silence_is_noticed_at_both_ends() -> None:
    rhythm = Rhythm(heartbeat_s=0.05, silence_s_max=0.4)
    settings = TransportSettings(link=LinkSettings(rhythm=rhythm), keepalive_s=30.0)
    node, site = Heard(), Heard()
    server = new_server(None, node, settings=settings)
    await server.start()
    hole = BlackHole(server.port)
    await hole.start()
    client = new_client(hole.port, None, site, settings=settings)
    await client.start()
    try:
        await eventually(lambda: site.ups)
        welcome: Any = site.ups[0][1]
        assert welcome == Welcome(
            node="n1",
            version=3,
            heartbeat_s=0.05,
            silence_s_max=0.4,
            pre_routes=True,
            records=True,
        )
        hole.swallow()
        await eventually(lambda: site.downs and node.downs)
        assert site.downs == [("n1", "silence: nothing heard for 0.4 s")]
        assert node.downs == [("lisbon", "silence: nothing heard for 0.4 s")]
    finally:
        await client.stop()
        await hole.stop()
        await server.stop()


async def test_a_blocked_stream_is_bounded_too() -> None:
    """The other end takes nothing: gRPC holds us back, the lanes fill, memory does not."""
    node, site = Heard(), Heard()
    server = new_server(None, node)
    await server.start()
    hole = BlackHole(server.port)
    await hole.start()
    client = new_client(hole.port, None, site)
    await client.start()
    try:
        await eventually(lambda: site.ups)
        hole.swallow()
        for version in range(3000):
            client.send("n1", StateAck(incarnation=1, version=version))  # type: ignore[arg-type]
            if version % 100 == 0:
                await asyncio.sleep(0)
        taken = 0
        while client.send("n1", ACK) and taken < 100_000:
            taken += 1
        assert taken <= 8192
    finally:
        await client.stop()
        await hole.stop()
        await server.stop()
