"""The part of a node's HTTP API that changes the network queue: an operator takes an entry out.

Rule of this file: the router judges, the entry's own site acts; who did it and why stands in the
node's log. Who gets no answer in time is told so.
"""

import logging
from collections.abc import Callable, Sequence

from aiohttp import web
from pydantic import TypeAdapter

from nirc.core.actions import EntryTold
from nirc.core.events import Event, TakeEntryOut
from nirc.links.api_server import bound
from nirc.links.core_asks import CoreAsks
from nirc.links.problems import json_answer, problem
from nrcli.wire.queue_models import EntryTakenOut, TakeOut

log = logging.getLogger(__name__)

WAIT_S_MAX = 2.0
STATUS = {"unknown": 404, "elsewhere": 409, "away": 503, "busy": 409}


class QueueHttp:
    """Routes, and whoever waits for the router's word."""

    def __init__(
        self,
        *,
        post: Callable[[Event], object],
        new_id: Callable[[], str],
        wait_s: float = WAIT_S_MAX,
    ) -> None:
        self._wait_s = wait_s
        self._asks = CoreAsks[EntryTold](post=post, new_id=new_id, wait_s=wait_s)

    def routes(self) -> Sequence[web.RouteDef]:
        """What is served."""
        return bound({"takeEntryOut": self._take_out})

    def told(self, action: EntryTold) -> None:
        """The router's word."""
        self._asks.told(action.id, action)

    async def _take_out(self, request: web.Request) -> web.Response:
        wanted = TypeAdapter(TakeOut).validate_json(await request.read())
        told = await self._asked(wanted)
        if told is None:
            remedy = "is the node overloaded? `nrcli queue` shows whether it was done"
            return problem(504, f"no answer in {self._wait_s:g} s", remedy=remedy)
        if told.problem is not None:
            kind, what, remedy = told.problem
            log.info("%s may not take out entry %s: %s", wanted.author, wanted.entry_id, what)
            return problem(STATUS[kind], what, place=wanted.entry_id, remedy=remedy)
        log.warning(
            "%s takes %s %s (interaction %s) of site %s out of the network queue: %s",
            *(wanted.author, told.kind, wanted.entry_id, told.interaction_id, told.site),
            wanted.reason or "no reason given",
        )
        answer = EntryTakenOut(entry_id=wanted.entry_id, site=told.site, kind=told.kind)
        return json_answer(answer, 202)

    async def _asked(self, wanted: TakeOut) -> EntryTold | None:
        return await self._asks.ask(
            lambda ask: TakeEntryOut(
                id=ask,
                entry_id=wanted.entry_id,
                author=wanted.author,
                reason=wanted.reason,
                announcement=wanted.announcement,
            )
        )
