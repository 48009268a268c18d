"""Lets a node that does not lead answer what only the leader knows, by asking the leader.

Rule of this file: reads alone, and once: what another node asks is answered here, whoever leads, so
that two nodes that disagree never ask one another to and fro. Who asked stays who asks: a session
is passed on; for whoever came with this node's own token a session of a few seconds is made. When
the leader does not answer, this node says what it knows.
"""

import asyncio
import logging
import secrets
import ssl
from collections.abc import Callable, Mapping
from pathlib import Path

import aiohttp
from aiohttp import web

from nirc.links.leader_redirect import leader_elsewhere
from nirc.links.session_tokens import token_of
from nirc.links.who_may import CALLER, SessionKeyring
from nrcli.wire.api_models import Status
from nrcli.wire.api_routes import ASK_LEADER, Operation
from nrcli.wire.session_models import Session

log = logging.getLogger(__name__)

ASKED_BY = "NIRC-Asked-By"
"The node that asks for somebody; what has it is answered where it is."
ANSWERED_BY = "NIRC-Answered-By"
"The node whose knowledge an answer is."
ASK_S_MAX = 2.0
SESSION_S = 30
CONNECTIONS_MAX = 20
ANSWER_BYTES_MAX = 16 << 20
PASSED_ON = frozenset({200, 400, 404, 409, 422})
"Any other answer is of no use to whoever asked."


class LeaderReads:
    """Asks the leader. `stop` at the end."""

    def __init__(
        self,
        *,
        node: str,
        status: Callable[[], Status],
        urls: Mapping[str, str],
        keyring: SessionKeyring,
        wall_unix_s: Callable[[], float],
        ca: Path | None = None,
    ) -> None:
        """`urls`: the nodes' HTTP APIs by name; `ca` signed their certificates, None: the system
        knows who did."""
        self._node = node
        self._status = status
        self._urls = urls
        self._keyring = keyring
        self._wall_unix_s = wall_unix_s
        self._ca = ca
        self._client: aiohttp.ClientSession | None = None

    async def answer(self, request: web.Request, operation: Operation) -> web.Response | None:
        """The leader's answer; None where the request is to be answered here."""
        if operation.id not in ASK_LEADER or ASKED_BY in request.headers:
            return None
        leader = leader_elsewhere(self._status())
        url, token = self._urls.get(leader, ""), self._token(request)
        if not url or not token:
            return None
        headers = {"Authorization": f"Bearer {token}", ASKED_BY: self._node}
        try:
            async with self._asking().get(
                f"{url}{request.rel_url.raw_path}?{request.rel_url.raw_query_string}",
                headers=headers,
                allow_redirects=False,
            ) as found:
                body = await found.content.read(ANSWER_BYTES_MAX + 1)
                while len(body) <= ANSWER_BYTES_MAX and not found.content.at_eof():
                    body += await found.content.read(ANSWER_BYTES_MAX)
        except (aiohttp.ClientError, OSError, TimeoutError, asyncio.IncompleteReadError) as error:
            log.info("%s leads and does not answer: %r", leader, error)
            return None
        if found.status not in PASSED_ON or len(body) > ANSWER_BYTES_MAX:
            log.info("%s leads and answers %d", leader, found.status)
            return None
        return web.Response(
            body=body,
            status=found.status,
            headers={"Content-Type": found.headers.get("Content-Type", ""), ANSWERED_BY: leader},
        )

    async def stop(self) -> None:
        """Close the connections."""
        client, self._client = self._client, None
        if client is not None:
            await client.close()

    def _asking(self) -> aiohttp.ClientSession:
        if self._client is None:
            context = ssl.create_default_context(cafile=str(self._ca) if self._ca else None)
            self._client = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(ssl=context, limit=CONNECTIONS_MAX),
                timeout=aiohttp.ClientTimeout(total=ASK_S_MAX),
                cookie_jar=aiohttp.DummyCookieJar(),
            )
        return self._client

    def _token(self, request: web.Request) -> str:
        """Empty where none can be made."""
        caller, key = request[CALLER], self._keyring.key
        if caller.session.id or key is None:
            return caller.token if caller.session.id else ""
        now_unix_s = self._wall_unix_s()
        session = Session(
            who=f"token of {self._node}",
            id=secrets.token_hex(16),
            node=self._node,
            began_unix_s=now_unix_s,
            ends_unix_s=now_unix_s + SESSION_S,
        )
        return token_of(session, key)
