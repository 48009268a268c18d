"""What is written down of whom, and what is not."""

import json
import logging
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from nirc.links.api_server import bound
from nirc.links.audit_http import AuditHttp
from nirc.links.problems import problem

SECRET = "+351800100100"


class Audited:
    """Handlers of three operations behind an audit."""

    def __init__(self) -> None:
        self.recorded: list[tuple[str, Any]] = []
        self.stored: list[dict[str, Any]] = []
        self.status = 200
        self.audit = AuditHttp(
            node="n1",
            record=lambda stream, record: self.recorded.append((stream, record)),
            search=self._search,
            wall_unix_s=lambda: 7.0,
        )

    async def _search(self, _limit: int) -> list[dict[str, Any]]:
        return self.stored

    async def _handle(self, _request: web.Request) -> web.Response:
        if self.status >= 400:
            return problem(self.status, "not so", place="p")
        return web.Response(status=self.status)

    def client(self) -> TestClient[web.Request, web.Application]:
        @web.middleware
        async def guard(request: web.Request, handler: Any) -> web.StreamResponse:
            answer: web.StreamResponse = await handler(request)
            await self.audit.note(request, answer)
            return answer

        app = web.Application(middlewares=[guard])
        names = ("drainNode", "takeEntryOut", "dryRun", "listSites")
        app.add_routes(bound(dict.fromkeys(names, self._handle)))
        app.add_routes(self.audit.routes())
        return TestClient(TestServer(app))


async def acts(client: TestClient[web.Request, web.Application], query: str = "") -> Any:
    return await (await client.get(f"/api/v1/audit{query}")).json()


async def test_who_what_why_and_what_came_of_it() -> None:
    audited = Audited()
    async with audited.client() as client:
        await client.post("/api/v1/drain?author=ana&reason=night")
        audited.status = 409
        body = {"author": "rui", "reason": "why", "entry_id": SECRET}
        await client.post("/api/v1/queue/take-out", json=body)
        told = await acts(client)
    drained, taken = told["acts"]
    assert (drained["act"], drained["author"], drained["reason"]) == ("drainNode", "ana", "night")
    assert (drained["at_unix_s"], drained["node"], drained["status"]) == (7.0, "n1", 200)
    assert (taken["author"], taken["status"], taken["problem"]) == ("rui", 409, "p: not so")
    assert [stream for stream, _ in audited.recorded] == ["audit", "audit"]
    assert SECRET not in json.dumps(told), "of a body only author and reason are kept"
    assert told["all_nodes"] is False


async def test_questions_are_no_acts() -> None:
    audited = Audited()
    async with audited.client() as client:
        await client.get("/api/v1/sites")
        await client.post("/api/v1/route/dry-run", json={"author": "ana"})
        assert (await acts(client))["acts"] == []


async def test_acts_of_all_nodes_while_they_can_be_read() -> None:
    audited = Audited()
    async with audited.client() as client:
        await client.post("/api/v1/drain?author=ana")
        audited.stored = [{**audited.recorded[0][1], "node": "n2"}, {"of": "another version"}]
        told = await acts(client, "?author=ana&act=drainNode&limit=1")
        assert (told["all_nodes"], [one["node"] for one in told["acts"]]) == (True, ["n2"])
        assert (await acts(client, "?author=rui"))["acts"] == []


@pytest.mark.parametrize("body", [b"", b"[1]", b"{", b"[" * 100_000, b'{"author": 5}', b"\xff"])
async def test_a_body_that_says_nothing_is_nobody(body: bytes) -> None:
    audited = Audited()
    async with audited.client() as client:
        assert (await client.post("/api/v1/queue/take-out", data=body)).status == 200
        (act,) = (await acts(client))["acts"]
    assert act["author"] == ""


async def test_no_words_of_people_become_a_line_of_the_log(
    caplog: pytest.LogCaptureFixture,
) -> None:
    audited = Audited()
    with caplog.at_level(logging.INFO):
        async with audited.client() as client:
            words = {"author": "ana\nERROR alarm x", "reason": "\x1b[31m"}
            await client.post("/api/v1/queue/take-out", json=words)
    (line,) = [one.getMessage() for one in caplog.records if one.getMessage().startswith("audit")]
    assert "\n" not in line and "\x1b" not in line and "ERROR" in line
