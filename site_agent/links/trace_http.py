"""A call's SIP messages over the local HTTP, masked, also while no node is there.

Rule of this file: it shows what the ring keeps; whole numbers only where the site's file allows it,
and each time is logged.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from aiohttp import web

from nrcli.sip.trace_masking import masked_sip
from nrcli.sip.trace_ring import Traced, TraceRing, about
from nrcli.wire.trace_models import MESSAGES_MAX, CallTrace, TracedMessage
from site_agent.telemetry import log
from site_agent.trace_config import TraceConfig

WORD_CHARS_MAX = 200
PATH = "/api/v1/calls/{call}/trace"
"As at a node: `nrcli trace` asks either."


class TraceHttp:
    """One route of the local HTTP."""

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

    def routes(self) -> list[web.RouteDef]:
        """What is served."""
        return [web.get(PATH, self._trace)]

    async def _trace(self, request: web.Request) -> web.Response:
        word = request.match_info["call"]
        if len(word) > WORD_CHARS_MAX:
            raise web.HTTPUnprocessableEntity(
                reason=f"the name of a call has at most {WORD_CHARS_MAX} characters"
            )
        whole = request.query.get("unmasked", "") in ("1", "true", "yes")
        if whole and not self._config.unmasked:
            raise web.HTTPForbidden(
                reason="this site shows no whole numbers; its file would say `trace.unmasked: true`"
            )
        if whole:
            log.warning("%s: a trace of %.60r was shown unmasked", self._site, word)
        told = await asyncio.to_thread(self._told, self._ring.snapshot(), word, whole)
        return web.Response(text=told.model_dump_json(), content_type="application/json")

    def _told(self, kept: tuple[Traced, ...], word: str, whole: bool) -> CallTrace:
        """Searched and masked beside the loop: it may be many megabytes."""
        found = about(kept, word, MESSAGES_MAX + 1)
        now_s, unix_s = self._now_s(), self._unix_s()
        offset_s = unix_s - now_s
        messages = [
            TracedMessage(
                at_unix_s=round(one.at_s + offset_s, 6),
                place=self._site,
                sent=one.sent,
                transport=one.peer.transport,
                local=_text(one.peer.local),
                remote=_text(one.peer.remote),
                message=masked_sip(one.data, numbers=not whole).decode("utf-8", "replace"),
            )
            for one in found[:MESSAGES_MAX]
            if one.peer is not None
        ]
        return CallTrace(
            call=word,
            messages=messages,
            now_unix_s=unix_s,
            unmasked=whole,
            notes=self._notes(kept, len(found)),
        )

    def _notes(self, kept: tuple[Traced, ...], found_count: int) -> list[str]:
        notes = []
        if not self._config.messages_max:
            notes.append(f"{self._site} keeps no SIP messages (trace.messages_max is 0)")
        elif not kept:
            notes.append(f"{self._site} has heard no SIP yet, or its telephone system speaks none")
        if found_count > MESSAGES_MAX:
            notes.append(f"{self._site}: only the first {MESSAGES_MAX} messages of this call")
        return notes


def _text(address: tuple[str, int]) -> str:
    host, port = address
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
