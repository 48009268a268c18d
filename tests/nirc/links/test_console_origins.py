"""Which pages may read a node's answers: the consoles of the cluster's own nodes."""

import pytest
from aiohttp import web
from aiohttp.test_utils import make_mocked_request
from multidict import CIMultiDict

from nirc.links.console_origins import ConsoleOrigins, is_preflight

URLS = {
    "n1": "http://10.0.0.1:8001",
    "n2": "https://n2.example.net:443",
    "n3": "",
    "n4": "http://[",
}
OURS = ("http://10.0.0.1:8001", "https://n2.example.net")
OTHERS = (
    "",
    "null",
    "*",
    "http://10.0.0.1",
    "http://10.0.0.1:80011",
    "https://10.0.0.1:8001",
    "http://10.0.0.1:8001/",
    "http://10.0.0.1:8001 http://evil",
    "https://n2.example.net.evil.net",
    "HTTPS://N2.EXAMPLE.NET",
)


def request(origin: str | None, method: str = "GET", *more: tuple[str, str]) -> web.Request:
    headers = CIMultiDict([("Origin", origin)] if origin is not None else [])
    headers.extend(more)
    return make_mocked_request(method, "/api/v1/sites", headers=headers)


async def allowed(asked: web.Request) -> web.Response:
    response = web.Response()
    await ConsoleOrigins(URLS).allow(asked, response)
    assert response.headers["Vary"] == "Origin", "no cache may give one page's answer to another"
    assert "Access-Control-Allow-Credentials" not in response.headers
    return response


@pytest.mark.parametrize("origin", OURS)
async def test_our_own_pages_read(origin: str) -> None:
    response = await allowed(request(origin))
    assert response.headers["Access-Control-Allow-Origin"] == origin
    assert "ETag" in response.headers["Access-Control-Expose-Headers"]


@pytest.mark.parametrize("origin", [*OTHERS, None])
async def test_no_other_page_does(origin: str | None) -> None:
    response = await allowed(request(origin))
    assert "Access-Control-Allow-Origin" not in response.headers


async def test_two_origins_are_none() -> None:
    response = await allowed(request(OURS[0], "GET", ("Origin", OURS[1])))
    assert "Access-Control-Allow-Origin" not in response.headers


async def test_another_answers_vary_is_kept() -> None:
    response = web.Response(headers={"Vary": "Accept"})
    await ConsoleOrigins(URLS).allow(request(OURS[0]), response)
    assert response.headers.getall("Vary") == ["Accept", "Origin"]


def test_a_browser_that_asks_is_told() -> None:
    wanted = ("Access-Control-Request-Method", "PUT")
    asked = request(OURS[1], "OPTIONS", wanted)
    assert is_preflight(asked)
    answer = ConsoleOrigins(URLS).preflight(asked)
    assert answer.status == 204 and "PUT" in answer.headers["Access-Control-Allow-Methods"]
    assert "Authorization" in answer.headers["Access-Control-Allow-Headers"]
    assert ConsoleOrigins(URLS).preflight(request("http://evil", "OPTIONS", wanted)).status == 403
    assert not is_preflight(request(OURS[1], "OPTIONS"))
    assert not is_preflight(request(None, "OPTIONS", wanted))
    assert not is_preflight(request(OURS[1], "GET", wanted))
