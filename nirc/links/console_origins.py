"""Lets the consoles that the nodes serve ask other nodes too (CORS), and no other page.

Rule of this file: an origin is one of the cluster's own, told exactly; no cookie is ever part of
it. What a page may ask without a token is nothing, so this guards readers of errors only.

Source: WHATWG Fetch, section 3.2 (CORS protocol).
"""

from collections.abc import Mapping

from aiohttp import web
from yarl import URL

from nirc.links.problems import problem

METHODS = "GET, POST, PUT, DELETE"
ASKED = "Authorization, Content-Type, If-Match, If-None-Match, Last-Event-ID"
TOLD = "Allow, ETag, Location, NIRC-Answered-By, Retry-After, WWW-Authenticate"
KEPT_S = 600
ORIGIN, WANTED = "Origin", "Access-Control-Request-Method"


def is_preflight(request: web.Request) -> bool:
    """A browser asks whether it may ask."""
    return request.method == "OPTIONS" and ORIGIN in request.headers and WANTED in request.headers


class ConsoleOrigins:
    """`urls`: the nodes' HTTP APIs by name, as they are known now."""

    def __init__(self, urls: Mapping[str, str]) -> None:
        self._urls = urls

    def preflight(self, request: web.Request) -> web.Response:
        """The answer to a browser that asks whether it may."""
        if not self._is_ours(request):
            remedy = "open the console of a node; its address is the node's `admin.url`"
            return problem(403, "no page of this network", place=ORIGIN, remedy=remedy)
        return web.Response(
            status=204,
            headers={
                "Access-Control-Allow-Methods": METHODS,
                "Access-Control-Allow-Headers": ASKED,
                "Access-Control-Max-Age": str(KEPT_S),
            },
        )

    async def allow(self, request: web.Request, response: web.StreamResponse) -> None:
        """Let our own pages read an answer; called before any answer is sent."""
        response.headers.add("Vary", ORIGIN)
        if self._is_ours(request):
            response.headers["Access-Control-Allow-Origin"] = request.headers[ORIGIN]
            response.headers["Access-Control-Expose-Headers"] = TOLD

    def _is_ours(self, request: web.Request) -> bool:
        said = request.headers.getall(ORIGIN, [])
        if len(said) != 1 or not said[0]:
            return False
        return said[0] in {_origin(url) for url in self._urls.values() if url}


def _origin(url: str) -> str:
    """As browsers write it: without the port that the scheme has anyway."""
    try:
        return str(URL(url).origin())
    except ValueError:
        return ""
