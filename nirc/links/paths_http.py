"""The part of a node's HTTP API about paths and number pools: how they stand, and the wish to
try a path.

Rule of this file: the router judges; how a test call went is read from its view.
"""

from collections.abc import Callable, Sequence
from dataclasses import asdict

from aiohttp import web
from pydantic import TypeAdapter

from nirc.core.events import Event, ProbePath
from nirc.core.view import RouterView
from nirc.links.api_server import bound
from nirc.links.pools_status import pool_statuses
from nirc.links.problems import json_answer
from nrcli.wire.path_models import Paths, Pools, ProbeBegun, ProbeWanted

START = "probe-"


class PathsHttp:
    """Routes."""

    def __init__(
        self,
        *,
        post: Callable[[Event], object],
        view: Callable[[], RouterView],
        new_id: Callable[[], str],
    ) -> None:
        self._post = post
        self._view = view
        self._new_id = new_id

    def routes(self) -> Sequence[web.RouteDef]:
        """What is served."""
        return bound({"listPaths": self._paths, "listPools": self._pools, "probePath": self._probe})

    async def _paths(self, _request: web.Request) -> web.Response:
        view = self._view()
        found = {
            "paths": [asdict(one) for one in view.paths],
            "probes": [asdict(one) for one in view.probes],
        }
        return json_answer(Paths.model_validate(found))

    async def _pools(self, _request: web.Request) -> web.Response:
        told = [one for site in self._view().sites for one in pool_statuses(site)]
        return json_answer(Pools(pools=tuple(told)))

    async def _probe(self, request: web.Request) -> web.Response:
        wanted = TypeAdapter(ProbeWanted).validate_json(await request.read())
        probe_id = self._new_id()
        self._post(
            ProbePath(id=probe_id, path=wanted.path, to_site=wanted.to_site, method=wanted.method)
        )
        return json_answer(ProbeBegun(id=START + probe_id), 202)
