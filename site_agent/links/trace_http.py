"""A call's SIP messages over the local HTTP, also while no node is there, and for a node that asks.

Rule of this file: it shows what the ring keeps; whole numbers only where the site's file allows it,
and each time is logged.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from aiohttp import web

from nrcli.records.sip_traces import trace_of
from nrcli.sip.trace_ring import TraceRing
from nrcli.wire.messages import TraceAsk, TraceTold
from nrcli.wire.trace_models import CallTrace, packed
from site_agent.telemetry import log
from site_agent.trace_config import TraceConfig

WORD_CHARS_MAX = 200
UNDER_WAY_MAX = 4
"Searches for nodes at once; one that finds no room is not answered, and the node says so."
PATH = "/api/v1/calls/{call}/trace"
"As at a node: `nrcli trace` asks either."
NOT_WHOLE = "this site shows no whole numbers; its file would say `trace.unmasked: true`"


class TraceHttp:
    """Routes of the local HTTP, and the answer to a node."""

    def __init__(
        self,
        site: str,
        ring: TraceRing,
        config: TraceConfig,
        now_s: Callable[[], float],
        unix_s: Callable[[], float],
    ) -> None:
        self._site, self._ring, self._config = site, ring, config
        self._now_s, self._unix_s = now_s, unix_s
        self._under_way: set[asyncio.Task[None]] = set()

    def routes(self) -> list[web.RouteDef]:
        """What is served."""
        return [web.get(PATH, self._masked), web.get(f"{PATH}/unmasked", self._whole)]

    def asked(self, said: object, send: Callable[[TraceTold], object]) -> bool:
        """Answer a node; False: it said something else."""
        if not isinstance(said, TraceAsk):
            return False
        if len(self._under_way) < UNDER_WAY_MAX:
            task = asyncio.get_running_loop().create_task(self._tell(said, send))
            self._under_way.add(task)
            task.add_done_callback(self._under_way.discard)
        return True

    async def _tell(self, ask: TraceAsk, send: Callable[[TraceTold], object]) -> None:
        whole = ask.unmasked and self._config.unmasked
        told = await self._told(ask.call[:WORD_CHARS_MAX], whole)
        if ask.unmasked and not whole:
            told.notes.append(f"{self._site}: masked: {NOT_WHOLE}")
        parts = await asyncio.to_thread(packed, told)
        for number, data in enumerate(parts):
            send(TraceTold(id=ask.id, part=number, parts_count=len(parts), data=data))

    async def _masked(self, request: web.Request) -> web.Response:
        return await self._answered(request.match_info["call"], False)

    async def _whole(self, request: web.Request) -> web.Response:
        if not self._config.unmasked:
            raise web.HTTPForbidden(reason=NOT_WHOLE)
        return await self._answered(request.match_info["call"], True)

    async def _answered(self, word: str, whole: bool) -> web.Response:
        if len(word) > WORD_CHARS_MAX:
            raise web.HTTPUnprocessableEntity(
                reason=f"the name of a call has at most {WORD_CHARS_MAX} characters"
            )
        told = await self._told(word, whole)
        return web.Response(text=told.model_dump_json(), content_type="application/json")

    async def _told(self, word: str, whole: bool) -> CallTrace:
        if whole:
            log.warning("%s: a trace of %.60r was shown unmasked", self._site, word)
        kept, now_s, unix_s = self._ring.snapshot(), self._now_s(), self._unix_s()
        told = await asyncio.to_thread(
            trace_of, self._site, kept, word, whole=whole, now_s=now_s, unix_s=unix_s
        )
        if not self._config.messages_max:
            told.notes.append(f"{self._site} keeps no SIP messages (trace.messages_max is 0)")
        elif not kept:
            nothing = "has heard no SIP yet, or its telephone system speaks it itself"
            told.notes.append(f"{self._site} {nothing}")
        return told
