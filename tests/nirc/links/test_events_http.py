"""The live stream over a socket: what readers get, and what becomes of slow ones."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from time import monotonic
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from node_views import MadeReport

from nirc.config import EventsConfig
from nirc.links.events_http import EventsHttp
from nirc.links.live_changes import NodePicture, picture_of
from nrcli.wire.live_models import Snapshot

QUICK = EventsConfig(sample_s=0.1, share_max=1.0, heartbeat_s=30.0)
WAIT_S = 10.0
RUN = "run"


@dataclass
class Event:
    """One event as a reader parses it; a heartbeat has no name."""

    id: str = ""
    name: str = ""
    data: Any = None


class Stream:
    """One node's stream."""

    def __init__(self, settings: EventsConfig) -> None:
        self.made = MadeReport()
        self.fault: Exception | None = None
        self.looks_count = 0
        self.events = EventsHttp(picture=self._picture, run=RUN, settings=settings, now_s=monotonic)
        self.url = ""

    def _picture(self) -> NodePicture:
        self.looks_count += 1
        self.made.now_s += 1.0
        fault, self.fault = self.fault, None
        if fault is not None:
            raise fault
        return picture_of(self.made.report, 3)

    def wait(self, count: int) -> None:
        """So many calls wait in the first queue now."""
        view = self.made.view
        site = view.sites[0]
        queues = (replace(site.queues[0], waiting_count=count), *site.queues[1:])
        changed = replace(site, version=site.version + 1, queues=queues)
        self.made.view = replace(view, sites=(changed,))

    @asynccontextmanager
    async def read(
        self, query: str = "", last_id: str = ""
    ) -> AsyncIterator[Callable[[], Awaitable[Event]]]:
        headers = {"Last-Event-ID": last_id} if last_id else {}
        async with (
            aiohttp.ClientSession() as session,
            session.get(self.url + query, headers=headers) as answer,
        ):
            assert answer.status == 200
            assert answer.content_type == "text/event-stream"
            assert await answer.content.readuntil(b"\n\n") == b"retry: 1000\n\n"

            async def event() -> Event:
                async with asyncio.timeout(WAIT_S):
                    text = (await answer.content.readuntil(b"\n\n")).decode()
                fields = dict(line.split(": ", 1) for line in text.splitlines() if line.strip(":"))
                data = json.loads(fields["data"]) if fields else None
                return Event(fields.get("id", ""), fields.get("event", ""), data)

            yield event


@asynccontextmanager
async def served(settings: EventsConfig = QUICK) -> AsyncIterator[Stream]:
    stream = Stream(settings)
    app = web.Application()
    app.add_routes(stream.events.routes())
    runner = web.AppRunner(app, shutdown_timeout=1.0)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    stream.url = f"http://127.0.0.1:{runner.addresses[0][1]}/api/v1/events"
    stream.events.start()
    try:
        yield stream
    finally:
        await stream.events.stop()
        await runner.cleanup()


async def test_first_everything_then_what_changes() -> None:
    async with served() as stream, stream.read() as event:
        first = await event()
        assert first.name == "reset"
        snapshot = Snapshot.model_validate(first.data)
        assert snapshot.status is not None and len(snapshot.queues) == 2
        stream.wait(5)
        site, queue = await event(), await event()
        assert (site.name, site.data["waiting_count"]) == ("site", 9)
        assert (queue.name, queue.data["waiting_count"]) == ("queue", 5)
        numbers = [int(one.id.removeprefix("run-")) for one in (first, site, queue)]
        assert numbers == list(range(numbers[0], numbers[0] + 3))


async def test_whoever_comes_back_goes_on_where_they_were() -> None:
    async with served() as stream:
        async with stream.read() as event:
            last_id = (await event()).id
        stream.wait(7)
        async with stream.read(last_id=last_id) as event:
            assert [(await event()).name, (await event()).name] == ["site", "queue"]
        async with stream.read(last_id="another-run-1") as event:
            assert (await event()).name == "reset"


async def test_a_reader_that_is_too_far_behind_begins_again() -> None:
    settings = QUICK.model_copy(update={"kept_max": 4})
    async with served(settings) as stream:
        async with stream.read() as event:
            first = await event()
            for count in range(6):
                stream.wait(count)
                await event()
                await event()
        async with stream.read(last_id=first.id) as event:
            again = await event()
        assert again.name == "reset" and again.data["queues"][0]["waiting_count"] == 5


async def test_a_reader_chooses_kinds() -> None:
    async with served() as stream, stream.read("?kinds=queue,alarm,call") as event:
        first = await event()
        assert list(first.data) == ["queues", "calls", "alarms"]
        stream.wait(5)
        assert (await event()).name == "queue"
        stream.made.alarms.raise_alarm("c", "p", "t")
        raised = await event()
        assert (raised.name, raised.data["code"]) == ("alarm", "c")
        stream.made.alarms.clear("c", "p")
        over = await event()
        assert (over.name, over.data) == ("gone", {"kind": "alarm", "key": "c/p"})


async def test_one_reader_too_many_is_told_to_come_again() -> None:
    settings = QUICK.model_copy(update={"readers_max": 1})
    async with served(settings) as stream:
        async with stream.read() as event, aiohttp.ClientSession() as session:
            await event()
            async with session.get(stream.url) as answer:
                assert (answer.status, answer.headers["Retry-After"]) == (503, "5")
        async with asyncio.timeout(WAIT_S):
            while stream.events.readers_count:
                stream.wait(stream.looks_count)  # something to write shows that nobody is there
                await asyncio.sleep(0.02)
        async with stream.read() as event:
            assert (await event()).name == "reset"


async def test_a_quiet_stream_says_that_it_lives() -> None:
    settings = QUICK.model_copy(update={"heartbeat_s": 0.15})
    async with served(settings) as stream, stream.read("?kinds=alarm") as event:
        assert (await event()).name == "reset"
        assert await event() == Event()


async def test_nobody_looks_while_nobody_reads() -> None:
    async with served() as stream:
        await asyncio.sleep(0.3)
        assert stream.looks_count == 0


async def test_a_fault_of_ours_in_one_look_ends_no_stream(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with served() as stream:
        stream.fault = KeyError("ours")
        async with stream.read() as event:
            assert (await event()).name == "reset"
    assert "could not look" in caplog.text


async def test_all_are_sent_away_when_the_node_ends() -> None:
    async with (
        served() as stream,
        aiohttp.ClientSession() as session,
        session.get(stream.url) as answer,
    ):
        await answer.content.readuntil(b"\n\n")
        await stream.events.stop()
        async with asyncio.timeout(WAIT_S):
            await answer.content.read()
        async with session.get(stream.url) as late:
            assert late.status == 503


async def test_a_reader_that_takes_nothing_is_dropped_and_the_others_are_not() -> None:
    settings = QUICK.model_copy(update={"write_s_max": 0.2})
    async with served(settings) as stream, stream.read("?kinds=alarm") as event:
        assert (await event()).name == "reset"
        port = int(stream.url.split(":")[2].split("/")[0])
        slow = socket.socket()
        slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        slow.setblocking(False)
        loop = asyncio.get_running_loop()
        await loop.sock_connect(slow, ("127.0.0.1", port))
        ask = b"GET /api/v1/events?kinds=alarm HTTP/1.1\r\nHost: x\r\n\r\n"
        await loop.sock_sendall(slow, ask)
        stream.made.alarms.raise_alarm("c", "p", "short, for it is logged")
        await event()
        async with asyncio.timeout(3 * WAIT_S):
            number = 0
            while not stream.events.dropped_count:
                number += 1
                stream.made.alarms.raise_alarm("c", "p", "x" * (400_000 + number))
                assert len((await event()).data["text"]) == 400_000 + number
        slow.close()
        stream.made.alarms.clear("c", "p")
        assert (await event()).name == "gone"
        assert stream.events.readers_count == 1


async def test_looking_takes_no_more_than_its_share() -> None:
    settings = QUICK.model_copy(update={"share_max": 0.01})
    clock = iter(range(1_000_000))
    async with served(settings) as stream:
        stream.events._now_s = lambda: next(clock) * 0.01  # each look takes 10 ms, so 1 s of rest
        async with stream.read() as event:
            await event()
            await asyncio.sleep(0.5)
        assert stream.looks_count == 1
