"""The shell that belongs to a kind of ACD; ids and tokens."""

from __future__ import annotations

from site_agent.acd_shells import ShellTools, make_shell, new_id, new_token
from site_agent.config import parse_config
from site_agent.in_memory_shell import InMemoryShell
from site_agent.sip_acd_shell import SipAcdShell

TOOLS = ShellTools(
    post=lambda _input: True, now=lambda: 100.0, keep=lambda _kept: None, may_act=lambda: True
)
HEAD = "site: lisbon\nincarnation_file: /x/state.json\n"
MEMORY = HEAD + "acd: {kind: in_memory, queues: [{name: sales}]}\n"
SIP = (
    HEAD
    + "acd: {kind: sip_acd, queues: [{name: sales}], trunk_groups: [{name: carrier, listen: "
    + '"127.0.0.1:0", peers: ["127.0.0.0/8"], channels_max: 2, numbers: {"*": sales}}]}\n'
)


def test_each_kind_of_acd_has_its_shell() -> None:
    assert isinstance(make_shell(parse_config(MEMORY, source="m").acd, TOOLS), InMemoryShell)
    assert isinstance(make_shell(parse_config(SIP, source="s").acd, TOOLS), SipAcdShell)


def test_tokens_are_128_bits_in_letters_that_survive() -> None:
    tokens = {new_token() for _ in range(100)}
    assert len(tokens) == 100 and len(new_id()) == 32
    for token in tokens:
        assert token.startswith("nirc-") and len(token) == 31
        assert set(token[5:]) <= set("abcdefghijklmnopqrstuvwxyz234567")


class Caller(asyncio.DatagramProtocol):
    """Counts what comes back."""

    def __init__(self) -> None:
        self.got = asyncio.Event()

    def datagram_received(self, data: bytes, addr: object) -> None:
        self.got.set()


async def asks(port: int) -> bool:
    """Does a SIP request get an answer within a moment?"""
    loop = asyncio.get_running_loop()
    transport, caller = await loop.create_datagram_endpoint(Caller, remote_addr=("127.0.0.1", port))
    host, own = transport.get_extra_info("sockname")
    transport.sendto(
        (
            f"OPTIONS sip:127.0.0.1:{port} SIP/2.0\r\nVia: SIP/2.0/UDP {host}:{own};branch=z9hG4bKx"
            f"\r\nFrom: <sip:x@{host}>;tag=1\r\nTo: <sip:127.0.0.1>\r\nCall-ID: {own}\r\n"
            "CSeq: 1 OPTIONS\r\nMax-Forwards: 70\r\nContent-Length: 0\r\n\r\n"
        ).encode()
    )
    try:
        async with asyncio.timeout(0.3):
            await caller.got.wait()
    except TimeoutError:
        return False
    finally:
        transport.close()
    return True
