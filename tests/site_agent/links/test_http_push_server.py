"""The door's own limits: token, sizes, rate, connections, numbers in words."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from site_agent.adapters.http_push.http_push_protocol import ProtocolError
from site_agent.adapters.http_push.said_by_cti import Problem, Taken
from site_agent.adapters.http_push.wire_models import WireModel
from site_agent.links.http_push_server import (
    READER_COMMANDS_MAX,
    HttpPushServer,
    Reader,
    ServerLimits,
    whole_number,
)

TOKEN = "a-token-of-enough-letters"
LIMITS = ServerLimits(body_bytes_max=1000, requests_per_s=8, connections_max=2)


class Inside:
    """A door that takes everything."""

    def __init__(self) -> None:
        self.bodies: list[bytes] = []
        self.reader = Reader()
        self.closed = 0

    async def hello(self, body: bytes) -> WireModel:
        raise ProtocolError("no", remedy="yes", place="x")

    async def take(self, body: bytes) -> WireModel:
        self.bodies.append(body)
        return Taken(taken=1)

    async def open_reader(self, session: str, after: int) -> Reader | Problem:
        return self.reader if session else Problem(status=409, detail="", want="hello")

    def close_reader(self, reader: Reader) -> None:
        self.closed += 1

    def health(self) -> dict[str, Any]:
        return {"ok": True}


@pytest.fixture
async def inside() -> Inside:
    return Inside()


@pytest.fixture
async def url(inside: Inside) -> AsyncIterator[str]:
    server = HttpPushServer(inside, address=("127.0.0.1", 0), token=TOKEN, limits=LIMITS)
    host, port = await server.start()
    yield f"http://{host}:{port}"
    await server.stop()


@pytest.fixture
async def http(url: str) -> AsyncIterator[aiohttp.ClientSession]:
    headers = {"Authorization": f"Bearer {TOKEN}"}
    async with aiohttp.ClientSession(url, headers=headers) as session:
        yield session


async def status_of(http: aiohttp.ClientSession, path: str, **how: Any) -> tuple[int, Any]:
    async with http.request(how.pop("method", "POST"), path, **how) as reply:
        return reply.status, await reply.json(content_type=None)


async def test_the_token_is_needed_but_for_health(url: str, inside: Inside) -> None:
    async with aiohttp.ClientSession(url) as http:
        assert (await status_of(http, "/v1/events"))[0] == 401
        assert (await status_of(http, "/healthz", method="GET"))[0] == 200
    assert inside.bodies == []


async def test_wrong_requests_are_answered_in_words(http: aiohttp.ClientSession) -> None:
    status, told = await status_of(http, "/v1/hello", data=b"x")
    assert (status, told["place"], told["remedy"]) == (400, "x", "yes")
    assert (await status_of(http, "/v1/events", data=b"x" * 2000))[0] == 413
    assert (await status_of(http, "/v1/none"))[0] == 404
    assert (await status_of(http, "/v1/events", method="GET"))[0] == 405
    path = "/v1/commands/poll?session=s&wait_ms=soon"
    status, told = await status_of(http, path, method="GET")
    assert (status, told["place"]) == (400, "wait_ms")


async def test_too_many_requests_are_told_to_wait(
    http: aiohttp.ClientSession, inside: Inside
) -> None:
    found = [(await status_of(http, "/v1/events"))[0] for _ in range(12)]
    assert 429 in found and found[:6] == [200] * 6
    assert len(inside.bodies) == found.count(200)


async def test_too_many_connections_are_refused(http: aiohttp.ClientSession) -> None:
    first = await http.get("/v1/commands?session=a")
    second = await http.get("/v1/commands?session=a")
    assert (await status_of(http, "/v1/events"))[0] == 503
    first.close()
    second.close()


async def test_a_poll_brings_all_that_is_there(http: aiohttp.ClientSession, inside: Inside) -> None:
    inside.reader.give(1, b'{"number":1}')
    inside.reader.give(2, b'{"number":2}')
    found = await status_of(http, "/v1/commands/poll?session=s", method="GET")
    assert found == (200, {"commands": [{"number": 1}, {"number": 2}]})
    assert inside.closed == 1


async def test_a_reader_that_is_too_slow_is_let_go() -> None:
    reader = Reader()
    assert all(reader.give(number, b"x") for number in range(READER_COMMANDS_MAX))
    assert not reader.give(0, b"x")
    assert reader.rest()[-1] == b"x"


def test_numbers_are_whole() -> None:
    assert whole_number("12", "after") == 12
    for wrong in ("-1", "1.5", "", "1" * 17, "٣"):
        with pytest.raises(ProtocolError):
            whole_number(wrong, "after")
