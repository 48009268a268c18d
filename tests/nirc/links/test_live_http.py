"""Lists of what is going on, over HTTP: filters, pages, alarms acknowledged, drain and back."""

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from node_views import MadeReport, decision

from nirc.links.live_http import LiveHttp
from nirc.links.problems import told
from nrcli.wire.messages import ReservationReport

RESERVATION = ReservationReport(
    token="nirc-secret",
    request_id="r9",
    queue="sales",
    agent="anna",
    origin_site="porto",
    taken=False,
    expires_in_s=4.0,
)


class Api:
    """A node's lists behind a client."""

    def __init__(self, client: TestClient[web.Request, web.Application]) -> None:
        self.client = client
        self.made = MadeReport()

    async def get(self, path: str, status: int = 200) -> Any:
        answer = await self.client.get(f"/api/v1{path}")
        assert answer.status == status, await answer.text()
        return await answer.json(content_type=None)


@pytest.fixture
async def api() -> AsyncIterator[Api]:
    @web.middleware
    async def guard(request: web.Request, handler: Any) -> web.StreamResponse:
        try:
            answer: web.StreamResponse = await handler(request)
        except Exception as error:
            known = told(error)
            assert known is not None, error
            return known
        return answer

    app = web.Application(middlewares=[guard])
    client = TestClient(TestServer(app))
    found = Api(client)
    view = found.made.view
    found.made.view = replace(view, sites=(replace(view.sites[0], reservations=(RESERVATION,)),))
    app.add_routes(LiveHttp(found.made.report).routes())
    async with client:
        yield found


async def test_queues_and_agents_of_all_sites(api: Api) -> None:
    queues = await api.get("/queues?limit=1")
    assert [(one["site"], one["queue"]) for one in queues["queues"]] == [("lisbon", "sales")]
    rest = await api.get(f"/queues?limit=1&after={queues['next']}")
    assert [one["queue"] for one in rest["queues"]] == ["help"] and not rest["next"]
    busy = await api.get("/agents?state=busy&queue=sales")
    assert [one["agent"] for one in busy["agents"]] == ["bert", "cleo"]
    assert (await api.get("/agents?site=porto"))["agents"] == []


async def test_reservations_without_their_tokens(api: Api) -> None:
    found = await api.get("/reservations?agent=anna")
    assert found["reservations"][0]["site"] == "lisbon"
    assert "secret" not in str(found) and "secret" not in str(await api.get("/calls"))


async def test_sites_calls_and_entries_are_filtered(api: Api) -> None:
    assert len((await api.get("/sites?liveness=alive&linked=true"))["sites"]) == 1
    assert (await api.get("/sites?usable=false"))["sites"] == []
    assert len((await api.get("/calls?target_site=porto"))["calls"]) == 1
    assert (await api.get("/calls?target_site=lisbon"))["calls"] == []
    entries = await api.get("/queue?service=other")
    assert (entries["entries_count"], entries["entries"]) == (0, [])


async def test_decisions_page_by_page_to_the_oldest(api: Api) -> None:
    for number in range(5):
        record = replace(decision(), decision_id=f"d{number}", outcome="move" if number else "stay")
        api.made.decisions.add(record, 1.0)
    newest = await api.get("/decisions?limit=2")
    assert [one["decision_id"] for one in newest["decisions"]] == ["d3", "d4"]
    older = await api.get(f"/decisions?limit=2&outcome=move&after={newest['next']}")
    assert [one["decision_id"] for one in older["decisions"]] == ["d1", "d2"]
    oldest = await api.get(f"/decisions?limit=2&after={older['next']}")
    assert ([one["decision_id"] for one in oldest["decisions"]], oldest["next"]) == (["d0"], "")


async def test_the_cluster_and_what_was_counted(api: Api) -> None:
    cluster = await api.get("/cluster")
    assert [(one["node"], one["linked"], one["leads"]) for one in cluster["nodes"]] == [
        ("n1", True, ["default"]),
        ("n2", True, []),
    ]
    assert (await api.get("/statistics"))["counts"] == {"requests": 3.0}


async def test_an_alarm_is_acknowledged_until_its_cause_is_gone(api: Api) -> None:
    board = api.made.alarms
    board.raise_alarm("site_down", "porto", "silent")
    body = {"code": "site_down", "place": "porto", "author": "ana", "reason": "line works"}
    answer = await api.client.post("/api/v1/alarms/acknowledge", json=body)
    assert (answer.status, (await answer.json())["acknowledged_by"]) == (200, "ana")
    board.raise_alarm("site_down", "porto", "silent still")
    (alarm,) = (await api.get("/alarms?code=site_down"))["alarms"]
    assert (alarm["text"], alarm["acknowledged_reason"]) == ("silent still", "line works")
    board.clear("site_down", "porto")
    answer = await api.client.post("/api/v1/alarms/acknowledge", json=body)
    assert answer.status == 404
    board.raise_alarm("site_down", "porto", "again")
    assert (await api.get("/alarms"))["alarms"][0]["acknowledged_by"] == ""


async def test_drained_and_back(api: Api) -> None:
    for path, draining in (("drain", True), ("undrain", False)):
        answer = await api.client.post(f"/api/v1/{path}")
        assert (answer.status, await answer.json()) == (202, {"draining": draining})
        assert (await api.get("/status"))["draining"] is draining


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ("/sites?linked=yes", "linked"),
        ("/sites?limit=ten", "limit"),
        ("/sites?sort=up", "sort"),
        ("/sites?limit=1&limit=1", "limit"),
        ("/queues?after=%00", "after"),
    ],
)
async def test_a_wrong_parameter_is_named(api: Api, path: str, place: str) -> None:
    assert (await api.get(path, 400))["place"] == place


async def test_a_cursor_of_nobody_is_refused_with_the_remedy(api: Api) -> None:
    refused = await api.get("/queues?after=abc", 422)
    assert (refused["place"], refused["title"]) == ("after", "is no cursor")
    assert "next" in refused["remedy"]
