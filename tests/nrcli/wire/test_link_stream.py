"""The pump between a session and a pipe, on a pipe of our own making."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import grpc
import pytest
from link_ends import eventually

from nrcli.wire.codec import Codec, Speaker
from nrcli.wire.link_greeting import Rhythm, SiteGreeting
from nrcli.wire.link_lanes import Message
from nrcli.wire.link_session import LinkEnd, LinkSession, LinkSettings
from nrcli.wire.link_stream import (
    STATUS,
    LinkStream,
    PipeBroken,
    StreamOwner,
    TransportSettings,
    boottime_s,
    end_of,
    hear_out,
)
from nrcli.wire.messages import Epoch, Hello, Leading, LeadingAck, Welcome

CODEC = Codec()
EPOCH = Epoch(generation=1, revision=1)
WELCOME = Welcome(node="n1", version=2, heartbeat_s=0.5, silence_s_max=2.0)


class QueuePipe:
    """What the other end says is put into `inward`; what we say is found in `outward`."""

    def __init__(self) -> None:
        self.inward: asyncio.Queue[bytes | LinkEnd | None] = asyncio.Queue()
        self.outward: list[bytes] = []

    async def read(self) -> bytes | None:
        data = await self.inward.get()
        if isinstance(data, LinkEnd):
            raise PipeBroken(data)
        return data

    async def write(self, data: bytes) -> None:
        self.outward.append(data)

    def say(self, seq: int, ack: int, *messages: Message) -> None:
        self.inward.put_nowait(CODEC.join(seq, ack, [CODEC.encode(m) for m in messages]))


def new_stream(pipe: QueuePipe, heard: list[Message], greeting_s_max: float = 5.0) -> LinkStream:
    session = LinkSession(
        LinkSettings(rhythm=Rhythm(), greeting_s_max=greeting_s_max),
        greeting=SiteGreeting(Hello(site="lisbon", incarnation=1)),
        encode=CODEC.encode,
        now_s=boottime_s(),
    )
    return LinkStream(
        session=session,
        pipe=pipe,
        codec=CODEC,
        hears=Speaker.NODE,
        owner=StreamOwner(
            on_up=lambda stream: stream.send(LeadingAck(domain="d", epoch=EPOCH)) or None,
            on_message=heard.append,
        ),
    )


async def test_it_carries_messages_until_the_other_end_closes() -> None:
    pipe, heard = QueuePipe(), list[Message]()
    stream = new_stream(pipe, heard)
    leading = Leading(domain="d", epoch=EPOCH, node="n1")
    running = asyncio.create_task(stream.run())
    async with asyncio.timeout(5):
        await eventually(lambda: len(pipe.outward) == 1)
        pipe.say(1, 1, WELCOME, leading)
        await eventually(lambda: len(pipe.outward) == 2)
        pipe.inward.put_nowait(None)
        end = await running
    assert heard == [leading]
    assert end == LinkEnd(code="closed", reason="the other end closed the stream")
    said = [CODEC.decode(data, Speaker.SITE).messages for data in pipe.outward]
    assert said == [
        (Hello(site="lisbon", incarnation=1),),
        (LeadingAck(domain="d", epoch=EPOCH),),
    ]


@pytest.mark.parametrize(
    ("bad", "code"),
    [
        (b"\xff", "protocol"),
        (CODEC.join(5, 0, []), "sequence"),
        (LinkEnd(code="identity", reason="no", refused=True), "identity"),
    ],
)
async def test_it_ends_on_bad_bytes_and_on_a_broken_pipe(bad: bytes | LinkEnd, code: str) -> None:
    pipe = QueuePipe()
    pipe.inward.put_nowait(bad)
    async with asyncio.timeout(5):
        end = await new_stream(pipe, []).run()
    assert end.code == code


async def test_it_ends_when_nothing_comes() -> None:
    async with asyncio.timeout(5):
        end = await new_stream(QueuePipe(), [], greeting_s_max=0.05).run()
    assert end == LinkEnd(code="silence", reason="no greeting for 0.05 s")


async def test_after_a_stall_of_our_own_what_waits_is_heard_first() -> None:
    """The clock jumps over the limit while a frame lies in the pipe: the link stands."""
    pipe, jump = QueuePipe(), [0.0]
    stream = new_stream(pipe, [])
    stream._now = lambda: boottime_s() + jump[0]
    running = asyncio.create_task(stream.run())
    async with asyncio.timeout(10):
        await eventually(lambda: pipe.outward)
        pipe.say(1, 1, replace(WELCOME, silence_s_max=0.6))
        await eventually(lambda: stream.session.other)
        jump[0] = 60.0
        asyncio.get_running_loop().call_later(0.65, pipe.say, 2, 1)
        await asyncio.sleep(1.0)
        assert stream.session.ended is None
        stream.close("closed", "enough")
        await running


def test_statuses_and_ends() -> None:
    refused = end_of(grpc.StatusCode.PERMISSION_DENIED, "identity: who are you: a stranger?")
    assert refused == LinkEnd(code="identity", reason="who are you: a stranger?", refused=True)
    draining = end_of(grpc.StatusCode.UNAVAILABLE, "draining: node n1 is stopping")
    assert (draining.code, draining.refused) == ("draining", False)
    lost = end_of(grpc.StatusCode.UNAVAILABLE, "identity: not with this status")
    assert lost.code == "closed"
    assert end_of(grpc.StatusCode.UNAVAILABLE, None).reason == "unavailable: no details"
    assert "protocol" in STATUS


def test_options_of_both_ends_agree_on_pings_and_sizes() -> None:
    settings = TransportSettings(keepalive_s=2.0)
    for options in (dict(settings.server_options()), dict(settings.channel_options())):
        assert options["grpc.keepalive_time_ms"] == 2000
        assert options["grpc.http2.min_recv_ping_interval_without_data_ms"] < 2000
        assert options["grpc.max_receive_message_length"] == settings.limits.frame_bytes_max


class RefusedContext:
    """A client that says one frame, or nothing."""

    def __init__(self, *frames: bytes) -> None:
        self.frames = list(frames)

    async def read(self) -> bytes:
        if not self.frames:
            await asyncio.Event().wait()
        return self.frames.pop()


async def test_who_is_refused_is_heard_out_but_not_for_ever(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("nrcli.wire.link_stream.HEAR_OUT_S_MAX", 0.01)
    said = RefusedContext(b"hello")
    await hear_out(said)
    assert said.frames == []
    await hear_out(RefusedContext())
