"""The part of a node's HTTP API that begins and ends sessions of the whole network.

Rule of this file: only a node's own token begins one, so that no session outlives its time by
another.
"""

import secrets
from collections.abc import Callable

from aiohttp import web

from nirc.errors import RequestError, StoreUnavailableError
from nirc.links.api_server import asked, bound
from nirc.links.problems import json_answer
from nirc.links.session_tokens import token_of
from nirc.links.who_may import CALLER, SUBJECT, SessionKeyring
from nrcli.wire.session_models import Session, SessionMade, SessionQuery, SessionWanted

ID_BYTES = 16
PLACE = "Authorization"


class SessionHttp:
    """Handlers; `routes` are added to the node's API, whose guard is before them."""

    def __init__(
        self, *, node: str, keyring: SessionKeyring, life_s: int, wall_unix_s: Callable[[], float]
    ) -> None:
        self._node = node
        self._keyring = keyring
        self._life_s = life_s
        self._wall_unix_s = wall_unix_s

    def routes(self) -> list[web.RouteDef]:
        """All of them."""
        return bound(
            {
                "makeSession": self._make,
                "getSession": self._tell,
                "endSession": self._end,
            }
        )

    async def _make(self, request: web.Request) -> web.Response:
        if request[CALLER].session.id:
            remedy = "begin one with the token in a node's token file"
            raise RequestError(PLACE, "a session begins no other", remedy, status=403)
        wanted = SessionWanted.model_validate_json(await request.read())
        key = self._keyring.key
        if key is None:
            raise StoreUnavailableError("etcd", "the key of sessions is not known yet")
        began_unix_s = int(self._wall_unix_s())
        session = Session(
            who=wanted.author,
            id=secrets.token_hex(ID_BYTES),
            node=self._node,
            began_unix_s=began_unix_s,
            ends_unix_s=began_unix_s + self._life_s,
        )
        request[SUBJECT] = session.id
        made = SessionMade(**session.model_dump(), token=token_of(session, key))
        return json_answer(made, headers={"Cache-Control": "no-store"})

    async def _tell(self, request: web.Request) -> web.Response:
        return json_answer(request[CALLER].session)

    async def _end(self, request: web.Request) -> web.Response:
        own, named = request[CALLER].session, asked(request, SessionQuery).id
        if named is None and not own.id:
            remedy = "name the session by `id`, or send its token"
            raise RequestError(PLACE, "a node's own token is no session", remedy, status=409)
        request[SUBJECT] = named or own.id
        if named is None or named == own.id:
            await self._keyring.end(own.id, own.ends_unix_s - self._wall_unix_s())
            return json_answer(own)
        await self._keyring.end(named, self._life_s)
        return json_answer(Session(id=named, roles=()))
