"""A whole site agent in one process: starts, serves its status, stops, and starts again above."""

import asyncio
import json
import socket
from pathlib import Path

import aiohttp
import pytest

from site_agent.app import SiteApp
from site_agent.config import parse_config
from site_agent.errors import StartError
from site_agent.fence import Fence

SIP = """
acd:
  kind: sip_acd
  trunk_groups:
    - {{name: carrier, listen: "127.0.0.1:{port}", peers: ["127.0.0.0/8"], channels_max: 20,
       transports: [udp], numbers: {{"*": sales}}}}
  media: {{kind: player}}
  queues: [{{name: sales}}]
  agents: [{{name: anna, contact: "sip:anna@127.0.0.1:6001", queues: {{sales: 5}}}}]
"""


def config_of(folder: Path, port: int = 0) -> str:
    return f"""
site: lisbon
incarnation_file: {folder}/state.json
history_file: {folder}/history.jsonl
local_http: {{listen: "127.0.0.1:0", token_file: {folder}/token}}
{SIP.format(port=port)}"""


async def test_a_site_agent_shows_its_status_and_starts_above_its_last_life(
    tmp_path: Path,
) -> None:
    config = parse_config(config_of(tmp_path), source="f")
    incarnations = []
    for _ in range(2):
        app = SiteApp(config)
        await app.start()
        await asyncio.sleep(0.05)
        assert app.http_address is not None
        url = f"http://127.0.0.1:{app.http_address[1]}/v1/status"
        token = (tmp_path / "token").read_text().strip()
        headers = {"Authorization": f"Bearer {token}"}
        async with aiohttp.ClientSession() as session, session.get(url, headers=headers) as reply:
            status = await reply.json()
        await app.stop()
        assert status["agents"][0]["state"] == "ready" and status["tier"] == 3
        incarnations.append(status["incarnation"])
    assert incarnations[1] > incarnations[0]
    assert json.loads((tmp_path / "state.json").read_text())["incarnation"] == incarnations[1]


async def test_a_taken_port_is_named(tmp_path: Path) -> None:
    loop = asyncio.get_running_loop()
    transport, _ = await loop.create_datagram_endpoint(
        asyncio.DatagramProtocol, local_addr=("127.0.0.1", 0)
    )
    port = transport.get_extra_info("sockname")[1]
    app = SiteApp(parse_config(config_of(tmp_path, port), source="f"))
    with pytest.raises(StartError, match=f"trunk group carrier: cannot listen on .*{port}"):
        await app.start()
    await app.stop()
    transport.close()


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


async def test_who_may_not_act_any_more_says_and_writes_nothing(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    fence = Fence(3)
    app = SiteApp(parse_config(config_of(tmp_path, port), source="f"), fence)
    await app.start()
    assert await asks(port)
    journal = tmp_path / "state.json.journal"
    before = (journal.read_bytes(), (tmp_path / "state.json").read_bytes())
    fence.drop()
    assert not await asks(port)
    app.told("standby_missing", "nobody hears this")
    await app.abandon()
    assert (journal.read_bytes(), (tmp_path / "state.json").read_bytes()) == before


async def test_a_second_process_is_told_and_changes_nothing(tmp_path: Path) -> None:
    config = parse_config(config_of(tmp_path), source="f")
    app = SiteApp(config)
    state = (tmp_path / "state.json").read_bytes()
    with pytest.raises(StartError, match="another site agent writes it"):
        SiteApp(config)
    assert (tmp_path / "state.json").read_bytes() == state
    await app.stop()
