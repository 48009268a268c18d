"""A call's messages are given masked; whole only where the file allows it, and that is logged."""

from __future__ import annotations

import asyncio
from urllib.parse import quote

import aiohttp
import pytest
from aiohttp import web

from nrcli.sip.flow import Peer
from nrcli.sip.trace_ring import TraceRing
from nrcli.wire.messages import Heartbeat, TraceAsk, TraceTold
from nrcli.wire.trace_models import CallTrace, unpacked
from site_agent.links.trace_http import TraceHttp
from site_agent.trace_config import TraceConfig

CARRIER = Peer("udp", ("10.0.0.1", 5060), ("2001:db8::9", 5080))
INVITE = b"INVITE sip:+351912345678@h SIP/2.0\r\nCall-ID: caller-1\r\n\r\n"
CALL = "lisbon/17/1"
CLOCKS = (lambda: 10.0, lambda: 1010.0)


def http_of(config: TraceConfig, heard: int = 1) -> TraceHttp:
    ring = TraceRing(config.limits)
    ring.note(4.0, (CALL, "caller-1"))
    for number in range(heard):
        ring.put(5.0 + number, number % 2 == 1, CARRIER, INVITE)
    return TraceHttp("lisbon", ring, config, *CLOCKS)


async def asked(http: TraceHttp, call: str, more: str = "") -> tuple[int, str]:
    app = web.Application()
    app.router.add_routes(http.routes())
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host, port = runner.addresses[0][:2]
    url = f"http://{host}:{port}/api/v1/calls/{quote(call, safe='')}/trace{more}"
    try:
        async with aiohttp.ClientSession() as session, session.get(url) as reply:
            return reply.status, await reply.text()
    finally:
        await runner.cleanup()


async def test_messages_are_told_masked_with_the_time_on_the_wall() -> None:
    status, text = await asked(http_of(TraceConfig(), 2), CALL)
    told = CallTrace.model_validate_json(text)
    assert status == 200 and "912345678" not in text
    assert [(one.at_unix_s, one.sent) for one in told.messages] == [(1005.0, False), (1006.0, True)]
    assert told.messages[0].remote == "[2001:db8::9]:5080"
    assert (told.now_unix_s, told.unmasked, told.notes) == (1010.0, False, [])


async def test_whole_only_where_the_file_allows_it(caplog: pytest.LogCaptureFixture) -> None:
    assert (await asked(http_of(TraceConfig()), CALL, "/unmasked"))[0] == 403
    status, text = await asked(http_of(TraceConfig(unmasked=True)), CALL, "/unmasked")
    assert status == 200 and "+351912345678" in text
    assert "was shown unmasked" in caplog.text
    assert "912345678" not in (await asked(http_of(TraceConfig(unmasked=True)), CALL))[1]


async def test_what_is_missing_is_said() -> None:
    none = CallTrace.model_validate_json((await asked(http_of(TraceConfig()), "nobody-1"))[1])
    assert none.messages == [] and none.notes == []
    off = CallTrace.model_validate_json(
        (await asked(http_of(TraceConfig(messages_max=0)), CALL))[1]
    )
    assert "keeps no SIP messages" in off.notes[0]
    silent = TraceHttp("faro", TraceRing(TraceConfig().limits), TraceConfig(), *CLOCKS)
    assert "speaks it itself" in (await asked(silent, CALL))[1]


async def answered(http: TraceHttp, ask: TraceAsk) -> CallTrace:
    told: list[TraceTold] = []
    whole = asyncio.Event()

    def send(part: TraceTold) -> None:
        told.append(part)
        if len(told) == part.parts_count:
            whole.set()

    assert http.asked(ask, send)
    async with asyncio.timeout(5):
        await whole.wait()
    assert {one.id for one in told} == {ask.id}
    assert [one.part for one in told] == list(range(len(told)))
    return unpacked([one.data for one in told])


async def test_a_node_that_asks_is_answered_in_parts() -> None:
    told = await answered(http_of(TraceConfig()), TraceAsk(id="7", call=CALL))
    assert len(told.messages) == 1 and "912345678" not in told.messages[0].message
    assert not http_of(TraceConfig()).asked(Heartbeat(), print)


async def test_a_node_too_is_told_whole_numbers_only_where_the_file_allows_it() -> None:
    ask = TraceAsk(id="7", call=CALL, unmasked=True)
    masked = await answered(http_of(TraceConfig()), ask)
    assert "912345678" not in masked.model_dump_json() and not masked.unmasked
    assert "trace.unmasked: true" in masked.notes[0]
    assert (
        "912345678" in (await answered(http_of(TraceConfig(unmasked=True)), ask)).model_dump_json()
    )


async def test_a_name_that_is_too_long_is_refused() -> None:
    assert (await asked(http_of(TraceConfig()), "x" * 201))[0] == 422
