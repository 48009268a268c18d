"""The phones' process on real sockets: a caller rings an agent's phone directly."""

import asyncio
import socket

import pytest
from aiohttp import ClientSession

from site_agent.phones.app import PhonesApp
from site_agent.phones.config import PhonesConfig


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


async def _served(http: ClientSession) -> None:
    while (await (await http.get("/status")).json())["served"] < 1:  # noqa: ASYNC110
        await asyncio.sleep(0.01)


async def _placed(app: PhonesApp, calls: int) -> None:
    while len(app.results()) < calls:  # noqa: ASYNC110
        await asyncio.sleep(0.01)


@pytest.fixture
def config() -> PhonesConfig:
    agents = f"127.0.0.1:{_free_port()}"
    return PhonesConfig.model_validate(
        {
            "callers_listen": f"127.0.0.1:{_free_port()}",
            "ivr_listen": f"127.0.0.9:{_free_port()}",
            "control_listen": f"127.0.0.1:{_free_port()}",
            "agents": [
                {
                    "name": "anna",
                    "site": "lisbon",
                    "listen": agents,
                    "answer_after_s": [0.0, 0.0],
                    "talk_s": [0.05, 0.05],
                }
            ],
            "doors": [{"site": "lisbon", "trunk_group": "direct", "address": agents}],
            "load": {"calls": 2, "over_s": 0.2, "dialed": {"anna": 1.0}},
        }
    )


async def test_an_ordered_call_is_placed_served_and_told_over_http(config: PhonesConfig) -> None:
    app = PhonesApp(config)
    await app.start()
    try:
        async with ClientSession(f"http://{config.control_listen}") as http:
            order = {
                "site": "lisbon",
                "trunk_group": "direct",
                "address": config.agents[0].listen,
                "dialed": "anna",
                "from_ivr": True,
                "data": {"customer": "C1"},
            }
            placed = await (await http.post("/calls", json=order)).json()
            async with asyncio.timeout(20):
                await _served(http)
            (story,) = await (await http.get("/results")).json()
            assert story["number"] == placed["number"]
            assert (story["agent"], story["data_intact"]) == ("anna", True)
    finally:
        await app.stop()


async def test_the_planned_load_is_started_by_order(config: PhonesConfig) -> None:
    app = PhonesApp(config)
    await app.start()
    try:
        assert app.status()["planned"] == 0
        assert app.start_load() == 2
        async with asyncio.timeout(20):
            await _placed(app, 2)
        app.stop_load()
    finally:
        await app.stop()
