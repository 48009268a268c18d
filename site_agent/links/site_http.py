"""What the site's HTTP API serves beside its CTI: metrics, and edges sent elsewhere and back.

Rule of this file: it shows and hands on; the token is looked at before anything comes here.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence

from aiohttp import web

from nrcli.telemetry.metric_families import MetricFamily, prometheus_text
from nrcli.telemetry.process_figures import process_families
from site_agent.core.view import SiteDaemonView
from site_agent.links.site_edges import SiteEdges
from site_agent.links.site_figures import site_families

DRAINING = 'give {"draining": true}, or false'


class SiteHttp:
    """Further routes of one site agent."""

    def __init__(
        self,
        view: Callable[[], SiteDaemonView],
        edges: SiteEdges,
        further: Callable[[], Iterable[MetricFamily]] = tuple,
    ) -> None:
        """`further`: figures that others tell."""
        self._view = view
        self._edges = edges
        self._further = further

    def routes(self) -> Sequence[web.RouteDef]:
        """What is served."""
        return [web.get("/metrics", self._metrics), web.put("/v1/pre-route", self._drain)]

    def shown(self) -> dict[str, object]:
        """What the status page shows of edges."""
        if self._edges.sip is None:
            return {}
        shown = {"draining": self._edges.draining, **self._edges.counts()}
        return {"redirect_sip": shown}

    def families(self) -> list[MetricFamily]:
        """Everything that is counted, with what every process tells."""
        own = site_families(self._view(), self._edges.counts())
        return [*own, *self._further(), *process_families()]

    async def _metrics(self, request: web.Request) -> web.Response:
        text = prometheus_text(self.families())
        return web.Response(text=text, content_type="text/plain", charset="utf-8")

    async def _drain(self, request: web.Request) -> web.Response:
        try:
            wanted = (await request.json())["draining"]
        except (ValueError, TypeError, KeyError):
            wanted = None
        if not isinstance(wanted, bool):
            return _told(422, DRAINING)
        if not self._edges.drain(wanted):
            return _told(404, "no edge asks here: the file has no section pre_route")
        return web.json_response({"draining": wanted})


def _told(status: int, detail: str) -> web.Response:
    body = json.dumps({"status": status, "detail": detail})
    return web.Response(status=status, text=body, content_type="application/problem+json")
