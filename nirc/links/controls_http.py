"""The part of a node's HTTP API that begins, shows and ends emergency controls.

Rule of this file: the router says what may be and what it would do; etcd keeps it; who did it and
why stands in the audit. Nothing is in force before etcd has it.
"""

import hashlib
import logging
from collections.abc import Callable, Sequence
from typing import Protocol

from aiohttp import web

from nirc.core.actions import ControlWeighed
from nirc.core.events import Event, WeighControl
from nirc.core.view import RouterView
from nirc.errors import RequestError
from nirc.links.api_server import asked, bound, page
from nirc.links.core_asks import CoreAsks
from nirc.links.etags import if_match_revision, revision_etag
from nirc.links.problems import json_answer, problem
from nrcli.wire.control_models import Control, Controls, ControlWanted
from nrcli.wire.query_models import EndControlQuery, Page

log = logging.getLogger(__name__)

WAIT_S_MAX = 5.0
ID_CHARS = 12
LISTS = "`nrcli controls` lists those in force"


class ControlKeeper(Protocol):
    """Where controls are kept."""

    async def begin(self, control: Control) -> bool:
        """Keep a new one; True once this node applies it."""

    async def end(self, control_id: str) -> bool:
        """Take one out; False where it is not kept."""


class ControlsHttp:
    """Routes, and whoever waits for the router's word."""

    def __init__(
        self,
        *,
        post: Callable[[Event], object],
        new_id: Callable[[], str],
        view: Callable[[], RouterView],
        keeper: ControlKeeper,
        wait_s: float = WAIT_S_MAX,
    ) -> None:
        self._new_id = new_id
        self._view = view
        self._keeper = keeper
        self._wait_s = wait_s
        self._asks = CoreAsks[ControlWeighed](post=post, new_id=new_id, wait_s=wait_s)

    def routes(self) -> Sequence[web.RouteDef]:
        """What is served."""
        return bound(
            {
                "listControls": self._list,
                "getControl": self._get,
                "previewControl": self._preview,
                "beginControl": self._begin,
                "endControl": self._end,
            }
        )

    def told(self, action: ControlWeighed) -> None:
        """The router's word."""
        self._asks.told(action.id, action)

    async def _list(self, request: web.Request) -> web.Response:
        found, after = page(self._view().controls, asked(request, Page), lambda one: one.id)
        return json_answer(Controls(controls=found, next=after))

    async def _get(self, request: web.Request) -> web.Response:
        name = request.match_info["id"]
        found = next((one for one in self._view().controls if one.id == name), None)
        if found is None:
            return _unknown(name)
        return json_answer(found)

    async def _preview(self, request: web.Request) -> web.Response:
        wanted = ControlWanted.model_validate_json(await request.read())
        told = await self._weighed(wanted, wants_effect=True)
        assert told.effect is not None
        etag = revision_etag(_mark(wanted, told.base))
        return json_answer(told.effect.model_copy(update={"etag": etag}), 200, {"ETag": etag})

    async def _begin(self, request: web.Request) -> web.Response:
        wanted = ControlWanted.model_validate_json(await request.read())
        expected = if_match_revision(request.headers)
        told = await self._weighed(wanted, wants_effect=False)
        assert told.control is not None
        if expected not in (None, _mark(wanted, told.base)):
            remedy = "documents or controls changed since the preview: look again"
            return problem(412, "what was previewed is not so any more", remedy=remedy)
        control = told.control
        log.warning("%s begins control %s: %s", control.who, control.id, control.model_dump_json())
        if not await self._keeper.begin(control):
            log.warning("control %s is kept, and not heard of at this node yet", control.id)
        return json_answer(control, 201, {"Location": f"{request.path}/{control.id}"})

    async def _end(self, request: web.Request) -> web.Response:
        query, name = asked(request, EndControlQuery), request.match_info["id"]
        found = next((one for one in self._view().controls if one.id == name), None)
        if found is None or not await self._keeper.end(name):
            return _unknown(name)
        log.warning("%s ends control %s: %r", query.author, name, query.reason)
        return json_answer(found)

    async def _weighed(self, wanted: ControlWanted, *, wants_effect: bool) -> ControlWeighed:
        """The router's word. Raises RequestError."""
        name = self._new_id()[:ID_CHARS]
        told = await self._asks.ask(
            lambda ask: WeighControl(
                id=ask, control_id=name, wanted=wanted, wants_effect=wants_effect
            )
        )
        if told is None:
            remedy = "nothing was begun; is the node overloaded? try another node"
            silence = f"no answer in {self._wait_s:g} s"
            raise RequestError("", silence, remedy, status=504)
        if told.problem is not None:
            place, what, remedy = told.problem
            raise RequestError(place, what, remedy, status=422 if place else 409)
        return told


def _mark(wanted: ControlWanted, base: str) -> int:
    """Of what was asked for and what it was judged by; who asks and why does not count."""
    text = wanted.model_dump_json(exclude={"author", "reason"})
    digest = hashlib.blake2s(f"{base}\n{text}".encode("utf-8", "surrogatepass"), digest_size=7)
    return int.from_bytes(digest.digest())


def _unknown(name: str) -> web.Response:
    return problem(404, f"no control {name[:80]} is in force", remedy=LISTS)
