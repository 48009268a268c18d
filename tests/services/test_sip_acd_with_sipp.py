"""The built-in ACD on real sockets, with stock sipp as callers and agents."""

from __future__ import annotations

import asyncio
import base64
import dataclasses
import itertools
import shutil
import time
from pathlib import Path
from typing import Any

import pytest
from sipp import SCENARIOS

from nirc.demo.ports import PortTaker
from nrcli.sip.sip_transport import SipTransport
from nrcli.wire.messages import AgentState, TransferMethod
from site_agent.adapters.base import (
    AgentChanged,
    CallConnected,
    CallEnded,
    CallOffered,
    MoveProgress,
    StartMove,
)
from site_agent.adapters.sip_acd.adapter import SipAcd
from site_agent.adapters.sip_acd.media import PlayMedia, StopMedia
from site_agent.adapters.sip_acd.media_player import MediaPlayer
from site_agent.adapters.sip_acd.settings import (
    AgentSettings,
    QueueSettings,
    SipAcdSettings,
    TrunkGroupSettings,
)
from site_agent.sip.settings import SipSettings
from site_agent.sip.signals import SendBytes
from site_agent.sip.user_agent import UserAgent

pytestmark = [
    pytest.mark.services,
    pytest.mark.skipif(shutil.which("sipp") is None, reason="sipp is not installed"),
]


free_port = PortTaker()


class Runner:
    """SIP sockets, media player and timers around one ACD; `move` answers each call with a 302."""

    def __init__(self, settings: SipAcdSettings, *, move: str = "") -> None:
        ids = itertools.count()
        self.acd = SipAcd(settings, UserAgent(SipSettings(), self.new_id), lambda: f"c{next(ids)}")
        self.transport = SipTransport(self.on_data, lambda peer: None)
        self.player = MediaPlayer()
        self.settings = settings
        self.events: list[Any] = []
        self.move = move
        self._ids = itertools.count()

    def new_id(self) -> str:
        return f"t{next(self._ids):x}"

    async def start(self) -> None:
        for group in self.settings.trunk_groups:
            self.bound = await self.listen(*group.listen)
            self.acd.trunk_bound(group.name, self.bound)
        self.acd.agents_bound(await self.listen(*self.settings.agents_listen))
        self.acd.media_bound(await self.player.start("127.0.0.1", 0))
        self.task = asyncio.create_task(self.tick())

    async def listen(self, host: str, port: int) -> tuple[str, int]:
        """Both transports on one port; a port that is free for one only is given up."""
        for _ in range(20):
            try:
                return await self.transport.listen(host, port)
            except OSError:
                continue
        raise AssertionError("no free port")

    async def stop(self) -> None:
        self.task.cancel()
        await self.player.stop()
        await self.transport.close()

    async def tick(self) -> None:
        while True:
            await asyncio.sleep(0.01)
            self.take(self.acd.fire(time.monotonic()))

    def on_data(self, data: bytes, peer: Any) -> None:
        self.take(self.acd.receive(data, peer, time.monotonic()))

    def take(self, outcomes: list[Any]) -> None:
        for outcome in outcomes:
            if isinstance(outcome, SendBytes):
                self.transport.send(outcome.peer, outcome.data)
            elif isinstance(outcome, PlayMedia | StopMedia):
                self.player.carry_out(outcome)
            else:
                self.events.append(outcome)
                if self.move and isinstance(outcome, CallOffered):
                    command = StartMove(
                        call_id=outcome.call_id,
                        move_id="m",
                        method=TransferMethod.REDIRECT_302,
                        address=self.move,
                    )
                    self.take(self.acd.command(command, time.monotonic()))

    def count(self, kind: type) -> int:
        return sum(isinstance(event, kind) for event in self.events)


async def sipp(folder: Path, *arguments: str) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        "sipp", *arguments, "-nostdin", "-trace_err", "-timeout", "40", "-timeout_error",
        cwd=folder, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip


def errors_of(folder: Path) -> str:
    """What sipp complained about, the beginning of each complaint file."""
    return "\n".join(path.read_text()[:1500] for path in sorted(folder.glob("*_errors.log")))


def settings_for(agent_port: int, agents: int, **trunk: Any) -> SipAcdSettings:
    carrier = TrunkGroupSettings(
        name="carrier",
        listen=("127.0.0.1", 0),
        numbers={"*": "sales"},
        channels_max=1000,
        **trunk,
    )
    contact = f"sip:agent@127.0.0.1:{agent_port}"
    return SipAcdSettings(
        trunk_groups=(carrier,),
        queues=(QueueSettings(name="sales", places_max=1000),),
        agents=tuple(
            AgentSettings(name=f"a{n}", queues={"sales": 5}, contact=contact) for n in range(agents)
        ),
    )


@pytest.mark.parametrize("transport", ["u1", "t1"])
async def test_stock_sipp_calls_and_serves(tmp_path, transport):
    agent_port, calls = free_port(), 60
    settings = settings_for(agent_port, 60)
    runner = Runner(settings)
    await runner.start()
    agent = await sipp(tmp_path, "-sn", "uas", "-i", "127.0.0.1", "-p", str(agent_port))
    host, port = runner.bound
    caller = await sipp(
        tmp_path, "-sn", "uac", f"{host}:{port}", "-i", "127.0.0.1", "-p", str(free_port()),
        "-s", "sales", "-m", str(calls), "-r", "40", "-d", "300", "-t", transport,
    )  # fmt: skip
    try:
        code = await asyncio.wait_for(caller.wait(), 50)
        assert code == 0, errors_of(tmp_path)
        await asyncio.sleep(0.2)
    finally:
        agent.kill()
        await agent.wait()
        await runner.stop()
    assert runner.count(CallOffered) == runner.count(CallEnded) == calls
    assert runner.count(CallConnected) == calls
    assert not runner.acd._desk.calls and not runner.acd._desk.legs


REDIRECTED = """<?xml version="1.0"?>
<scenario name="redirected caller">
  <send retrans="500"><![CDATA[
INVITE sip:[service]@[remote_ip]:[remote_port] SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
From: <sip:caller@[local_ip]:[local_port]>;tag=[call_number]
To: <sip:[service]@[remote_ip]:[remote_port]>
Call-ID: [call_id]
CSeq: 1 INVITE
Contact: <sip:caller@[local_ip]:[local_port]>
Max-Forwards: 70
Content-Type: application/sdp
Content-Length: [len]

v=0
o=- 1 1 IN IP[local_ip_type] [local_ip]
s=-
c=IN IP[media_ip_type] [media_ip]
t=0 0
m=audio [media_port] RTP/AVP 0

]]></send>
  <recv response="100" optional="true"/>
  <recv response="180" optional="true"/>
  <recv response="302">
    <action><ereg regexp="nirc-x@127.0.0.1:PORT" search_in="hdr" header="Contact:" case_indep="true"
      check_it="true" assign_to="1"/></action>
  </recv>
  <send><![CDATA[
ACK sip:[service]@[remote_ip]:[remote_port] SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch-4]
From: <sip:caller@[local_ip]:[local_port]>;tag=[call_number]
[last_To:]
Call-ID: [call_id]
CSeq: 1 ACK
Max-Forwards: 70
Content-Length: 0

]]></send>
  <Reference variables="1"/>
</scenario>
"""


async def test_callers_are_redirected_by_302(tmp_path):
    calls = 200
    runner = Runner(settings_for(free_port(), 0))
    await runner.start()
    runner.move = "sip:nirc-x@{}:{}".format(*runner.bound)
    host, port = runner.bound
    (tmp_path / "caller.xml").write_text(REDIRECTED.replace("PORT", str(port)))
    caller = await sipp(
        tmp_path, "-sf", "caller.xml", f"{host}:{port}", "-i", "127.0.0.1",
        "-p", str(free_port()), "-s", "sales", "-m", str(calls), "-r", "200",
    )  # fmt: skip
    try:
        code = await asyncio.wait_for(caller.wait(), 50)
        assert code == 0, errors_of(tmp_path)
        await asyncio.sleep(0.2)
    finally:
        await runner.stop()
    assert runner.count(MoveProgress) == runner.count(CallEnded) == calls
    assert not runner.acd._desk.calls


async def serve(folder: Path, runner: Runner, agent_port: int, agents: tuple[str, ...]) -> None:
    """One caller with attached data; each scenario of `agents` is one agent's phone."""
    await runner.start()
    phones = [
        await sipp(
            folder, "-sf", str(SCENARIOS / scenario), "-i", "127.0.0.1", "-p", str(agent_port + n),
            "-trace_logs", "-log_file", f"agent{n}.log",
        )
        for n, scenario in enumerate(agents)
    ]  # fmt: skip
    host, port = runner.bound
    caller = await sipp(
        folder, "-sf", str(SCENARIOS / "caller_with_data.xml"), f"{host}:{port}",
        "-i", "127.0.0.1", "-p", str(free_port()), "-s", "sales", "-m", "1",
        "-key", "nirc_data", base64.urlsafe_b64encode(DATA).decode(),
    )  # fmt: skip
    try:
        assert await asyncio.wait_for(caller.wait(), 50) == 0, errors_of(folder)
        await asyncio.sleep(0.2)
    finally:
        for phone in phones:
            phone.kill()
            await phone.wait()
        await runner.stop()
    assert runner.count(CallOffered) == runner.count(CallEnded) == 1
    assert not runner.acd._desk.calls and not runner.acd._desk.legs


DATA = b'{"customer":"C0815"}'


def phones_for(count: int, **trunk: Any) -> tuple[int, SipAcdSettings]:
    """Settings with agents whose phones listen on ports next to one another."""
    taken = [free_port() for _ in range(count)]
    while taken[-1] - taken[0] != count - 1:
        taken = [*taken[1:], free_port()]
    first = taken[0]
    agents = tuple(
        AgentSettings(name=f"a{n}", queues={"sales": 9 - n}, contact=f"sip:a@127.0.0.1:{first + n}")
        for n in range(count)
    )
    settings = settings_for(first, 0, answer_after_s=30.0, **trunk)
    queues = (QueueSettings(name="sales", ring_s=1.0),)
    return first, dataclasses.replace(settings, agents=agents, queues=queues)


async def test_data_of_an_ivr_peer_reaches_the_agent(tmp_path):
    port, settings = phones_for(1, ivr_peers=("127.0.0.1/32",))
    await serve(tmp_path, Runner(settings), port, ("agent_answers.xml",))
    told = (tmp_path / "agent0.log").read_text()
    sent = told.partition("data=")[2].strip()
    assert base64.urlsafe_b64decode(sent + "=" * (-len(sent) % 4)) == DATA


async def test_data_from_a_peer_that_is_no_ivr_is_not_believed(tmp_path):
    port, settings = phones_for(1, ivr_peers=("127.0.0.9/32",))
    runner = Runner(settings)
    await serve(tmp_path, runner, port, ("agent_answers.xml",))
    told = (tmp_path / "agent0.log").read_text()
    assert "data=" in told and told.partition("data=")[2].strip() == ""
    assert [event.data for event in runner.events if isinstance(event, CallOffered)] == [b""]


@pytest.mark.parametrize("trouble", ["agent_silent.xml", "agent_refuses.xml"])
async def test_an_agent_who_does_not_take_the_call_is_followed_by_one_who_does(tmp_path, trouble):
    port, settings = phones_for(2)
    runner = Runner(settings)
    await serve(tmp_path, runner, port, (trouble, "agent_answers.xml"))
    assert [event.agent for event in runner.events if isinstance(event, CallConnected)] == ["a1"]
    states = [e.state for e in runner.events if isinstance(e, AgentChanged) and e.agent == "a0"]
    assert states[-1] is AgentState.NOT_READY
