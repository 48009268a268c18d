"""Sockets: datagrams and streams arrive whole, failures are told, nothing stays open."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from nrcli.sip.flow import Peer
from nrcli.sip.limits import TransportLimits
from nrcli.sip.sip_transport import SipTransport

MESSAGE = b"OPTIONS sip:a@b SIP/2.0\r\nContent-Length: 3\r\n\r\nabc"


class End:
    def __init__(self) -> None:
        self.got: asyncio.Queue[tuple[bytes, Peer]] = asyncio.Queue()
        self.failed: asyncio.Queue[Peer] = asyncio.Queue()
        self.transport = SipTransport(
            lambda data, peer: self.got.put_nowait((data, peer)), self.failed.put_nowait
        )
        self.address = ("", 0)

    async def start(self) -> None:
        self.address = await self.transport.listen("127.0.0.1", 0)


@pytest.fixture
async def ends() -> AsyncIterator[tuple[End, End]]:
    pair = End(), End()
    for end in pair:
        await end.start()
    yield pair
    for end in pair:
        await end.transport.close()


@pytest.mark.parametrize("transport", ["udp", "tcp"])
async def test_there_and_back(ends: tuple[End, End], transport: str) -> None:
    one, two = ends
    flow = Peer(transport, one.address, two.address)
    one.transport.send(flow, MESSAGE)
    data, peer = await asyncio.wait_for(two.got.get(), 5)
    assert data == MESSAGE
    assert (peer.transport, peer.local) == (transport, two.address)
    two.transport.send(peer, MESSAGE + MESSAGE if transport == "tcp" else MESSAGE)
    assert await asyncio.wait_for(one.got.get(), 5) == (MESSAGE, flow)


async def test_a_refused_connection_is_told(ends: tuple[End, End]) -> None:
    one, two = ends
    await two.transport.close()
    flow = Peer("tcp", one.address, two.address)
    one.transport.send(flow, MESSAGE)
    assert await asyncio.wait_for(one.failed.get(), 5) == flow


async def test_a_flow_without_a_listen_point_is_told(ends: tuple[End, End]) -> None:
    one, two = ends
    flow = Peer("udp", ("127.0.0.1", 1), two.address)
    one.transport.send(flow, MESSAGE)
    assert await asyncio.wait_for(one.failed.get(), 5) == flow


async def test_a_stream_that_cannot_be_followed_is_closed(ends: tuple[End, End]) -> None:
    reader, writer = await asyncio.open_connection(*ends[0].address)
    writer.write(b"INVITE sip:a@b SIP/2.0\r\nTo: x\r\n\r\n")
    assert await asyncio.wait_for(reader.read(), 5) == b""
    writer.close()


async def test_an_address_in_use_is_an_oserror(ends: tuple[End, End]) -> None:
    with pytest.raises(OSError, match="in use"):
        await ends[0].transport.listen(*ends[1].address)


async def test_a_message_that_never_gets_whole_ends_its_connection(ends: tuple[End, End]) -> None:
    ends[0].transport.bounds = TransportLimits(part_s_max=0.1)
    slow = await asyncio.open_connection(*ends[0].address)
    mute = await asyncio.open_connection(*ends[0].address)
    good = await asyncio.open_connection(*ends[0].address)
    good[1].write(MESSAGE)
    slow[1].write(MESSAGE[:10])
    assert await asyncio.wait_for(slow[0].read(), 5) == b""
    assert await asyncio.wait_for(mute[0].read(), 5) == b""
    good[1].write(MESSAGE)
    for _ in range(2):
        assert (await asyncio.wait_for(ends[0].got.get(), 5))[0] == MESSAGE
    for _, writer in (slow, mute, good):
        writer.close()


async def test_a_newcomer_takes_the_place_of_a_connection_that_never_spoke(
    ends: tuple[End, End],
) -> None:
    ends[0].transport.bounds = TransportLimits(connections_max=2)
    first = await asyncio.open_connection(*ends[0].address)
    first[1].write(MESSAGE)
    await asyncio.wait_for(ends[0].got.get(), 5)
    mute = await asyncio.open_connection(*ends[0].address)
    newcomer = await asyncio.open_connection(*ends[0].address)
    assert await asyncio.wait_for(mute[0].read(), 5) == b""
    for _, writer in (first, newcomer):
        writer.write(MESSAGE)
        assert (await asyncio.wait_for(ends[0].got.get(), 5))[0] == MESSAGE
    assert ends[0].failed.get_nowait().transport == "tcp"
    for _, writer in (first, mute, newcomer):
        writer.close()
