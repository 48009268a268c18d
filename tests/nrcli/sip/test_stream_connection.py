"""TLS connections on real sockets: whom they are with, and how bad ones end."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sip_certificates import tls_files, tls_pair

from nrcli.sip.flow import Peer
from nrcli.sip.limits import TransportLimits
from nrcli.sip.sip_transport import SipTransport
from nrcli.sip.tls_contexts import SipTls

MESSAGE = b"OPTIONS sip:a@b SIP/2.0\r\nContent-Length: 3\r\n\r\nabc"
LOCAL = ("127.0.0.1", 0)


class End:
    """A transport that keeps what it hears."""

    def __init__(self, tls: SipTls | None, **bounds: float) -> None:
        self.got: asyncio.Queue[tuple[bytes, Peer]] = asyncio.Queue()
        self.failed: asyncio.Queue[Peer] = asyncio.Queue()
        self.transport = SipTransport(
            lambda data, peer: self.got.put_nowait((data, peer)),
            self.failed.put_nowait,
            bounds=TransportLimits(**bounds),  # type: ignore[arg-type]
            tls=tls,
        )

    async def heard(self) -> tuple[bytes, Peer]:
        return await asyncio.wait_for(self.got.get(), 5)

    async def was_told_of(self) -> Peer:
        return await asyncio.wait_for(self.failed.get(), 5)


@pytest.fixture
async def ends() -> AsyncIterator[list[End]]:
    made: list[End] = []
    yield made
    for end in made:
        await end.transport.close()


async def listening(ends: list[End], end: End, *, asks: bool = True) -> tuple[str, int]:
    ends.append(end)
    return await end.transport.listen(*LOCAL, ("udp", "tls"), asks_certificate=asks)


async def calls(ends: list[End], tls: SipTls | None, remote: tuple[str, int]) -> End:
    end = End(tls)
    ends.append(end)
    end.transport.send(Peer("tls", ("127.0.0.1", 1), remote), MESSAGE)
    return end


async def test_there_and_back_over_tls(ends: list[End], tmp_path: Path) -> None:
    one, two = tls_pair(tmp_path)
    server = End(one)
    address = await listening(ends, server)
    client = await calls(ends, two, address)
    data, peer = await server.heard()
    assert data == MESSAGE
    assert peer.transport == "tls"
    assert peer.local == address
    server.transport.send(peer, MESSAGE)
    assert (await client.heard())[0] == MESSAGE


async def test_a_stranger_to_our_authority_is_not_heard(ends: list[End], tmp_path: Path) -> None:
    one, _ = tls_pair(tmp_path)
    server = End(one)
    client = await calls(
        ends, SipTls(tls_files(tmp_path, "foreign")), await listening(ends, server)
    )
    assert (await client.was_told_of()).transport == "tls"
    assert server.got.empty()


async def test_a_certificate_of_another_host_is_not_spoken_with(
    ends: list[End], tmp_path: Path
) -> None:
    one, two = tls_pair(tmp_path, hosts=("127.0.0.9", "127.0.0.1"))
    client = await calls(ends, two, await listening(ends, End(one)))
    assert (await client.was_told_of()).transport == "tls"
    assert ends[0].got.empty()


async def test_phones_need_no_certificate_and_trunks_do(ends: list[End], tmp_path: Path) -> None:
    one, _ = tls_pair(tmp_path)
    context = ssl.create_default_context(cafile=str(tmp_path / "ca" / "ca.pem"))
    for asks in (False, True):
        server = End(one)
        address = await listening(ends, server, asks=asks)
        reader, writer = await asyncio.open_connection(*address, ssl=context)
        writer.write(MESSAGE)
        if asks:
            with pytest.raises(OSError):
                assert await asyncio.wait_for(reader.read(), 5) == b""
                raise OSError
            assert server.got.empty()
        else:
            assert (await server.heard())[0] == MESSAGE
        writer.close()


async def test_half_a_handshake_is_ended(ends: list[End], tmp_path: Path) -> None:
    one, two = tls_pair(tmp_path)
    server = End(one, handshake_s_max=0.2, connections_per_source_max=2)
    address = await listening(ends, server)
    half = [await asyncio.open_connection(*address) for _ in range(2)]
    third, writer = await asyncio.open_connection(*address)
    assert await asyncio.wait_for(third.read(), 5) == b""
    for reader, _ in half:
        assert await asyncio.wait_for(reader.read(), 5) == b""
    await calls(ends, two, address)
    assert (await server.heard())[0] == MESSAGE
    for one_writer in (writer, *(w for _, w in half)):
        one_writer.close()


async def test_without_a_certificate_nothing_is_dialed_by_tls(ends: list[End]) -> None:
    client = await calls(ends, None, ("127.0.0.1", 9))
    assert (await client.was_told_of()).transport == "tls"


async def test_one_source_has_so_many_connections(ends: list[End]) -> None:
    server = End(None, connections_per_source_max=2)
    ends.append(server)
    address = await server.transport.listen(*LOCAL, ("tcp",))
    first = [await asyncio.open_connection(*address) for _ in range(2)]
    reader, writer = await asyncio.open_connection(*address)
    assert await asyncio.wait_for(reader.read(), 5) == b""
    writer.close()
    first[0][1].close()
    await asyncio.sleep(0.1)
    _, again = await asyncio.open_connection(*address)
    again.write(MESSAGE)
    assert (await server.heard())[0] == MESSAGE
    for one in (again, first[1][1]):
        one.close()
