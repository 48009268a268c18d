"""A standby says that it is there, and how the pair stands; again and again."""

import socket

import aiohttp
import pytest

from site_agent.core.pair_view import PairView
from site_agent.errors import StartError
from site_agent.links.standby_http import StandbyHttp

VIEW = PairView(
    name="b", role="standby", since_s=1.0, fence=3, holder="a", holder_host="h", lease_left_s=0.0
)


async def get(port: int, path: str, token: str = "") -> tuple[int, dict[str, object]]:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    url = f"http://127.0.0.1:{port}{path}"
    async with aiohttp.ClientSession() as session, session.get(url, headers=headers) as reply:
        return reply.status, await reply.json(content_type=None)


async def test_health_for_all_and_status_behind_the_token() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    http = StandbyHttp(
        address=("127.0.0.1", port), token="secret", site="lisbon", view=lambda: VIEW
    )
    for _ in range(2):
        await http.start()
        assert await get(port, "/healthz") == (
            200,
            {"ok": True, "site": "lisbon", "role": "standby"},
        )
        assert (await get(port, "/v1/status"))[0] == 401
        status, shown = await get(port, "/v1/status", "secret")
        assert status == 200 and shown["pair"]["holder"] == "a"  # type: ignore[index]
        await http.stop()
    await http.stop()


async def test_a_taken_port_is_named() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        http = StandbyHttp(address=("127.0.0.1", port), token="t", site="s", view=lambda: VIEW)
        with pytest.raises(StartError, match=f"local_http.listen 127.0.0.1:{port}"):
            await http.start()
