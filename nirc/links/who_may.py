"""Decides who may ask the HTTP API: whoever has the node's own token, or that of a session.

Rule of this file: it tells who asks and whether that still holds; what they may do is no matter
of it yet.
"""

import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Protocol

from aiohttp import web

from nirc.links.problems import problem
from nirc.links.session_tokens import SessionRefusedError, session_of
from nrcli.wire.session_models import Session

REMEDY = (
    "send `Authorization: Bearer <token>`; the token is in the node's token file, or begin a"
    " session with it: POST /api/v1/session"
)


class SessionKeyring(Protocol):
    """What is known of sessions in the whole network."""

    @property
    def key(self) -> bytes | None:
        """What tokens are signed with; None while it is not known."""

    def is_ended(self, session: str) -> bool:
        """Whether a session was ended before its time."""

    async def end(self, session: str, rest_s: float) -> None:
        """End it everywhere. Raises StoreError."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Who asks."""

    session: Session
    token: str
    holds: Callable[[], bool]
    "Whether the token still opens anything: for answers that last."


CALLER = web.RequestKey("caller", Caller)
SUBJECT = web.RequestKey("subject", str)
"What an act was about, for the audit, where neither path nor body says it."


class WhoMay:
    """The tokens that open this node's API."""

    def __init__(self, keyring: SessionKeyring | None, wall_unix_s: Callable[[], float]) -> None:
        """Without `keyring` there are no sessions."""
        self._keyring = keyring
        self._wall_unix_s = wall_unix_s
        self._own = b""
        self._of_paths: dict[str, bytes] = {}

    def make(self, own: Callable[[], str], of_paths: Mapping[str, Callable[[], str]]) -> None:
        """Make the node's own token, and those that open one path each. Raises SettingsError."""
        self._own = own().encode()
        for path, make in of_paths.items():
            self._of_paths[path] = make().encode()

    def refusal(self, request: web.Request) -> web.Response | None:
        """The answer to whoever may not; None: `request[CALLER]` says who it is."""
        scheme, _, said = request.headers.get("Authorization", "").partition(" ")
        token = said.strip()
        if scheme.lower() != "bearer" or not token:
            return _unauthorized("no valid token")
        if self._is_own(token, request.path):
            request[CALLER] = Caller(session=Session(), token=token, holds=lambda: True)
            return None
        if self._keyring is None or token.count(".") != 2:
            return _unauthorized("no valid token")
        if self._keyring.key is None:
            remedy = "use the node's own token meanwhile; `nrcli status` tells whether etcd is away"
            return problem(503, "this node does not know the key of sessions yet", remedy=remedy)
        try:
            session = session_of(token, self._keyring.key, self._wall_unix_s())
        except SessionRefusedError as error:
            return _unauthorized(str(error))
        if self._keyring.is_ended(session.id):
            return _unauthorized("the session was ended")
        holds = partial(self._holds, session, self._keyring.key)
        request[CALLER] = Caller(session=session, token=token, holds=holds)
        return None

    def _is_own(self, token: str, path: str) -> bool:
        said = token.encode("utf-8", "surrogateescape")
        of_path = self._of_paths.get(path, b"")
        return hmac.compare_digest(said, self._own) or hmac.compare_digest(said, of_path)

    def _holds(self, session: Session, key: bytes) -> bool:
        """Asked often: nothing is signed or read anew."""
        keyring = self._keyring
        if keyring is None or keyring.key != key or keyring.is_ended(session.id):
            return False
        return self._wall_unix_s() < session.ends_unix_s


def _unauthorized(title: str) -> web.Response:
    answer = problem(401, title, remedy=REMEDY)
    answer.headers["WWW-Authenticate"] = "Bearer"
    return answer
