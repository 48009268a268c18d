"""A caller whom an agent holds hears the site's music: two telephones that are not ours, and their
sound as it came over RTP."""

from __future__ import annotations

import asyncio
import wave
from pathlib import Path

import pytest
from acd_on_sockets import AcdOnSockets, free_port
from baresip import Baresip, baresip_program

from nrcli.wire.messages import AgentState
from site_agent.adapters.base import AgentChanged, CallConnected, CallEnded
from site_agent.adapters.sip_acd.settings import (
    AgentSettings,
    QueueSettings,
    SipAcdSettings,
    TrunkGroupSettings,
)

pytestmark = [
    pytest.mark.services,
    pytest.mark.skipif(baresip_program() is None, reason="baresip is not installed"),
]

AUDIBLE = 500
"Of 32,768: what the phones say is digital silence, the music is far above this."
GAP = 10
"Tenths of a second without music that a busy machine may cause; far below what is a silence."


def site() -> SipAcdSettings:
    return SipAcdSettings(
        trunk_groups=(
            TrunkGroupSettings(name="carrier", listen=("127.0.0.1", 0), numbers={"*": "sales"}),
        ),
        queues=(QueueSettings(name="sales"),),
        agents=(AgentSettings(name="anna", queues={"sales": 5}),),
    )


def phone(folder: Path, uri: str, more: str) -> Baresip:
    """A telephone that speaks G.711, says nothing, and keeps what it hears."""
    account = f"<sip:{uri};transport=udp>;audio_codecs=PCMU,PCMA;{more}"
    return Baresip(folder, account=account, keeps_sound=True)


async def until(acd: AcdOnSockets, state: AgentState) -> None:
    """Wait for the agent's state."""
    for _ in range(400):
        if [event.state for event in acd.told(AgentChanged)][-1:] == [state]:
            return
        await asyncio.sleep(0.05)
    raise TimeoutError(f"the agent is not {state.value}")


def heard(phone_folder: Path) -> list[bool]:
    """What a phone played, in tenths of a second: was it audible?"""
    (found,) = phone_folder.glob("*-dec.wav")
    with wave.open(str(found), "rb") as sound:
        tenth = sound.getframerate() * sound.getnchannels() * sound.getsampwidth() // 10
        data = sound.readframes(sound.getnframes())
    return [_loudest(data[at : at + tenth]) > AUDIBLE for at in range(0, len(data), tenth)]


def _loudest(data: bytes) -> int:
    words = memoryview(data[: len(data) // 2 * 2]).cast("h")
    return max((abs(word) for word in words), default=0)


async def test_a_caller_on_hold_hears_the_sites_music(tmp_path: Path) -> None:
    async with AcdOnSockets(site()) as acd:
        host, port = acd.agents
        anna = phone(tmp_path / "anna", f"anna@{host}:{port}", "answermode=auto;regint=60")
        trunk = acd.addresses["carrier"]
        caller = phone(tmp_path / "caller", f"caller@127.0.0.1:{free_port()}", "regint=0")
        with anna, caller:
            await until(acd, AgentState.READY)
            to = f"sip:+351210000001@{trunk[0]}:{trunk[1]}"
            await asyncio.to_thread(caller.do, "dial", to)
            assert (await acd.wait_for(CallConnected)).agent == "anna"
            await asyncio.sleep(1.5)
            await asyncio.to_thread(anna.do, "hold")
            await asyncio.sleep(4.0)
            await asyncio.to_thread(anna.do, "resume")
            await asyncio.sleep(2.0)
            await asyncio.to_thread(caller.do, "hangup")
            await acd.wait_for(CallEnded)
    assert acd.is_clean()
    sound = heard(tmp_path / "caller")
    shown = "".join("#" if one else "." for one in sound)
    assert shown.strip(".").count("#") > 25, shown
    assert "." * GAP not in shown.strip("."), "the music goes on as long as the hold"
    assert shown.startswith("." * 5) and shown.endswith("." * 5), "before and after anna is heard"
