"""Makes and reads the tokens of sessions: JSON Web Tokens signed with the network's own key.

Rule of this file: the only one that knows the library. One algorithm, whatever a token says of
itself (RFC 8725 section 3.1); time is an argument, and judged here.

Source: RFC 7519 (JWT), RFC 7518 section 3.2 (HS256).
"""

from collections.abc import Sequence

import jwt
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from nrcli.wire.session_models import SESSION_ID, Session

ALGORITHM = "HS256"
ISSUER = "nirc"
AUDIENCE = "nirc-api"
TOKEN_CHARS_MAX = 2_000
SKEW_S_MAX = 60.0
"Clocks of nodes differ: a token from so far ahead is taken."


class SessionRefusedError(Exception):
    """A token that opens nothing, and why, in words for whoever sent it."""


class _Claims(BaseModel):
    """What a token must say, each of the right type."""

    model_config = ConfigDict(strict=True, extra="forbid")

    iss: str
    aud: str
    sub: str = Field(max_length=100)
    roles: Sequence[str] = Field(max_length=20)
    jti: str = Field(pattern=SESSION_ID)
    node: str = Field(max_length=100)
    iat: int
    exp: int


def token_of(session: Session, key: bytes) -> str:
    """The token of a session; its ends are whole seconds."""
    claims = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": session.who,
        "roles": list(session.roles),
        "jti": session.id,
        "node": session.node,
        "iat": int(session.began_unix_s),
        "exp": int(session.ends_unix_s),
    }
    return jwt.encode(claims, key, algorithm=ALGORITHM)


def session_of(token: str, key: bytes, now_unix_s: float) -> Session:
    """The session of a token. Raises SessionRefusedError."""
    if len(token) > TOKEN_CHARS_MAX:
        raise SessionRefusedError("no valid token")
    try:
        said = jwt.decode(
            token,
            key,
            algorithms=[ALGORITHM],
            audience=AUDIENCE,
            issuer=ISSUER,
            options={"verify_exp": False, "verify_iat": False, "verify_nbf": False},
        )
        claims = _Claims.model_validate(said)
    except (jwt.PyJWTError, ValidationError, ValueError, TypeError) as error:
        raise SessionRefusedError("no valid token") from error
    if now_unix_s >= claims.exp:
        raise SessionRefusedError("the session is over")
    if claims.iat > now_unix_s + SKEW_S_MAX:
        raise SessionRefusedError("the session begins later: is a node's clock wrong?")
    return Session(
        who=claims.sub,
        roles=tuple(claims.roles),
        id=claims.jti,
        node=claims.node,
        began_unix_s=claims.iat,
        ends_unix_s=claims.exp,
    )
