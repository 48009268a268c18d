"""A node that does not lead answers what the leader says: once, as whoever asked, or by itself."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from node_views import MadeReport
from session_keyring import KEY, Keyring

from nirc.links.admin_http import AdminHttp
from nirc.links.leader_reads import ASKED_BY, LeaderReads
from nirc.links.session_tokens import session_of, token_of
from nirc.links.who_may import WhoMay
from nrcli.wire.api_models import DomainLeader, Status
from nrcli.wire.session_models import Session

NOW_S = 1_000.0
SESSION = Session(who="ana", id="a" * 32, node="n9", began_unix_s=NOW_S, ends_unix_s=NOW_S + 60.0)
CALLS = "/api/v1/calls"


class Leader:
    """What a test has n2 answer."""

    def __init__(self) -> None:
        self.asked: list[web.Request] = []
        self.status = 200
        self.body = b'{"calls":[]}'
        self.slow = False

    async def handle(self, request: web.Request) -> web.Response:
        self.asked.append(request)
        if self.slow:
            await asyncio.sleep(60)
        return web.Response(body=self.body, status=self.status, content_type="application/json")


class Follower:
    """n1, its clock, and who leads by its word."""

    def __init__(self, urls: dict[str, str]) -> None:
        self.leader = "n2"
        self.report = MadeReport().report
        self.keyring = Keyring()
        self.reads = LeaderReads(
            node="n1",
            status=self._status,
            urls=urls,
            keyring=self.keyring,
            wall_unix_s=lambda: NOW_S,
        )
        self.api = AdminHttp(
            listen="127.0.0.1:0",
            make_token=lambda: "own",
            report=self.report,
            documents=None,  # type: ignore[arg-type]
            who_may=WhoMay(self.keyring, lambda: NOW_S),
            reads=self.reads,
        )

    def _status(self) -> Status:
        leads = DomainLeader(
            domain="default",
            leader=self.leader,
            generation=1,
            revision=1,
            leads_here=self.leader == "n1",
        )
        return self.report.status().model_copy(update={"domains": (leads,)})

    async def get(self, path: str = CALLS, token: str = "own", **headers: str) -> tuple[str, Any]:
        """Who answered, empty: n1 itself; and the answer."""
        url = f"http://127.0.0.1:{self.api.port}{path}"
        said = {"Authorization": f"Bearer {token}", **headers}
        async with aiohttp.ClientSession() as client, client.get(url, headers=said) as answer:
            return answer.headers.get("NIRC-Answered-By", ""), await answer.json(content_type=None)


@asynccontextmanager
async def network() -> AsyncIterator[tuple[Follower, Leader]]:
    leader = Leader()
    app = web.Application()
    app.router.add_get("/{path:.*}", leader.handle)
    async with AsyncExitStack() as stack:
        server = await stack.enter_async_context(TestServer(app))
        follower = Follower({"n1": "", "n2": str(server.make_url("")).rstrip("/"), "n3": ""})
        await follower.api.start()
        stack.push_async_callback(follower.api.stop)
        stack.push_async_callback(follower.reads.stop)
        yield follower, leader


async def test_a_session_is_passed_on_as_it_is() -> None:
    async with network() as (follower, leader):
        token = token_of(SESSION, KEY)
        path = f"{CALLS}?queue=a%26b&limit=7"
        assert await follower.get(path, token) == ("n2", {"calls": []})
        (asked,) = leader.asked
        assert asked.headers["Authorization"] == f"Bearer {token}"
        assert asked.headers[ASKED_BY] == "n1"
        assert dict(asked.query) == {"queue": "a&b", "limit": "7"}


async def test_for_the_nodes_own_token_a_short_session_is_made() -> None:
    async with network() as (follower, leader):
        assert (await follower.get())[0] == "n2"
        said = leader.asked[0].headers["Authorization"].removeprefix("Bearer ")
        session = session_of(said, KEY, NOW_S)
        assert session.node == "n1" and session.ends_unix_s - NOW_S <= 60
        assert "own" not in said, "a node's own token leaves it never"
        follower.keyring.key = None
        assert (await follower.get())[0] == "" and len(leader.asked) == 1


async def test_once_and_reads_of_the_leaders_alone() -> None:
    async with network() as (follower, leader):
        assert (await follower.get(**{ASKED_BY: "n3"}))[0] == ""
        assert (await follower.get("/api/v1/sites"))[0] == ""
        for name in ("n1", "n3", "n9", ""):
            follower.leader = name
            assert (await follower.get())[0] == "", f"led by {name or 'nobody'}"
        assert leader.asked == []


@pytest.mark.parametrize("status", [400, 422])
async def test_a_refusal_is_the_leaders_word(status: int) -> None:
    async with network() as (follower, leader):
        leader.status = status
        assert (await follower.get())[0] == "n2"


@pytest.mark.parametrize("status", [301, 401, 500, 503])
async def test_an_answer_of_no_use_is_none(status: int) -> None:
    async with network() as (follower, leader):
        leader.status = status
        by, told = await follower.get()
        assert by == "" and len(told["calls"]) == 1, "what n1 itself knows"


async def test_a_leader_that_is_silent_or_gone_or_says_too_much(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("nirc.links.leader_reads.ASK_S_MAX", 0.2)
    monkeypatch.setattr("nirc.links.leader_reads.ANSWER_BYTES_MAX", 100)
    async with network() as (follower, leader):
        leader.body = b"x" * 101
        assert (await follower.get())[0] == ""
        leader.slow = True
        assert (await follower.get())[0] == ""
        follower.reads._urls = {"n2": "http://127.0.0.1:1"}
        assert (await follower.get())[0] == ""
