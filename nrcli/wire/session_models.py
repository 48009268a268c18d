"""What a node's HTTP API says of sessions: tokens that every node of the network takes.

Rule of this file: models only, as in `api_models`.
"""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from nrcli.wire.query_models import ActQuery

SYSTEM_OPERATOR = "system-operator"
"May do everything; the only role there is yet."
SESSION_ID = r"^[0-9a-f]{32}$"


class SessionWanted(BaseModel):
    """Who begins a session; the request bears a node's own token."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    author: Annotated[str, Field(min_length=1, max_length=100)]
    "For the audit: the name of whoever acts."


class Session(BaseModel):
    """One session. Of a node's own token, which is none, all but `roles` is empty."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    who: str = ""
    roles: tuple[str, ...] = (SYSTEM_OPERATOR,)
    id: str = ""
    node: str = ""
    "That made it."
    began_unix_s: float = 0.0
    ends_unix_s: float = 0.0
    "It is of no use from then on; 0: it does not end."


class SessionMade(Session):
    """A new session and its token."""

    token: str
    "A secret: send it as `Authorization: Bearer <token>`, to any node."


class SessionQuery(ActQuery):
    """Which session is to end."""

    id: Annotated[str, Field(pattern=SESSION_ID)] | None = None
    "Nothing: the one whose token the request bears."
