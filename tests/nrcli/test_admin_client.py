"""The client of the HTTP API: typed answers, or errors in words. (More in test_admin_http.)"""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import web

from nrcli.admin_client import AdminClient
from nrcli.errors import AdminError, SettingsError


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
