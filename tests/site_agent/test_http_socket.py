"""The socket is opened where it was told, refused with a name and a remedy, and opened again."""

import asyncio

import pytest
from aiohttp import ClientSession, web

from site_agent.errors import StartError
from site_agent.http_socket import HttpSocket


def application() -> web.Application:
    async def hello(_request: web.Request) -> web.Response:
        return web.Response(text="here")

    app = web.Application()
    app.router.add_get("/", hello)
    return app


async def asked(host: str, port: int) -> str:
    async with ClientSession() as client, client.get(f"http://{host}:{port}/") as answer:
        return await answer.text()


async def test_it_serves_until_it_is_closed_and_again_after() -> None:
    socket = HttpSocket("some.listen", ("127.0.0.1", 0))
    for _ in range(2):
        host, port = await socket.open(application())
        assert await asked(host, port) == "here"
        await socket.close()
        with pytest.raises(OSError):
            await asyncio.open_connection(host, port)
    await socket.close()


async def test_an_address_in_use_is_refused_by_the_name_of_its_setting() -> None:
    first = HttpSocket("first.listen", ("127.0.0.1", 0))
    address = await first.open(application())
    second = HttpSocket("second.listen", address)
    with pytest.raises(StartError, match=r"second\.listen 127\.0\.0\.1:\d+: .*another program"):
        await second.open(application())
    await first.close()
    await second.open(application())
    await second.close()
