"""The part of a node's HTTP API that tells the last hours of queues and sites.

Rule of this file: it looks and answers; what is kept of a look is decided in `place_history`.
"""

import asyncio
import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress

from aiohttp import web

from nirc.config import HistoryConfig
from nirc.core.view import RouterView, SiteView
from nirc.links.api_server import asked, bound, page
from nirc.links.place_history import KeptHistory, Look
from nirc.links.problems import json_answer
from nirc.links.site_status import site_summary
from nrcli.wire.history_models import History, HistoryQuery
from nrcli.wire.messages import QueueReport

log = logging.getLogger(__name__)

MOVED = "moves.answered"


class HistoryHttp:
    """Looks now and then. `start` and `stop`, both once."""

    def __init__(
        self,
        *,
        node: str,
        view: Callable[[], RouterView],
        settings: HistoryConfig,
        wall_unix_s: Callable[[], float],
    ) -> None:
        self._node = node
        self._view = view
        self._settings = settings
        self._wall_unix_s = wall_unix_s
        self._kept = KeptHistory(
            interval_s=settings.interval_s,
            intervals_max=settings.intervals_max,
            places_max=settings.places_max,
        )
        self._task: asyncio.Task[None] | None = None

    def routes(self) -> list[web.RouteDef]:
        """What is served."""
        return bound({"getHistory": self._tell})

    def start(self) -> None:
        """Look from now on."""
        self._task = asyncio.ensure_future(self._look_on())

    async def stop(self) -> None:
        """Look no more."""
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    def look(self) -> None:
        """Take one look."""
        self._kept.add(looks_at(self._view()), self._wall_unix_s())

    async def _look_on(self) -> None:
        while True:
            try:
                self.look()
            except Exception:
                log.exception("the history could not look at the node")
            await asyncio.sleep(self._settings.sample_s)

    async def _tell(self, request: web.Request) -> web.Response:
        query, kept = asked(request, HistoryQuery), self._kept
        wanted = [
            place
            for place in kept.places()
            if query.site in (None, place[0]) and query.queue in (None, place[1])
        ]
        part, after = page(wanted, query, "/".join)
        history = History(
            node=self._node,
            interval_s=kept.interval_s,
            begin_unix_s=kept.begins(),
            places=tuple(map(kept.of, part)),
            next=after,
        )
        return json_answer(history)


def looks_at(view: RouterView) -> Iterator[Look]:
    """The network, then each site and its queues."""
    sites = [(site, _site(site)) for site in view.sites]
    yield _network([look for _, look in sites], view.counters)
    for site, look in sites:
        yield look
        for queue in site.queues:
            yield _queue(site.site, queue)


def _network(sites: list[Look], counters: Mapping[str, int]) -> Look:
    return Look(
        place=("", ""),
        waiting=sum(one.waiting for one in sites),
        ready=sum(one.ready for one in sites),
        busy=sum(one.busy for one in sites),
        moved_count=counters.get(MOVED, 0),
    )


def _site(site: SiteView) -> Look:
    summary = site_summary(site)
    return Look(
        place=(site.site, ""),
        waiting=summary.waiting_count,
        ready=summary.ready_count,
        busy=summary.busy_count,
    )


def _queue(site: str, queue: QueueReport) -> Look:
    offered = queue.window_offered_count
    return Look(
        place=(site, queue.queue),
        waiting=queue.waiting_count,
        ready=queue.ready_count,
        busy=queue.busy_count,
        answered_count=queue.answered_count,
        abandoned_count=queue.abandoned_count,
        service_level=round(queue.window_in_time_count / offered, 4) if offered else None,
    )
