"""Joins the table of operations with the handlers that answer: routes, parameters, lists in pages.

Rule of this file: what may be asked stands in `nrcli.wire.api_routes`; here it is checked before a
handler sees it, alike for all.
"""

import base64
import binascii
import hashlib
import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import TypeVar

from aiohttp import web
from pydantic import BaseModel

from nirc.errors import RequestError
from nrcli.wire.api_models import API
from nrcli.wire.api_routes import BY_ID, Operation
from nrcli.wire.query_models import Page, Query

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
T = TypeVar("T")
Q = TypeVar("Q", bound=Query)
M = TypeVar("M", bound=BaseModel)

QUERY = web.RequestKey("query", Query)
NOT_FILTERS = frozenset({"limit", "after", "call"})


_METHODS = {
    API + path: frozenset(
        method
        for one in BY_ID.values()
        if one.path == path
        for method in ((one.method, "HEAD") if one.method == "GET" else (one.method,))
    )
    for path in {one.path for one in BY_ID.values() if "{" not in one.path}
}
"Methods of each path; `/controls/preview` is no control, whatever `/controls/{id}` takes."


def bound(handlers: Mapping[str, Handler]) -> list[web.RouteDef]:
    """A route for each handler, which stands at the name of its operation."""
    return [
        web.route(BY_ID[name].method, API + _routed(BY_ID[name].path), _checked(name, handler))
        for name, handler in handlers.items()
    ]


def _routed(path: str) -> str:
    """The path as the server has it: what stands beside ids of things is no id."""
    return path.replace("{id}", "{id:(?!preview$)[^/]+}")


def operation_of(request: web.Request) -> Operation | None:
    """The operation that a request asks for; None of what is no part of the table."""
    return BY_ID.get(getattr(request.match_info.handler, "operation", ""))


def methods_at(path: str) -> frozenset[str]:
    """What the table has at exactly this path; none where a path with parameters was meant."""
    return _METHODS.get(path, frozenset())


def asked(request: web.Request, model: type[Q]) -> Q:
    """The parameters of a request, checked before."""
    query = request[QUERY]
    assert isinstance(query, model), f"the table says {type(query).__name__} for this operation"
    return query


def _checked(name: str, handler: Handler) -> Handler:
    model = BY_ID[name].query

    async def handle(request: web.Request) -> web.StreamResponse:
        query: dict[str, str] = {}
        for key, value in request.query.items():
            if key in query:
                raise RequestError(key[:80], "stands twice", "once, at most")
            query[key] = value
        request[QUERY] = model.model_validate(query)
        return await handler(request)

    handle.operation = name  # type: ignore[attr-defined]
    return handle


def kept(items: Sequence[M], query: Query) -> Sequence[M]:
    """The items whose fields are as the query says; a field that is a list must hold the value."""
    matches = matching(query)
    return [one for one in items if matches(one)]


def matching(query: Query) -> Callable[[object], bool]:
    """Whether something's fields are as the query says."""
    said = query.model_dump(exclude_none=True, exclude=set(NOT_FILTERS)).items()
    return lambda one: all(_is(_value(one, field), wanted) for field, wanted in said)


def page(items: Sequence[T], query: Page, key: Callable[[T], str]) -> tuple[tuple[T, ...], str]:
    """The part of a list that was asked for, and the cursor of the next one; empty at the end.

    A cursor names the last item told and its place: where the item has gone, the place counts, so
    that a list that changes meanwhile may tell an item twice or leave one out.
    """
    start = 0
    if query.after:
        place, name = _cursor(query.after)
        start = min(place + 1, len(items))
        for number, item in enumerate(items):
            if _mark(key(item)) == name:
                start = number + 1
                break
    part = tuple(items[start : start + query.limit])
    end = start + len(part)
    return part, cursor_of(end - 1, _mark(key(part[-1]))) if part and end < len(items) else ""


def _mark(name: str) -> str:
    """Short, however long a name is; what names an item is not told in cursors."""
    return hashlib.blake2s(name.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


def cursor_of(place: int, name: str) -> str:
    """An opaque cursor."""
    text = json.dumps([place, name], separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def cursor_name(text: str) -> str:
    """The name in a cursor; empty for no cursor. Raises RequestError."""
    return _cursor(text)[1] if text else ""


def _cursor(text: str) -> tuple[int, str]:
    """Raises RequestError."""
    try:
        found = json.loads(base64.urlsafe_b64decode(text.encode() + b"=" * (-len(text) % 4)))
    except (ValueError, binascii.Error, RecursionError):
        found = None
    match found:
        case [int(place), str(name)] if not isinstance(place, bool) and place >= 0:
            return place, name
    remedy = "give the `next` of the page before as it was"
    raise RequestError("after", "is no cursor", remedy, status=422)


def _value(item: object, field: str) -> object:
    if not hasattr(item, field) and hasattr(item, f"{field}s"):
        return getattr(item, f"{field}s")
    return getattr(item, field)


def _is(value: object, wanted: object) -> bool:
    if isinstance(value, bool):
        return wanted == ("true" if value else "false")
    if isinstance(value, tuple):
        return wanted in value
    return value == wanted
