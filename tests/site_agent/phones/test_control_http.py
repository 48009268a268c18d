from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp.test_utils import TestClient, TestServer

from site_agent.phones.agent_phone import Behaviour
from site_agent.phones.control_http import CallOrder, application
from site_agent.phones.results import CallResult


class Shell:
    """Writes down what it is asked."""

    def __init__(self) -> None:
        self.asked: list[Any] = []

    def start_load(self) -> int:
        self.asked.append("start")
        return 7

    def stop_load(self) -> None:
        self.asked.append("stop")

    def order(self, order: CallOrder) -> int:
        self.asked.append(order.target)
        return 1_000_001

    def hang_up(self, number: int) -> None:
        if number != 1:
            raise KeyError(number)
        self.asked.append(number)

    def set_behaviour(
        self, site: str, agent: str, behaviour: Behaviour, talk_s: float | None
    ) -> bool:
        self.asked.append((site, agent, behaviour, talk_s))
        return agent == "anna"

    def results(self) -> list[CallResult]:
        return [CallResult(number=1, site="lisbon", trunk_group="x", interaction_id="i")]

    def status(self) -> dict[str, Any]:
        return {"double_booked": 0}


@pytest.fixture
async def shell_and_client() -> AsyncIterator[tuple[Shell, TestClient[Any, Any]]]:
    shell = Shell()
    async with TestClient(TestServer(application(shell))) as found:
        yield shell, found


async def test_orders_reach_the_process(
    shell_and_client: tuple[Shell, TestClient[Any, Any]],
) -> None:
    shell, client = shell_and_client
    order = {"site": "lisbon", "trunk_group": "pbx", "address": "127.0.0.1:5061"}
    assert await (await client.post("/start")).json() == {"planned": 7}
    assert await (await client.post("/calls", json=order)).json() == {"number": 1_000_001}
    await client.delete("/calls/1")
    await client.put("/agents/lisbon/anna", json={"behaviour": "silent", "talk_s": 9})
    await client.post("/stop")
    assert shell.asked == [
        "start",
        ("127.0.0.1", 5061),
        1,
        ("lisbon", "anna", Behaviour.SILENT, 9.0),
        "stop",
    ]


async def test_counts_and_results_are_told(
    shell_and_client: tuple[Shell, TestClient[Any, Any]],
) -> None:
    _, client = shell_and_client
    status = await (await client.get("/status")).json()
    assert (status["calls"], status["open"], status["double_booked"]) == (1, 1, 0)
    (story,) = await (await client.get("/results")).json()
    assert story["outcome"] == "open"


async def test_what_makes_no_sense_is_refused(
    shell_and_client: tuple[Shell, TestClient[Any, Any]],
) -> None:
    _, client = shell_and_client
    wrong = await client.post("/calls", json={"site": "lisbon"})
    said = await wrong.text()
    assert wrong.status == 400 and said.startswith("trunk_group: Field required")
    assert "pydantic" not in said
    bad = {"site": "lisbon", "trunk_group": "pbx", "address": "nowhere"}
    assert (await client.post("/calls", json=bad)).status == 400
    assert (await client.delete("/calls/2")).status == 404
    assert (await client.delete("/calls/x")).status == 404
    assert (await client.put("/agents/lisbon/nobody", json={})).status == 404
    assert (await client.put("/agents/lisbon/anna", json={"behaviour": "odd"})).status == 400
