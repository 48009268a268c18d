"""The site's own HTTP API: token, clear refusals, events."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from site_playbook import led, offered

from site_agent.core.actions import TellCti
from site_agent.core.pair_view import PairView
from site_agent.errors import ConfigError
from site_agent.links.local_http import LocalHttp, read_or_make_token

TOKEN = "a-token-of-enough-letters"


class Api:
    def __init__(self) -> None:
        self.play = led().event(offered())
        self.handed: list[tuple[str, bytes]] = []
        self.takes = True
        self.http = LocalHttp(
            address=("127.0.0.1", 0),
            token=TOKEN,
            view=lambda: self.play.daemon.view(101.0),
            knows_call=self.play.daemon.knows_call,
            hand_in=self.hand_in,
            data_bytes_max=1000,
        )
        self.url = ""
        self.session: aiohttp.ClientSession

    def hand_in(self, call_id: str, data: bytes) -> bool:
        self.handed.append((call_id, data))
        return self.takes

    async def post(self, call_id: str, body: bytes) -> tuple[int, Any]:
        async with self.session.post(f"{self.url}/v1/calls/{call_id}/data", data=body) as reply:
            return reply.status, await reply.json(content_type=None)


@pytest.fixture
async def api() -> AsyncIterator[Api]:
    api = Api()
    host, port = await api.http.start()
    api.url = f"http://{host}:{port}"
    headers = {"Authorization": f"Bearer {TOKEN}"}
    async with aiohttp.ClientSession(headers=headers) as session:
        api.session = session
        yield api
    await api.http.stop()


async def test_data_is_handed_in_in_its_canonical_form(api: Api) -> None:
    assert (await api.post("c1", b'{"b": 1, "a": 2}'))[0] == 202
    assert api.handed == [("c1", b'{"a":2,"b":1}')]


@pytest.mark.parametrize(
    ("call_id", "body", "status"),
    [
        ("none", b"{}", 404),
        ("c1", b"[]", 422),
        ("c1", b"{", 422),
        ("c1", b"\xff\xfe", 422),
        ("c1", b'{"a":"' + b"x" * 2000 + b'"}', 413),
        ("c1", b"x" * 100_000, 413),
    ],
)
async def test_bad_data_changes_nothing(api: Api, call_id: str, body: bytes, status: int) -> None:
    found, problem = await api.post(call_id, body)
    assert found == status and problem["detail"]
    assert api.handed == []


async def test_overload_is_told(api: Api) -> None:
    api.takes = False
    assert (await api.post("c1", b"{}"))[0] == 503


async def test_without_the_token_only_health_is_shown(api: Api) -> None:
    for headers in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": "Basic x"}):
        async with aiohttp.ClientSession(headers=headers) as other:
            async with other.get(f"{api.url}/v1/status") as reply:
                assert reply.status == 401
            async with other.get(f"{api.url}/healthz") as reply:
                assert (await reply.json())["site"] == "lisbon"


async def test_status_shows_the_view(api: Api) -> None:
    async with api.session.get(f"{api.url}/v1/status") as reply:
        status = await reply.json()
    assert (status["site"], status["calls"][0]["call_id"]) == ("lisbon", "c1")


async def test_events_reach_a_listener(api: Api) -> None:
    async with api.session.get(f"{api.url}/v1/events") as reply:
        await reply.content.readline()
        await reply.content.readline()
        event = TellCti(
            kind="screen_pop", call_id="c1", agent="anna", interaction_id="i", data=b'{"a":1}'
        )
        api.http.tell(event)
        assert await reply.content.readline() == b"event: screen_pop\n"
        line = await reply.content.readline()
        assert json.loads(line.removeprefix(b"data: "))["data"] == {"a": 1}


async def test_a_screen_is_told_what_to_open(api: Api) -> None:
    api.http._screen_pop = "https://crm/{ani}?c={data.customer}&q={queue}"
    async with api.session.get(f"{api.url}/v1/events") as reply:
        await reply.content.readline()
        await reply.content.readline()
        event = TellCti(
            kind="screen_pop",
            call_id="c1",
            agent="anna",
            interaction_id="i",
            data=b'{"customer":"a&b"}',
            ani="+44",
            queue="sales",
        )
        api.http.tell(event)
        await reply.content.readline()
        line = await reply.content.readline()
    assert json.loads(line.removeprefix(b"data: "))["url"] == "https://crm/%2B44?c=a%26b&q=sales"


def test_the_token_is_made_once_and_for_the_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "token"
    token = read_or_make_token(path)
    assert read_or_make_token(path) == token and len(token) > 30
    assert path.stat().st_mode & 0o077 == 0
    path.write_text("short")
    with pytest.raises(ConfigError):
        read_or_make_token(path)


def test_only_loopback_is_listened_on() -> None:
    with pytest.raises(ConfigError, match="loopback"):
        LocalHttp(
            address=("0.0.0.0", 1),
            token=TOKEN,
            view=lambda: led().daemon.view(1.0),
            knows_call=lambda call_id: True,
            hand_in=lambda call_id, data: True,
            data_bytes_max=10,
        )


async def test_one_of_a_pair_shows_its_role(api: Api) -> None:
    view = PairView(
        name="a", role="active", since_s=1, fence=3, holder="a", holder_host="h", lease_left_s=2.0
    )
    api.http._pair = lambda: view
    async with api.session.get(f"{api.url}/healthz") as reply:
        assert (await reply.json())["role"] == "active"
    async with api.session.get(f"{api.url}/v1/status") as reply:
        assert (await reply.json())["pair"]["fence"] == 3
