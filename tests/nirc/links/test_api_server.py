"""What is checked alike for all operations: parameters, filters, pages."""

from dataclasses import dataclass

import pytest
from aiohttp import web
from aiohttp.test_utils import make_mocked_request
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

from nirc.errors import RequestError
from nirc.links.api_server import (
    asked,
    bound,
    cursor_name,
    cursor_of,
    kept,
    matching,
    methods_at,
    page,
)
from nrcli.wire.query_models import AgentsQuery, Page, QueuesQuery


class Thing(BaseModel):
    site: str = "lisbon"
    queue: str = "sales"
    open: bool = True


@dataclass
class Agent:
    site: str
    queues: tuple[str, ...]


def test_methods_of_a_path_are_those_of_the_table() -> None:
    assert methods_at("/api/v1/session") == {"GET", "HEAD", "POST", "DELETE"}
    assert methods_at("/api/v1/controls/preview") == {"POST"}, "it is no control"
    assert methods_at("/api/v1/controls/c1") == frozenset()


async def test_a_route_has_the_method_path_and_parameters_of_its_operation() -> None:
    async def handler(request: web.Request) -> web.Response:
        return web.Response(text=str(asked(request, QueuesQuery).limit))

    (route,) = bound({"listQueues": handler})
    assert isinstance(route, web.RouteDef)
    assert (route.method, route.path) == ("GET", "/api/v1/queues")
    answer = await route.handler(make_mocked_request("GET", "/api/v1/queues?limit=7"))  # type: ignore[arg-type, misc]
    assert answer.text == "7"
    with pytest.raises(RequestError, match="limit: stands twice"):
        await route.handler(make_mocked_request("GET", "/api/v1/queues?limit=7&limit=7"))  # type: ignore[arg-type, misc]
    with pytest.raises(ValidationError, match="stie"):
        await route.handler(make_mocked_request("GET", "/api/v1/queues?stie=x"))  # type: ignore[arg-type, misc]


def test_an_operation_that_is_not_in_the_table_is_not_served() -> None:
    with pytest.raises(KeyError):
        bound({"listNothing": None})  # type: ignore[dict-item]


def test_filters_must_all_hold() -> None:
    things = [Thing(), Thing(site="porto"), Thing(open=False)]
    assert kept(things, QueuesQuery()) == things
    assert kept(things, QueuesQuery(site="lisbon", open="false")) == [things[2]]
    assert kept(things, QueuesQuery(site="faro")) == []
    serves_sales = matching(AgentsQuery(queue="sales"))
    assert serves_sales(Agent("lisbon", ("help", "sales")))
    assert not serves_sales(Agent("lisbon", ("help",)))


@given(st.lists(st.text(), unique=True, max_size=30), st.integers(1, 7))
def test_pages_tell_every_item_once_and_in_order(items: list[str], limit: int) -> None:
    told: list[str] = []
    after = ""
    while True:
        part, after = page(items, Page(limit=limit, after=after), str)
        told += part
        if not after:
            break
        assert len(part) == limit
    assert told == items


def test_where_the_last_item_has_gone_its_place_counts() -> None:
    part, after = page(["a", "b", "c", "d"], Page(limit=2), str)
    assert part == ("a", "b")
    assert page(["a", "c", "d"], Page(limit=2, after=after), str)[0] == ("d",)
    assert page(["a"], Page(limit=2, after=after), str) == ((), "")


@given(st.from_regex(r"\A[A-Za-z0-9_-]{1,60}\Z"))
def test_a_cursor_that_nobody_gave_is_refused_in_words(text: str) -> None:
    try:
        cursor_name(text)
    except RequestError as error:
        assert (error.place, error.status) == ("after", 422)


def test_cursors_are_plain_text_in_an_address() -> None:
    assert cursor_name(cursor_of(3, "é/\n")) == "é/\n" and cursor_name("") == ""
    assert cursor_of(3, "é/\n").isascii() and "=" not in cursor_of(3, "é/\n")
