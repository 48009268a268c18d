"""The part of a node's HTTP API that shows how traffic shifts go.

Rule of this file: it shows; a shift is begun and ended as the emergency control that it is.
"""

from collections.abc import Callable, Sequence

from aiohttp import web

from nirc.core.view import RouterView
from nirc.links.api_server import asked, bound, page
from nirc.links.problems import json_answer
from nrcli.wire.query_models import Page
from nrcli.wire.shift_models import Shifts


class ShiftsHttp:
    """One route."""

    def __init__(self, view: Callable[[], RouterView]) -> None:
        self._view = view

    def routes(self) -> Sequence[web.RouteDef]:
        """What is served."""
        return bound({"listShifts": self._list})

    async def _list(self, request: web.Request) -> web.Response:
        found, after = page(self._view().shifts, asked(request, Page), lambda one: one.id)
        return json_answer(Shifts(shifts=found, next=after))
