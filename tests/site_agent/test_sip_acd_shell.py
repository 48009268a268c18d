"""The ACD with its sockets answers a real datagram."""

import asyncio
from collections import deque
from pathlib import Path
from typing import Any

import pytest
from sip_certificates import tls_pair

from nrcli.sip.trace_ring import TraceLimits, TraceRing, about
from site_agent.adapters.sip_acd.settings import (
    MediaSettings,
    QueueSettings,
    SipAcdSettings,
    TlsPaths,
    TrunkGroupSettings,
)
from site_agent.errors import ConfigError, StartError
from site_agent.sip.signals import Peer
from site_agent.sip.source_shares import StrangerLimits
from site_agent.sip_acd_shell import SipAcdShell

OPTIONS = (
    "OPTIONS sip:x@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:{port};branch=z9hG4bKa1\r\n"
    "From: <sip:a@127.0.0.1>;tag=1\r\nTo: <sip:x@127.0.0.1>\r\nCall-ID: c1\r\n"
    "CSeq: 1 OPTIONS\r\nMax-Forwards: 70\r\nContent-Length: 0\r\n\r\n"
)


class Far(asyncio.DatagramProtocol):
    def __init__(self) -> None:
        self.heard: asyncio.Queue[bytes] = asyncio.Queue()

    def datagram_received(self, data: bytes, addr: Any) -> None:
        self.heard.put_nowait(data)


async def test_a_datagram_goes_in_and_its_answer_comes_out() -> None:
    inputs: deque[Any] = deque()
    arrived = asyncio.Event()

    def post(item: Any) -> bool:
        inputs.append(item)
        arrived.set()
        return True

    probe = await asyncio.get_running_loop().create_datagram_endpoint(
        Far, local_addr=("127.0.0.1", 0)
    )
    port = probe[0].get_extra_info("sockname")[1]
    settings = SipAcdSettings(
        trunk_groups=(TrunkGroupSettings(name="carrier", listen=("127.0.0.1", 0)),),
        queues=(QueueSettings(name="sales"),),
    )
    ring = TraceRing(TraceLimits())
    new_id = iter(map(str, range(10_000))).__next__
    shell = SipAcdShell(settings, new_id, post, lambda: 1.0, ring=ring)
    addresses = await shell.start()
    probe[0].sendto(OPTIONS.format(port=port).encode(), addresses["carrier"])
    async with asyncio.timeout(5):
        await arrived.wait()
    for item in inputs:
        list(item(1.0))
    async with asyncio.timeout(5):
        assert (await probe[1].heard.get()).startswith(b"SIP/2.0 ")
    probe[0].close()
    await shell.stop()
    kept = [(one.sent, one.data.split(b" ")[0]) for one in about(ring.snapshot(), "c1", 9)]
    assert kept == [(False, b"OPTIONS"), (True, b"SIP/2.0")]


async def test_an_address_that_is_not_of_this_host_is_named_with_the_remedy() -> None:
    settings = SipAcdSettings(
        trunk_groups=(TrunkGroupSettings(name="carrier", listen=("192.0.2.200", 5060)),),
        queues=(QueueSettings(name="sales"),),
    )
    shell = SipAcdShell(settings, lambda: "x", lambda item: True, lambda: 1.0)
    with pytest.raises(StartError, match=r"carrier: .*:5060.*IP address of this host"):
        await shell.start()
    await shell.stop()


INVITE = (
    "INVITE sip:sales@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:{port};branch=z9hG4bKb1\r\n"
    "From: <sip:a@127.0.0.1>;tag=1\r\nTo: <sip:sales@127.0.0.1>\r\nCall-ID: c2\r\n"
    "CSeq: 1 INVITE\r\nContact: <sip:a@127.0.0.1:{port}>\r\nMax-Forwards: 70\r\n"
    "Content-Length: 0\r\n\r\n"
)


async def test_new_calls_that_waited_long_in_the_inbox_are_shed() -> None:
    inputs: asyncio.Queue[Any] = asyncio.Queue()

    def post(item: Any) -> bool:
        inputs.put_nowait(item)
        return True

    settings = SipAcdSettings(
        trunk_groups=(TrunkGroupSettings(name="carrier", listen=("127.0.0.1", 0)),),
        queues=(QueueSettings(name="sales"),),
    )
    shell = SipAcdShell(settings, iter(map(str, range(10_000))).__next__, post, lambda: 1.0)
    addresses = await shell.start()
    probe = await asyncio.get_running_loop().create_datagram_endpoint(
        Far, local_addr=("127.0.0.1", 0)
    )
    port = probe[0].get_extra_info("sockname")[1]
    probe[0].sendto(INVITE.format(port=port).encode(), addresses["carrier"])
    async with asyncio.timeout(5):
        list((await inputs.get())(1.45))
        while b" 503 " not in (said := await probe[1].heard.get()):
            assert said.startswith(b"SIP/2.0 1"), "nothing but 503 ends this call"
    assert b"Retry-After:" in said
    probe[0].close()
    await shell.stop()


async def test_a_flood_of_a_stranger_never_comes_into_the_inbox() -> None:
    inputs: list[Any] = []
    group = TrunkGroupSettings(name="carrier", listen=("127.0.0.1", 0), peers=("10.0.0.0/8",))
    settings = SipAcdSettings(
        trunk_groups=(group,),
        queues=(QueueSettings(name="sales"),),
        strangers=StrangerLimits(stranger_messages_per_s=5.0),
    )
    shell = SipAcdShell(settings, lambda: "x", lambda item: not inputs.append(item), lambda: 1.0)
    local = (await shell.start())["carrier"]
    for host, heard in (("192.0.2.7", 10), ("10.0.0.7", 100)):
        inputs.clear()
        for _ in range(100):
            shell._on_data(b"INVITE", Peer("udp", local, (host, 9)))
        assert len(inputs) == heard
    await shell.stop()


async def test_a_trunk_group_by_tls_takes_a_call(tmp_path: Path) -> None:
    inputs: asyncio.Queue[Any] = asyncio.Queue()
    ours, theirs = tls_pair(tmp_path)
    files = ours._files
    settings = SipAcdSettings(
        trunk_groups=(
            TrunkGroupSettings(name="carrier", listen=("127.0.0.1", 0), transports=("tls",)),
        ),
        queues=(QueueSettings(name="sales"),),
        tls=TlsPaths(ca=str(files.ca), cert=str(files.cert), key=str(files.key)),
    )
    ids = iter(map(str, range(10_000))).__next__
    shell = SipAcdShell(settings, ids, lambda item: not inputs.put_nowait(item), lambda: 1.0)
    addresses = await shell.start()
    reader, writer = await asyncio.open_connection(*addresses["carrier"], ssl=theirs.client())
    writer.write(OPTIONS.format(port=9).replace("/UDP", "/TLS").encode())
    async with asyncio.timeout(5):
        list((await inputs.get())(1.0))
        assert (await reader.readline()).startswith(b"SIP/2.0 200")
    writer.close()
    await shell.stop()


async def test_tls_files_that_do_not_fit_are_named(tmp_path: Path) -> None:
    paths = TlsPaths(ca=str(tmp_path / "ca"), cert=str(tmp_path / "c"), key=str(tmp_path / "k"))
    settings = SipAcdSettings(trunk_groups=(), queues=(), tls=paths)
    with pytest.raises(ConfigError, match=r"acd\.tls"):
        SipAcdShell(settings, lambda: "x", lambda item: True, lambda: 1.0)


async def test_a_players_address_that_is_not_of_this_host_is_named() -> None:
    settings = SipAcdSettings(
        trunk_groups=(TrunkGroupSettings(name="carrier", listen=("127.0.0.1", 0)),),
        queues=(QueueSettings(name="sales"),),
        media=MediaSettings(rtp_listen=("192.0.2.200", 0)),
    )
    shell = SipAcdShell(settings, lambda: "x", lambda item: True, lambda: 1.0)
    with pytest.raises(StartError, match=r"media.rtp_listen: cannot listen on 192.0.2.200:0"):
        await shell.start()
    await shell.stop()
