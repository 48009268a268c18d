"""Serves the console: one page and the files it is made of, read once from the package.

Rule of this file: only files that were found at start are served, by their exact names, so that no
path leads anywhere else. No session is needed, for nothing of the network is in them; what the page
may load or talk to is said in its Content-Security-Policy (W3C CSP Level 3).
"""

import hashlib
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from aiohttp import web

from nirc.links.problems import problem

FOLDER = Path(__file__).resolve().parent.parent / "console"
PATH, PAGE = "/console/", "index.html"
TYPES = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".json": "application/json",
    ".svg": "image/svg+xml",
}
BYTES_MAX = 8 << 20
"Of all files together; they stay in memory."
PLAIN_NAME = re.compile(r"[a-z0-9][A-Za-z0-9_.-]*")
POLICY = (
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "form-action 'none'",
)
COMMON = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-cache",
}
"""`no-cache`: a browser keeps a file and asks whether it is still the same, so that parts of two
versions never meet in one page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _File:
    content: bytes
    type: str
    etag: str


class ConsoleHttp:
    """Handlers; `routes` are added to the node's API, whose guard lets them pass."""

    def __init__(self, urls: Mapping[str, str], folder: Path = FOLDER) -> None:
        """`urls`: the nodes' HTTP APIs by name, as they are known now."""
        self._urls = urls
        self._files = _files(folder)

    def routes(self) -> list[web.RouteDef]:
        """All of them."""
        return [
            web.get("/", public(_to_console)),
            web.get(PATH.rstrip("/"), public(_to_console)),
            web.get(PATH + "{name:.*}", public(self._file)),
        ]

    async def _file(self, request: web.Request) -> web.Response:
        found = self._files.get(request.match_info["name"] or PAGE)
        if found is None:
            remedy = f"the console begins at {PATH}; is it part of this installation?"
            return problem(404, "no such file", remedy=remedy)
        headers = {**COMMON, "ETag": found.etag, "Content-Security-Policy": self._policy()}
        if found.etag in _known(request):
            return web.Response(status=304, headers=headers)
        return web.Response(body=found.content, headers={**headers, "Content-Type": found.type})

    def _policy(self) -> str:
        others = sorted({url for url in self._urls.values() if url})
        return "; ".join((*POLICY, " ".join(("connect-src 'self'", *others))))


def public(
    handler: Callable[[web.Request], Awaitable[web.StreamResponse]],
) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    """Mark a handler that needs no token."""

    async def handle(request: web.Request) -> web.StreamResponse:
        return await handler(request)

    handle.public = True  # type: ignore[attr-defined]
    return handle


def is_public(request: web.Request) -> bool:
    """Whether what answers this request needs no token, by whatever path it was found."""
    return getattr(request.match_info.handler, "public", False) is True


async def _to_console(_request: web.Request) -> web.Response:
    return web.Response(status=302, headers={**COMMON, "Location": PATH})


def _known(request: web.Request) -> set[str]:
    """The ETags that a browser has (RFC 9110 section 13.1.2)."""
    said = ",".join(request.headers.getall("If-None-Match", []))
    return {one.strip().removeprefix("W/") for one in said.split(",")}


def _files(folder: Path) -> dict[str, _File]:
    """By path within `folder`; none where there is no folder. What has another kind, or a name that
    is not plain, is left out, and so is a link that leads away."""
    found: dict[str, _File] = {}
    root = folder.resolve()
    for path in sorted(folder.rglob("*")):
        parts = path.relative_to(folder).parts
        plain = all(PLAIN_NAME.fullmatch(part) for part in parts) and path.suffix in TYPES
        if not plain or not path.is_file() or not path.resolve().is_relative_to(root):
            continue
        content = path.read_bytes()
        etag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
        found["/".join(parts)] = _File(content=content, type=TYPES[path.suffix], etag=etag)
    if sum(len(one.content) for one in found.values()) > BYTES_MAX:
        raise ValueError(f"{folder}: the console is larger than {BYTES_MAX} bytes")
    return found
