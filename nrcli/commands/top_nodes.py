"""Asks the node that `nrcli top` shows, and another one when it is silent.

Rule of this file: one node is asked at a time, in turn from the one that answered last; which other
nodes there are is told by `--also` and by the cluster itself, whose nodes all take the token of one
session. A node that refuses the token is not asked again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace

from nrcli.admin_client import AdminClient
from nrcli.commands.node_access import NodeAccess
from nrcli.commands.top_picture import Picture
from nrcli.errors import AdminError
from nrcli.wire.alarm_models import Alarms
from nrcli.wire.api_models import Calls, QueueEntries, Sites
from nrcli.wire.resource_models import Cluster, Queues
from nrcli.wire.session_models import SessionMade, SessionWanted

PAGE = {"limit": "1000"}
REFUSED = (401, 403)
SILENT_S = 3.0
"A node that has not answered everything by then is silent."


class Nodes:
    """Nodes by URL, and the one that is asked."""

    def __init__(self, nodes: Sequence[NodeAccess], unix_s: Callable[[], float]) -> None:
        self._nodes = {node.url: node for node in nodes}
        self._unix_s = unix_s
        self._refused: set[str] = set()
        self._tokens: dict[str, str] = {}
        "Of a session, by URL: instead of a token file."
        self.url = nodes[0].url
        "Of the node that is asked."

    async def picture(self) -> Picture:
        """What the first node says that answers. Raises AdminError if none does: the first
        one's."""
        problem: AdminError | None = None
        for url in self._in_turn():
            try:
                found = await self._ask(self._nodes[url])
            except AdminError as error:
                if error.status in REFUSED and self._tokens.pop(url, None) is None:
                    self._refused.add(url)
                problem = problem or error
                continue
            self.url = url
            return found
        assert problem is not None
        raise problem

    async def learn(self, author: str) -> None:
        """Ask the node that answers who else there is, and begin a session that all of them take;
        where that cannot be, those named by `--also` are all."""
        own = self._nodes[self.url]
        try:
            async with (
                asyncio.timeout(SILENT_S),
                AdminClient(own.url, own.token(), own.ca) as node,
            ):
                found = [one.url for one in (await node.read(Cluster, "/cluster")).nodes]
                others = [url for url in found if url and url.rstrip("/") not in self._nodes]
                if not others:
                    return
                wanted = SessionWanted(author=author)
                session = await node.send(SessionMade, "/session", wanted)
        except (AdminError, TimeoutError):
            return
        self._tokens[own.url] = session.token
        for url in others:
            self._nodes[url] = replace(own, url=url)
            self._tokens[url] = session.token

    def _in_turn(self) -> list[str]:
        known = [url for url in self._nodes if url not in self._refused] or list(self._nodes)
        start = known.index(self.url) if self.url in known else 0
        return known[start:] + known[:start]

    async def _ask(self, access: NodeAccess) -> Picture:
        try:
            async with (
                asyncio.timeout(SILENT_S),
                AdminClient(access.url, self._token(access), access.ca) as node,
            ):
                return await self._said(node)
        except TimeoutError as error:
            raise AdminError(f"no answer of {access.url} in {SILENT_S:g} s") from error

    def _token(self, access: NodeAccess) -> str:
        return self._tokens.get(access.url) or access.token()

    async def _said(self, node: AdminClient) -> Picture:
        return Picture(
            status=await node.status(),
            sites=(await node.read(Sites, "/sites", PAGE)).sites,
            queues=(await node.read(Queues, "/queues", PAGE)).queues,
            calls=(await node.read(Calls, "/calls", PAGE)).calls,
            entries=(await node.read(QueueEntries, "/queue", PAGE)).entries,
            alarms=(await node.read(Alarms, "/alarms", PAGE)).alarms,
            at_unix_s=self._unix_s(),
        )
