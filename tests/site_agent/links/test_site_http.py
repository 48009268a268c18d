"""Metrics, and edges sent elsewhere, over HTTP."""

import aiohttp
from aiohttp import web
from site_playbook import led

from site_agent.links.site_edges import SiteEdges
from site_agent.links.site_http import SiteHttp
from site_agent.pre_route_config import PreRouteConfig

CLIENTS = [{"name": "edge", "networks": ["127.0.0.0/8"], "trunk_group": "carrier"}]
SECTION = {"redirect_sip": "127.0.0.1:0", "clients": CLIENTS}


def edges_of(config: PreRouteConfig | None) -> SiteEdges:
    return SiteEdges(config, post=lambda _: True, new_id=lambda: "q", now_s=lambda: 1.0)


async def asked(http: SiteHttp, method: str, path: str, body: object = None) -> tuple[int, str]:
    app = web.Application()
    app.router.add_routes(http.routes())
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host, port = runner.addresses[0][:2]
    try:
        async with (
            aiohttp.ClientSession() as session,
            session.request(method, f"http://{host}:{port}{path}", json=body) as reply,
        ):
            return reply.status, await reply.text()
    finally:
        await runner.cleanup()


async def test_metrics_are_served_whether_edges_ask_or_not() -> None:
    http = SiteHttp(lambda: led().daemon.view(101.0), edges_of(None))
    status, text = await asked(http, "GET", "/metrics")
    assert status == 200 and "nirc_site_tier 0" in text
    assert http.shown() == {}


async def test_edges_are_sent_elsewhere_and_back() -> None:
    edges = edges_of(PreRouteConfig.model_validate(SECTION))
    http = SiteHttp(lambda: led().daemon.view(101.0), edges)
    assert (await asked(http, "PUT", "/v1/pre-route", {"draining": True}))[0] == 200
    assert http.shown() == {"redirect_sip": {"draining": True, "open": 0}}
    assert (await asked(http, "PUT", "/v1/pre-route", {"draining": False}))[0] == 200
    assert not edges.draining
    for wrong in ({"draining": "yes"}, [], None):
        status, text = await asked(http, "PUT", "/v1/pre-route", wrong)
        assert status == 422 and "draining" in text


async def test_without_edges_there_is_nothing_to_drain() -> None:
    http = SiteHttp(lambda: led().daemon.view(101.0), edges_of(None))
    assert (await asked(http, "PUT", "/v1/pre-route", {"draining": True}))[0] == 404
