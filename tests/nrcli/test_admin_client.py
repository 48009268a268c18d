"""The client of the HTTP API: typed answers, or errors in words. (More in test_admin_http.)"""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import web

from nrcli.admin_client import AdminClient
from nrcli.errors import AdminError, SettingsError
from nrcli.wire.session_models import Session, SessionWanted


@pytest.fixture
async def strange() -> AsyncIterator[str]:
    """A web server that is no NIRC node."""

    async def answer(request: web.Request) -> web.Response:
        if request.path.endswith("/alarms"):
            return web.Response(status=418, text="teapot")
        return web.Response(text="<html>")

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    await runner.cleanup()


async def test_somebody_elses_server(strange: str) -> None:
    async with AdminClient(strange, "t") as client:
        with pytest.raises(AdminError, match="is it a NIRC node"):
            await client.status()
        with pytest.raises(AdminError) as caught:
            await client.alarms()
        assert caught.value.status == 418


async def test_nobody_there() -> None:
    async with AdminClient("http://127.0.0.1:1", "t") as client:
        with pytest.raises(
            AdminError, match=r"cannot reach http://127.0.0.1:1: refused \(is the node running"
        ) as caught:
            await client.status()
    assert caught.value.status == 0


async def test_arguments_that_cannot_be_used(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="http"):
        AdminClient("127.0.0.1:8001", "t")
    with pytest.raises(SettingsError, match="cannot be used"):
        async with AdminClient("https://127.0.0.1:1", "t", ca=tmp_path / "absent.pem"):
            pass


class TwoNodes:
    """n1 sends what only the leader does to n2; `heard` are the tokens that n2 was sent."""

    def __init__(self) -> None:
        self.heard: list[str] = []
        self.session: tuple[int, dict[str, object]] = (200, {"who": "nrcli", "token": "all"})
        self.n1 = ""
        self.n2 = ""

    async def follower(self, request: web.Request) -> web.Response:
        if request.path.endswith("/session"):
            status, body = self.session
            return web.json_response(body, status=status)
        problem = {"type": "t", "title": "n2 leads", "status": 307, "remedy": f"ask {self.n2}"}
        where = f"{self.n2}{request.path}?redirected_by=n1"
        return web.json_response(problem, status=307, headers={"Location": where})

    async def leader(self, request: web.Request) -> web.Response:
        assert request.query == {"redirected_by": "n1"}
        self.heard.append(request.headers["Authorization"].removeprefix("Bearer "))
        assert await request.json() == {"author": "ana"}
        return web.json_response({"who": "done"})


@pytest.fixture
async def two() -> AsyncIterator[TwoNodes]:
    found, runners = TwoNodes(), []
    for name, answer in (("n1", found.follower), ("n2", found.leader)):
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", answer)
        runner = web.AppRunner(app)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        setattr(found, name, f"http://127.0.0.1:{runner.addresses[0][1]}")
        runners.append(runner)
    yield found
    for runner in runners:
        await runner.cleanup()


async def probed(two: TwoNodes) -> str:
    async with AdminClient(two.n1, "of-n1") as client:
        return (await client.send(Session, "/probes", SessionWanted(author="ana"))).who


async def test_what_another_node_does_is_done_there_with_a_session_and_never_with_our_token(
    two: TwoNodes,
) -> None:
    assert await probed(two) == "done"
    assert two.heard == ["all"]


async def test_whose_token_is_a_session_is_followed_with_it(two: TwoNodes) -> None:
    two.session = (403, {"type": "t", "title": "a session begins no other", "status": 403})
    assert await probed(two) == "done"
    assert two.heard == ["of-n1"]


async def test_without_a_session_the_leader_is_named_and_not_asked(two: TwoNodes) -> None:
    two.session = (503, {"type": "t", "title": "etcd is away", "status": 503})
    with pytest.raises(AdminError, match=f"n2 leads .ask {two.n2}.") as caught:
        await probed(two)
    assert caught.value.status == 307 and not two.heard
