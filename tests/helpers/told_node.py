"""A node's HTTP API that says what it is given: for commands that only read."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from aiohttp import web
from pydantic import BaseModel

from nrcli.wire.alarm_models import Alarms
from nrcli.wire.api_models import (
    Calls,
    DomainLeader,
    QueueEntries,
    Sites,
    SiteSummary,
    Status,
    StoreStatus,
)
from nrcli.wire.live_models import QueueOfSite
from nrcli.wire.resource_models import Queues

TOKEN = "told-token"
STATUS = Status(
    node="n1",
    version="0.1.0",
    up_s=5.0,
    draining=False,
    domains=(
        DomainLeader(domain="default", leader="n1", generation=1, revision=2, leads_here=True),
    ),
    sites_linked=("lisbon", "porto"),
    peers_linked=(),
    documents_revision=1,
    etcd=StoreStatus(in_reach=True),
    redis=StoreStatus(in_reach=False, problem="not configured"),
    alarms_count=0,
    calls_in_motion_count=0,
    inbox_count=0,
)


def site(name: str, **more: object) -> SiteSummary:
    given = {"liveness": "alive", "linked": True, "usable": True, "state_age_s": 1.0}
    counts = {"ready_count": 1, "waiting_count": 0, "busy_count": 2}
    return SiteSummary.model_validate({"site": name} | given | counts | more)


def queue(site_name: str, name: str = "sales", **more: object) -> QueueOfSite:
    counts = dict.fromkeys(
        (
            *("staffed_count", "ready_count", "reserved_count", "busy_count", "acw_count"),
            *("not_ready_count", "waiting_count", "places_max", "places_held_count"),
            *("loan_count", "max_loan"),
        ),
        0,
    )
    given = {"open": True, "shared": True, "oldest_wait_s": 0.0, "aht_s": 60.0}
    return QueueOfSite.model_validate({"site": site_name, "queue": name} | counts | given | more)


def answers(**more: BaseModel) -> dict[str, BaseModel]:
    """By path under the API; `more` by its first word."""
    given: dict[str, BaseModel] = {
        "status": STATUS,
        "sites": Sites(sites=(site("lisbon"), site("porto", waiting_count=3))),
        "queues": Queues(
            queues=(queue("lisbon", waiting_count=1), queue("porto", waiting_count=3))
        ),
        "calls": Calls(calls=()),
        "queue": QueueEntries(entries_count=0, entries=()),
        "alarms": Alarms(alarms=()),
    }
    return given | more


@contextmanager
def told_node(said: Mapping[str, BaseModel]) -> Iterator[str]:
    """The URL of a node that says this, in a thread of its own."""
    loop = asyncio.new_event_loop()

    async def answer(request: web.Request) -> web.Response:
        if request.headers.get("Authorization") != f"Bearer {TOKEN}":
            return web.json_response({"title": "no", "status": 401}, status=401)
        found = said.get(request.match_info["name"])
        if found is None:
            return web.json_response({"title": "no such thing", "status": 404}, status=404)
        return web.json_response(text=found.model_dump_json())

    async def begin() -> tuple[web.AppRunner, int]:
        app = web.Application()
        app.router.add_get("/api/v1/{name}", answer)
        app.router.add_post("/api/v1/{name}", answer)
        runner = web.AppRunner(app, shutdown_timeout=0.1)
        await runner.setup()
        place = web.TCPSite(runner, "127.0.0.1", 0)
        await place.start()
        return runner, int(runner.addresses[0][1])

    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    runner, port = asyncio.run_coroutine_threadsafe(begin(), loop).result(10)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        asyncio.run_coroutine_threadsafe(runner.cleanup(), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()
