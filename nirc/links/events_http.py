"""The live stream of a node's HTTP API: server-sent events of what changes.

Rule of this file: it looks, writes and drops; what an event is and which ids resume is decided in
`live_changes` and `live_log`. All readers share one look and the same bytes; nobody is waited for.
"""

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress

from aiohttp import web

from nirc.config import EventsConfig
from nirc.links.api_server import asked, bound
from nirc.links.live_changes import LiveChanges, NodePicture, snapshot_part
from nirc.links.live_log import LiveLog
from nirc.links.problems import problem
from nirc.links.who_may import CALLER
from nrcli.wire.live_models import KINDS, Kind
from nrcli.wire.query_models import EventsQuery

log = logging.getLogger(__name__)

LAST_ID = "Last-Event-ID"
COME_AGAIN_S = 5
HEADERS = {
    "Content-Type": "text/event-stream; charset=utf-8",
    "Cache-Control": "no-store",
    "X-Accel-Buffering": "no",
}
HELLO = b"retry: 1000\n\n"
HEARTBEAT = b":\n\n"


class EventsHttp:
    """The stream. `start` before the first reader, `stop` before the server ends."""

    def __init__(
        self,
        *,
        picture: Callable[[], NodePicture],
        run: str,
        settings: EventsConfig,
        now_s: Callable[[], float],
    ) -> None:
        """`run`: a name of this run of the node, for the ids."""
        self._picture = picture
        self._settings = settings
        self._now_s = now_s
        self._changes = LiveChanges()
        self._log = LiveLog(
            run=run, events_max=settings.kept_max, bytes_max=settings.kept_bytes_max
        )
        self._seen: NodePicture | None = None
        self._parts: dict[Kind, bytes] = {}
        self._spent_s = 0.0
        self._wanted = asyncio.Event()
        self._looked = asyncio.Event()
        self._ended = False
        self._task: asyncio.Task[None] | None = None
        self.readers_count = 0
        self.dropped_count = 0
        "Readers that were too slow."

    def routes(self) -> list[web.RouteDef]:
        """What is served."""
        return bound({"readEvents": self._serve})

    @property
    def counts(self) -> tuple[int, int]:
        """(readers now, readers that were dropped)."""
        return self.readers_count, self.dropped_count

    def start(self) -> None:
        """Look from now on, whenever somebody reads."""
        self._task = asyncio.ensure_future(self._look_on())

    async def stop(self) -> None:
        """Send every reader away."""
        self._ended = True
        self._looked.set()
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    # ---- looking -------------------------------------------------------------------------------

    async def _look_on(self) -> None:
        while True:
            await self._wanted.wait()
            self._spent_s = 0.0
            try:
                self._look()
            except Exception:
                log.exception("the live stream could not look at the node")
            looked, self._looked = self._looked, asyncio.Event()
            looked.set()
            await asyncio.sleep(self._settings.sample_s)
            # Snapshots of newcomers count, too.
            if (rest_s := self._spent_s / self._settings.share_max) > self._settings.sample_s:
                await asyncio.sleep(rest_s - self._settings.sample_s)

    def _look(self) -> None:
        began_s = self._now_s()
        picture = self._picture()
        self._log.add(self._changes.look(picture))
        self._seen = picture
        self._parts.clear()
        self._spent_s += self._now_s() - began_s

    def _snapshot(self, kinds: frozenset[Kind]) -> bytes:
        assert self._seen is not None, "nobody is served before the first look"
        began_s = self._now_s()
        for kind in kinds - self._parts.keys():
            self._parts[kind] = snapshot_part(kind, self._seen)
        self._spent_s += self._now_s() - began_s
        return self._log.reset([self._parts[kind] for kind in KINDS if kind in kinds])

    # ---- readers -------------------------------------------------------------------------------

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        said = asked(request, EventsQuery).kinds
        chosen = KINDS if said is None else said.split(",")
        kinds = frozenset(kind for kind in KINDS if kind in chosen)
        if self.readers_count >= self._settings.readers_max or self._ended:
            remedy = "another node has the same stream; see admin.events.readers_max"
            answer = problem(503, f"{self.readers_count} read already", remedy=remedy)
            answer.headers["Retry-After"] = str(COME_AGAIN_S)
            return answer
        response = web.StreamResponse(headers=HEADERS)
        self.readers_count += 1
        try:
            await response.prepare(request)
            await self._write_on(request, response, kinds)
        except ConnectionError:
            pass  # the reader has left
        finally:
            self.readers_count -= 1
            if self.readers_count == 0:
                self._wanted.clear()
                self._seen = None  # whoever comes next waits for a new look
        return response

    async def _write_on(
        self, request: web.Request, response: web.StreamResponse, kinds: frozenset[Kind]
    ) -> None:
        """Until the reader leaves, is too slow, or the node ends."""
        self._wanted.set()
        await response.write(HELLO)
        while self._seen is None and not self._ended:
            await self._looked.wait()
        number = self._log.number_of(request.headers.get(LAST_ID, ""))
        written_s = self._now_s()
        caller = request.get(CALLER)
        while not self._ended and (caller is None or caller.holds()):
            looked = self._looked
            chunk = self._log.after(number, kinds) if number is not None else None
            if chunk is None:
                chunk = self._snapshot(kinds)
            number = self._log.newest
            quiet_s = self._now_s() - written_s
            if not chunk and quiet_s >= self._settings.heartbeat_s:
                chunk = HEARTBEAT
            if chunk:
                if not await self._took(request, response, chunk):
                    return
                written_s, quiet_s = self._now_s(), 0.0
            with suppress(TimeoutError):
                async with asyncio.timeout(self._settings.heartbeat_s - quiet_s):
                    await looked.wait()

    async def _took(self, request: web.Request, response: web.StreamResponse, chunk: bytes) -> bool:
        """Write; False when the reader was too slow and is dropped."""
        try:
            async with asyncio.timeout(self._settings.write_s_max):
                await response.write(chunk)
        except TimeoutError:
            self.dropped_count += 1
            log.warning("a reader of the live stream is too slow, and dropped: %s", request.remote)
            if request.transport is not None:
                request.transport.abort()
            return False
        return True
