"""A telephone that is not ours: baresip registers with its password, is rung, talks, hangs up."""

from __future__ import annotations

import asyncio
import dataclasses
from pathlib import Path

import pytest
from acd_on_sockets import AcdOnSockets, free_port
from baresip import Baresip, baresip_program
from sip_certificates import tls_files
from sipp import Sipp

from nrcli.wire.messages import AgentState
from site_agent.adapters.base import AgentChanged, CallConnected, CallEnded
from site_agent.adapters.sip_acd.settings import (
    AgentSettings,
    QueueSettings,
    SipAcdSettings,
    TlsPaths,
    TrunkGroupSettings,
)
from site_agent.sip.digest_server import DigestSettings

pytestmark = [
    pytest.mark.services,
    pytest.mark.skipif(baresip_program() is None, reason="baresip is not installed"),
]


def site(*algorithms: str) -> SipAcdSettings:
    return SipAcdSettings(
        trunk_groups=(
            TrunkGroupSettings(name="carrier", listen=("127.0.0.1", 0), numbers={"*": "sales"}),
        ),
        queues=(QueueSettings(name="sales"),),
        agents=(AgentSettings(name="anna", queues={"sales": 5}, password="a-long-secret"),),
        digest=DigestSettings(algorithms=algorithms or ("MD5",)),
    )


def phone(
    folder: Path,
    acd: AcdOnSockets,
    *,
    password: str = "a-long-secret",
    transport: str = "udp",
    ca: Path | None = None,
) -> Baresip:
    host, port = acd.agents
    account = (
        f"<sip:anna@{host}:{port};transport={transport}>;auth_user=anna;auth_pass={password};"
        "answermode=auto;regint=60;audio_codecs=PCMU,PCMA"
    )
    certificate = f"sip_cafile {ca}\nsip_verify_server yes" if ca else ""
    return Baresip(folder / "phone", account=account, certificate=certificate)


async def is_ready(acd: AcdOnSockets) -> None:
    for _ in range(400):
        states = [event.state for event in acd.told(AgentChanged)]
        if states[-1:] == [AgentState.READY]:
            return
        await asyncio.sleep(0.05)
    raise TimeoutError("the agent's phone did not register")


async def test_baresip_registers_with_digest_answers_and_is_hung_up(tmp_path: Path) -> None:
    async with AcdOnSockets(site()) as acd:
        with phone(tmp_path, acd):
            await is_ready(acd)
            host, port = acd.addresses["carrier"]
            caller = Sipp(
                tmp_path,
                name="caller",
                scenario="uac",
                local=("127.0.0.1", free_port()),
                remote=f"{host}:{port}",
                pause_ms=1500,
            )
            (await asyncio.to_thread(caller.finish)).assert_passed()
            assert (await acd.wait_for(CallConnected)).agent == "anna"
            await acd.wait_for(CallEnded)
            await is_ready(acd)
    assert acd.is_clean()


async def test_the_agent_hangs_up_at_baresip(tmp_path: Path) -> None:
    async with AcdOnSockets(site()) as acd:
        with phone(tmp_path, acd) as anna:
            await is_ready(acd)
            host, port = acd.addresses["carrier"]
            caller = Sipp(
                tmp_path,
                name="caller",
                scenario="caller_plain.xml",
                local=("127.0.0.1", free_port()),
                remote=f"{host}:{port}",
            )
            await acd.wait_for(CallConnected)
            await asyncio.to_thread(anna.do, "hangup")
            (await asyncio.to_thread(caller.finish)).assert_passed()
            assert (await acd.wait_for(CallEnded)).released_by == "agent"
    assert acd.is_clean()


async def test_a_wrong_password_registers_nobody(tmp_path: Path) -> None:
    async with AcdOnSockets(site()) as acd:
        with phone(tmp_path, acd, password="guess") as anna:
            await asyncio.to_thread(anna.wait_for, "403")
            assert AgentState.READY not in [event.state for event in acd.told(AgentChanged)]


async def test_baresip_registers_and_talks_over_tls(tmp_path: Path) -> None:
    files = tls_files(tmp_path, "site")
    settings = dataclasses.replace(
        site(),
        agents_transports=("tls",),
        tls=TlsPaths(ca=str(files.ca), cert=str(files.cert), key=str(files.key)),
    )
    async with AcdOnSockets(settings) as acd:
        with phone(tmp_path, acd, transport="tls", ca=files.ca):
            await is_ready(acd)
            host, port = acd.addresses["carrier"]
            caller = Sipp(
                tmp_path,
                name="caller",
                scenario="uac",
                local=("127.0.0.1", free_port()),
                remote=f"{host}:{port}",
                pause_ms=800,
            )
            (await asyncio.to_thread(caller.finish)).assert_passed()
            assert (await acd.wait_for(CallConnected)).agent == "anna"
            await acd.wait_for(CallEnded)
    assert acd.is_clean()
