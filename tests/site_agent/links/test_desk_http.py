"""An agent's own view over HTTP."""

import asyncio
import json
from collections.abc import AsyncIterator
from time import monotonic
from typing import Any

import aiohttp
import pytest

from site_agent.core.agent_desks import RESERVED, TALKING, AgentDesk, DeskCall
from site_agent.links.desk_http import DeskHttp
from site_agent.links.local_http import LocalHttp

TOKEN = "a-token-of-enough-letters"
DATA = b'{"card":"4111","customer":"C1"}'


def desk(phase: str = "", **more: Any) -> AgentDesk:
    call = DeskCall(
        phase=phase,
        interaction_id="i1",
        service="sales",
        queue="sales",
        ani="+351912345678",
        from_site="porto",
        until_s=107.5 if phase == RESERVED else 0.0,
        data=DATA,
    )
    return AgentDesk(
        agent="anna",
        state="reserved" if phase == RESERVED else "busy" if phase else "ready",
        reason="",
        pending=False,
        since_s=99.0,
        call=call if phase else None,
        **more,
    )


class Api:
    """A local HTTP whose one agent the test changes."""

    def __init__(self, *keys: str) -> None:
        self.desks, began_s = {"anna": desk()}, monotonic()
        self.http = LocalHttp(
            address=("127.0.0.1", 0),
            token=TOKEN,
            view=lambda: None,  # type: ignore[arg-type,return-value]
            knows_call=lambda call_id: False,
            hand_in=lambda call_id, data: False,
            data_bytes_max=1000,
            desks=DeskHttp(
                lambda: dict(self.desks),
                lambda: 100.0 + monotonic() - began_s,
                screen_pop="https://crm.example/{queue}?c={data.customer}&card={data.card}",
                data_keys=keys,
            ),
        )
        self.url = ""

    async def get(self, agent: str = "anna", token: str = TOKEN) -> tuple[int, Any]:
        headers = {"Authorization": f"Bearer {token}"}
        async with (
            aiohttp.ClientSession(headers=headers) as session,
            session.get(f"{self.url}/v1/agents/{agent}") as reply,
        ):
            return reply.status, await reply.json(content_type=None)


@pytest.fixture(params=[(), ("customer",)])
async def api(request: pytest.FixtureRequest) -> AsyncIterator[Api]:
    api = Api(*request.param)
    host, port = await api.http.start()
    api.url = f"http://{host}:{port}"
    yield api
    await api.http.stop()


async def test_who_comes_is_shown_with_the_time_left_and_what_the_agent_may_have(api: Api) -> None:
    status, said = await api.get()
    assert (status, said["state"], said["call"]) == (200, "ready", None)
    api.desks["anna"] = desk(RESERVED)
    _, said = await api.get()
    call = said["call"]
    assert (said["state"], call["phase"], call["interaction_id"]) == ("reserved", "reserved", "i1")
    assert call["left_s"] == pytest.approx(7.5, abs=2.0) and call["from_site"] == "porto"
    masked = "card" not in call["data"]
    assert call["data"]["customer"] == "C1"
    assert call["url"] == f"https://crm.example/sales?c=C1&card={'' if masked else '4111'}"


async def test_nobody_without_the_token_and_no_agent_of_another_name(api: Api) -> None:
    assert (await api.get(token="wrong"))[0] == 401
    assert (await api.get("nobody"))[0] == 404


async def test_the_stream_tells_each_change_once(api: Api) -> None:
    headers = {"Authorization": f"Bearer {TOKEN}"}
    async with (
        aiohttp.ClientSession(headers=headers) as session,
        session.get(f"{api.url}/v1/agents/anna/events") as reply,
    ):
        assert reply.content_type == "text/event-stream"
        found = [await _event(reply)]
        for phase in (RESERVED, TALKING, ""):
            api.desks["anna"] = desk(phase)
            found.append(await _event(reply))
    assert [event for event, _ in found] == ["ready", "reserved", "talking", "ready"]
    assert found[1][1]["call"]["interaction_id"] == "i1"
    assert found[2][1]["call"]["left_s"] is None


async def _event(reply: aiohttp.ClientResponse) -> tuple[str, Any]:
    async with asyncio.timeout(5.0):
        event = (await reply.content.readline()).decode().removeprefix("event: ").strip()
        data = (await reply.content.readline()).decode().removeprefix("data: ")
        assert await reply.content.readline() == b"\n"
    return event, json.loads(data)
