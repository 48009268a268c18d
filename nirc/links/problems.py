"""How the HTTP API says that something is wrong, and how it answers at all.

Rule of this file: every error is problem+json (RFC 9457) naming place and remedy; what is
somebody's mistake, or a store's absence, has its status here once.
"""

from aiohttp import web
from pydantic import BaseModel, ValidationError

from nirc.errors import (
    DocumentConflictError,
    DocumentRefusedError,
    PolicyConflictError,
    RequestError,
    StoreUnavailableError,
    UncertainError,
)
from nirc.links.etags import ConditionError
from nrcli.wire.api_models import PROBLEM_JSON, Problem


def told(error: Exception) -> web.Response | None:
    """The answer to an error that is somebody's mistake, or a store's absence."""
    match error:
        case DocumentRefusedError():
            return problem(422, error.problem, place=error.place, remedy=error.remedy)
        case RequestError():
            place, remedy = error.place, error.remedy
            return problem(error.status, error.problem, place=place, remedy=remedy)
        case DocumentConflictError():
            return problem(412, str(error).removeprefix(f"{error.key}: "), place=error.key)
        case PolicyConflictError():
            remedy = "look at what changed, then say so with the version that is live now"
            return problem(412, error.told, place=f"RoutingPolicy/{error.policy}", remedy=remedy)
        case ValidationError():
            first = error.errors()[0]
            place = ".".join(str(part) for part in first["loc"])
            return problem(400, first["msg"].removeprefix("Value error, "), place=place)
        case UncertainError():
            remedy = "read the document to see whether it was written"
            return problem(504, f"outcome unknown: {error.problem}", remedy=remedy)
        case StoreUnavailableError():
            remedy = "nothing was changed; try again when etcd is in reach (`nrcli status`)"
            return problem(503, str(error), remedy=remedy)
        case ConditionError():
            return problem(400, str(error), place="If-Match")
    return None


def json_answer(
    answer: BaseModel, status: int = 200, headers: dict[str, str] | None = None
) -> web.Response:
    """A model as an answer."""
    return web.Response(
        text=answer.model_dump_json(),
        status=status,
        content_type="application/json",
        headers=headers,
    )


def problem(status: int, title: str, *, place: str = "", remedy: str = "") -> web.Response:
    """An error as an answer."""
    detail = f"{place}: {title}" if place else title
    said = Problem(title=title, status=status, detail=detail, place=place, remedy=remedy)
    return web.Response(text=said.model_dump_json(), status=status, content_type=PROBLEM_JSON)
