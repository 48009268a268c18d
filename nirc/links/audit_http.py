"""Writes down every administrative act of the HTTP API: who, what, when, and what came of it.

Rule of this file: nothing of a request's body but its author and reason is kept; what people wrote
never becomes a line of its own in the log.
"""

import json
import logging
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web
from pydantic import ValidationError

from nirc.links.api_server import QUERY, asked, bound, operation_of
from nirc.links.problems import json_answer
from nirc.links.who_may import CALLER, SUBJECT
from nrcli.wire.api_models import PROBLEM_JSON
from nrcli.wire.query_models import ActQuery, AuditQuery, EndControlQuery
from nrcli.wire.resource_models import Audit, AuditRecord

log = logging.getLogger(__name__)

STREAM = "audit"
KEPT_MAX = 1_000
LOOKED_AT_MAX = 1_000
WORDS_MAX = 500

Search = Callable[[int], Awaitable[list[dict[str, Any]]]]
"Newest records of all nodes, oldest first; none while Redis is away."


class AuditHttp:
    """The acts of this node, and the list of all nodes' acts."""

    def __init__(
        self,
        *,
        node: str,
        record: Callable[[str, object], None],
        search: Search,
        wall_unix_s: Callable[[], float],
    ) -> None:
        self._node = node
        self._record = record
        self._search = search
        self._wall_unix_s = wall_unix_s
        self._own: deque[AuditRecord] = deque(maxlen=KEPT_MAX)

    def routes(self) -> list[web.RouteDef]:
        """What is served."""
        return bound({"listAudit": self._list})

    async def note(self, request: web.Request, answer: web.StreamResponse) -> None:
        """Write an answered request down, if it was an act."""
        operation = operation_of(request)
        if operation is None or not operation.audited:
            return
        author, reason = await _who_and_why(request)
        record = AuditRecord(
            at_unix_s=self._wall_unix_s(),
            node=self._node,
            act=operation.id,
            path=request.path[:WORDS_MAX],
            author=author,
            who=caller.session.who if (caller := request.get(CALLER)) else "",
            reason=reason,
            subject=request.get(SUBJECT, ""),
            remote=request.remote or "",
            status=answer.status,
            problem=_problem_of(answer),
        )
        self._own.append(record)
        self._record(STREAM, record.model_dump())
        log.info(
            "audit: %s of %r by %r (session of %r) from %s, because %r: %d",
            *(record.act, record.path, author, record.who),
            *(record.remote, reason, record.status),
        )

    async def _list(self, request: web.Request) -> web.Response:
        query = asked(request, AuditQuery)
        stored = [one for one in map(_read, await self._search(LOOKED_AT_MAX)) if one is not None]
        acts = stored or list(self._own)
        wanted = [
            one
            for one in acts
            if query.act in (None, one.act) and query.author in (None, one.author)
        ]
        return json_answer(Audit(acts=tuple(wanted[-query.limit :]), all_nodes=bool(stored)))


async def _who_and_why(request: web.Request) -> tuple[str, str]:
    query = request.get(QUERY)
    if isinstance(query, ActQuery | EndControlQuery) and (query.author or query.reason):
        return query.author, query.reason
    try:
        said = json.loads(await request.read())
    except (ValueError, RecursionError):
        return "", ""
    if not isinstance(said, dict):
        return "", ""
    words = (said.get("author", ""), said.get("reason", ""))
    author, reason = (one[:WORDS_MAX] if isinstance(one, str) else "" for one in words)
    return author, reason


def _problem_of(answer: web.StreamResponse) -> str:
    if isinstance(answer, web.Response) and answer.content_type == PROBLEM_JSON:
        return str(json.loads(answer.text or "{}").get("detail", ""))[:WORDS_MAX]
    return ""


def _read(stored: dict[str, Any]) -> AuditRecord | None:
    try:
        return AuditRecord.model_validate(stored)
    except ValidationError:
        return None
