"""SIP for edges, over real sockets."""

import asyncio
import socket
import ssl
from dataclasses import replace
from ipaddress import ip_network
from pathlib import Path

import pytest
from sip_certificates import tls_files

from nrcli.errors import SettingsError
from nrcli.sip.redirect_settings import RedirectClient, RedirectSettings
from nrcli.sip.redirect_sip import RedirectSip
from nrcli.sip.redirect_words import Contact, PreRouteAsked, PreRouteTold
from nrcli.sip.tls_contexts import SipTls, SipTlsFiles
from nrcli.sip.trace_ring import TraceLimits, TraceRing, about

CLIENT = RedirectClient(name="edge", networks=(ip_network("127.0.0.0/8"),), trunk_group="network")
INVITE = (
    b"INVITE sip:+351800@nirc SIP/2.0\r\nVia: SIP/2.0/%b 127.0.0.1:5;branch=z9hG4bKa;rport\r\n"
    b"From: <sip:a@b>;tag=1\r\nTo: <sip:c@d>\r\nCall-ID: x\r\nCSeq: 1 INVITE\r\n"
    b"Content-Length: 0\r\n\r\n"
)


class Bench:
    def __init__(self, listen: str = "127.0.0.1:0", tls: SipTlsFiles | None = None) -> None:
        self.ring = TraceRing(TraceLimits())
        self.sip = RedirectSip(
            listen=listen,
            tls_listen="127.0.0.1:0" if tls else "",
            tls=tls,
            settings=RedirectSettings(clients=(CLIENT,)),
            post=self._post,
            new_id=lambda: "q1",
            now_s=lambda: 1.0,
            ring=self.ring,
        )

    def _post(self, asked: PreRouteAsked) -> bool:
        contact = Contact(site="porto", host="192.0.2.1", port=5060, transport="udp")
        told = PreRouteTold(id=asked.id, contacts=(contact,))
        asyncio.get_running_loop().call_soon(self.sip.told, told)
        return True


async def over_udp(port: int) -> bytes:
    loop = asyncio.get_running_loop()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as caller:
        caller.setblocking(False)
        caller.bind(("127.0.0.1", 0))
        await loop.sock_connect(caller, ("127.0.0.1", port))
        await loop.sock_sendall(caller, INVITE % b"UDP")
        return await asyncio.wait_for(loop.sock_recv(caller, 65_535), 5)


async def over_tcp(port: int, secure: ssl.SSLContext | None = None) -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", port, ssl=secure)
    writer.write(INVITE % (b"TLS" if secure else b"TCP"))
    try:
        return await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 5)
    finally:
        writer.close()


def test_an_invite_is_answered_over_udp_and_tcp() -> None:
    async def play() -> None:
        bench = Bench()
        await bench.sip.start()
        try:
            for answer in (await over_udp(bench.sip.port), await over_tcp(bench.sip.port)):
                assert answer.startswith(b"SIP/2.0 302 ")
                assert b"Contact: <sip:+351800@192.0.2.1:5060>;q=1.0\r\n" in answer
            assert bench.sip.counts()["calls"] == 1
            assert bench.sip.counts()["repeated"] == 1
            told = [(one.sent, one.data[:7]) for one in about(bench.ring.snapshot(), "x", 9)]
            assert told == [(False, b"INVITE "), (True, b"SIP/2.0")] * 2
        finally:
            await bench.sip.stop()

    asyncio.run(play())


def test_an_address_that_is_taken_is_told_with_its_place() -> None:
    async def play() -> None:
        first = Bench()
        await first.sip.start()
        try:
            with pytest.raises(SettingsError, match=r"pre_route\.redirect_sip"):
                await Bench(f"127.0.0.1:{first.sip.port}").sip.start()
        finally:
            await first.sip.stop()

    asyncio.run(play())


def test_over_tls_an_edge_shows_a_certificate(tmp_path: Path) -> None:
    files, stranger = tls_files(tmp_path, "node"), tls_files(tmp_path, "stranger")

    async def play() -> None:
        bench = Bench(listen="", tls=files)
        await bench.sip.start()
        try:
            answer = await over_tcp(bench.sip.tls_port, SipTls(files).client())
            assert answer.startswith(b"SIP/2.0 302 ")
            with pytest.raises((OSError, asyncio.IncompleteReadError)):
                await over_tcp(bench.sip.tls_port, SipTls(replace(stranger, ca=files.ca)).client())
            assert bench.sip.counts()["calls"] == 1
        finally:
            await bench.sip.stop()

    asyncio.run(play())
