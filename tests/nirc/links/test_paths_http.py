"""Paths over HTTP: read, and tried."""

from __future__ import annotations

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from router_network import FakeSite, leading

from nirc.core.events import Event, ProbePath
from nirc.links.paths_http import PathsHttp


@pytest.fixture
def posted() -> list[Event]:
    return []


async def client(posted: list[Event]) -> TestClient:
    book = leading(FakeSite("lisbon"), FakeSite("porto"))
    http = PathsHttp(
        post=posted.append, view=lambda: book.router.view(book.now_s), new_id=lambda: "7"
    )
    app = web.Application()
    app.add_routes(http.routes())
    found = TestClient(TestServer(app))
    await found.start_server()
    return found


@pytest.mark.asyncio
async def test_paths_are_told_and_a_test_call_is_begun(posted: list[Event]) -> None:
    asked = await client(posted)
    try:
        told = await (await asked.get("/api/v1/paths")).json()
        assert [one["path"] for one in told["paths"]] == ["lisbon-out", "porto-out"]
        answer = await asked.post("/api/v1/probes", json={"path": "lisbon-out"})
        assert (answer.status, (await answer.json())["id"]) == (202, "probe-7")
        assert posted == [ProbePath(id="7", path="lisbon-out")]
    finally:
        await asked.close()
