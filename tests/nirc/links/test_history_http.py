"""The last hours by HTTP: what is looked at, and how it is asked for."""

import asyncio
from dataclasses import replace

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from node_views import router_view

from nirc.config import HistoryConfig
from nirc.core.view import RouterView
from nirc.links.history_http import MOVED, HistoryHttp, looks_at


class Kept:
    """One node's, with a clock and a picture."""

    def __init__(self) -> None:
        self.now_s = 9_000.0
        self.view = router_view(0.0)
        self.broken = False
        settings = HistoryConfig(sample_s=0.5)
        self.http = HistoryHttp(
            node="n1", view=self._view, settings=settings, wall_unix_s=lambda: self.now_s
        )

    def _view(self) -> RouterView:
        if self.broken:
            raise KeyError("mistake of ours")
        return self.view

    def client(self) -> TestClient[web.Request, web.Application]:
        app = web.Application()
        app.add_routes(self.http.routes())
        return TestClient(TestServer(app))


def test_agents_of_several_queues_count_once_at_their_site() -> None:
    network, site, first, second = looks_at(router_view(0.0))
    assert (network.place, site.place, first.place) == (
        ("", ""),
        ("lisbon", ""),
        ("lisbon", "sales"),
    )
    assert site.busy == network.busy == 2 and first.busy == second.busy == 2
    assert network.waiting == 8 and first.waiting == 4


def test_the_service_level_is_told_where_there_is_one() -> None:
    view = router_view(0.0)
    queue = replace(view.sites[0].queues[0], window_offered_count=3, window_in_time_count=2)
    site = replace(view.sites[0], queues=(queue, view.sites[0].queues[1]))
    counters = {MOVED: 4}
    network, _, first, second = looks_at(replace(view, sites=(site,), counters=counters))
    assert first.service_level == 0.6667 and second.service_level is None
    assert network.moved_count == 4


async def test_it_is_asked_for_by_place_and_in_pages() -> None:
    kept = Kept()
    kept.http.look()
    async with kept.client() as client:
        told = await (await client.get("/api/v1/history")).json()
        assert (told["interval_s"], told["begin_unix_s"]) == (900.0, [9_000.0])
        assert [(one["site"], one["queue"]) for one in told["places"]] == [
            ("", ""),
            ("lisbon", ""),
            ("lisbon", "help"),
            ("lisbon", "sales"),
        ]
        assert told["places"][3]["waiting_max"] == [4.0]
        part = await (await client.get("/api/v1/history?site=lisbon&limit=1")).json()
        assert [one["queue"] for one in part["places"]] == [""] and part["next"]
        path = f"/api/v1/history?site=lisbon&limit=2&after={part['next']}"
        rest = await (await client.get(path)).json()
        assert [one["queue"] for one in rest["places"]] == ["help", "sales"] and not rest["next"]


async def test_it_looks_on_after_a_fault(caplog: pytest.LogCaptureFixture) -> None:
    kept = Kept()
    kept.broken = True
    kept.http.start()
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert "could not look" in caplog.text
    kept.broken = False
    for _ in range(500):
        if kept.http._kept.begins():
            break
        await asyncio.sleep(0.01)
    assert kept.http._kept.begins() == (9_000.0,)
    await kept.http.stop()
