"""An agent's own view over the local HTTP: their state and their caller, asked for or as a stream.

Rule of this file: it shows what the core says and nothing else of the site. An event leaves when
something changed that a person can see; the time alone is no change. Data beyond the keys that an
agent may have never leaves.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping
from typing import Any

from aiohttp import web

from site_agent.core.agent_desks import AgentDesk, DeskCall
from site_agent.screen_pop import screen_pop_url

LOOK_S = 0.1
"How often streams look for changes, in seconds; one look serves them all."
PING_S = 15.0
STREAMS_MAX = 200
Desks = Callable[[], Mapping[str, AgentDesk]]


class DeskHttp:
    """Two routes of the local HTTP, one agent each."""

    def __init__(
        self,
        desks: Desks,
        now_s: Callable[[], float],
        *,
        screen_pop: str,
        data_keys: tuple[str, ...] = (),
    ) -> None:
        """`data_keys`: the keys of attached data that agents may have; empty: all."""
        self._desks = desks
        self._now_s = now_s
        self._screen_pop = screen_pop
        self._keys = data_keys
        self._seen: tuple[float, Mapping[str, AgentDesk]] = (float("-inf"), {})
        self._streams_count = 0
        self._stopping = False

    def add_to(self, app: web.Application) -> None:
        """The routes; whoever guards the application guards them."""
        app.router.add_get("/v1/agents/{agent}", self._state)
        app.router.add_get("/v1/agents/{agent}/events", self._events)

    def stop(self) -> None:
        """End every stream soon."""
        self._stopping = True

    async def _state(self, request: web.Request) -> web.Response:
        desk = self._desks().get(request.match_info["agent"])
        if desk is None:
            raise web.HTTPNotFound(reason="there is no such agent here")
        return web.json_response(self._shown(desk))

    async def _events(self, request: web.Request) -> web.StreamResponse:
        agent = request.match_info["agent"]
        if agent not in self._desks():
            raise web.HTTPNotFound(reason="there is no such agent here")
        if self._streams_count >= STREAMS_MAX:
            raise web.HTTPServiceUnavailable(reason=f"more than {STREAMS_MAX} streams")
        response = web.StreamResponse(headers={"Cache-Control": "no-store"})
        response.content_type = "text/event-stream"
        self._streams_count += 1
        try:
            await response.prepare(request)
            await self._tell(agent, response)
        except (ConnectionError, asyncio.CancelledError):
            pass
        finally:
            self._streams_count -= 1
        return response

    async def _tell(self, agent: str, response: web.StreamResponse) -> None:
        last: AgentDesk | None = None
        told_at_s = self._now_s()
        while not self._stopping:
            now_s, desk = self._now_s(), self._look().get(agent)
            if desk is None:
                return
            if desk != last:
                last, told_at_s = desk, now_s
                event = desk.call.phase if desk.call is not None else desk.state
                text = json.dumps(self._shown(desk), separators=(",", ":"), ensure_ascii=False)
                await response.write(f"event: {event}\ndata: {text}\n\n".encode())
            elif now_s - told_at_s >= PING_S:
                told_at_s = now_s
                await response.write(b": still here\n\n")
            await asyncio.sleep(LOOK_S)

    def _look(self) -> Mapping[str, AgentDesk]:
        """All desks, as they were a moment ago at most."""
        now_s = self._now_s()
        if now_s - self._seen[0] >= LOOK_S / 2:
            self._seen = (now_s, self._desks())
        return self._seen[1]

    def _shown(self, desk: AgentDesk) -> dict[str, Any]:
        return {
            "agent": desk.agent,
            "state": desk.state,
            "reason": desk.reason,
            "pending": desk.pending,
            "in_state_s": round(max(0.0, self._now_s() - desk.since_s), 3),
            "call": self._call(desk.agent, desk.call) if desk.call is not None else None,
        }

    def _call(self, agent: str, call: DeskCall) -> dict[str, Any]:
        data = self._allowed(call.data)
        left_s = round(max(0.0, call.until_s - self._now_s()), 3) if call.until_s else None
        names = {
            "call_id": call.call_id,
            "agent": agent,
            "interaction_id": call.interaction_id,
            "ani": call.ani,
            "queue": call.queue,
        }
        text = json.dumps(data, ensure_ascii=False).encode() if data is not None else b""
        return {
            "phase": call.phase,
            "interaction_id": call.interaction_id,
            "call_id": call.call_id,
            "service": call.service,
            "queue": call.queue,
            "ani": call.ani,
            "from_site": call.from_site,
            "left_s": left_s,
            "data": data,
            "url": screen_pop_url(self._screen_pop, names, text),
        }

    def _allowed(self, data: bytes) -> dict[str, Any] | None:
        """The object as far as agents may see it; None: there is none."""
        try:
            found = json.loads(data) if data else None
        except ValueError:
            return None
        if not isinstance(found, dict) or not self._keys:
            return found if isinstance(found, dict) else None
        return {key: found[key] for key in self._keys if key in found}
