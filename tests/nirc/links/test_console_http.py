"""The console's files, what they may do in a browser, and that nothing else is served."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from nirc.links.console_http import FOLDER, TYPES, ConsoleHttp, is_public

URLS = {"n1": "http://10.0.0.1:8001", "n2": "", "n3": "https://n3.example.net"}
Client = TestClient[web.Request, web.Application]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    root = tmp_path / "console"
    (root / "js" / "pages").mkdir(parents=True)
    (root / ".hidden").mkdir()
    (root / "index.html").write_text("<!doctype html>")
    (root / "js" / "main.js").write_text("export {}")
    (root / "js" / "pages" / "de.acting.json").write_text("{}")
    (root / ".hidden" / "main.js").write_text("secret")
    (root / ".env.js").write_text("secret")
    (root / "notes.py").write_text("secret")
    (tmp_path / "outside.js").write_text("secret")
    (root / "link.js").symlink_to(tmp_path / "outside.js")
    return root


@pytest.fixture
async def client(folder: Path) -> AsyncIterator[Client]:
    app = web.Application()
    app.add_routes(ConsoleHttp(URLS, folder).routes())
    app.add_routes([web.get("/api/v1/secret", _secret)])
    async with TestClient(TestServer(app)) as client:
        yield client


async def _secret(request: web.Request) -> web.Response:
    assert not is_public(request)
    return web.Response(status=418, text="secret")


async def test_the_page_and_its_parts(client: Client) -> None:
    for path, kind in (
        ("/console/", "text/html; charset=utf-8"),
        ("/console/index.html", "text/html; charset=utf-8"),
        ("/console/js/main.js", "text/javascript; charset=utf-8"),
        ("/console/js/pages/de.acting.json", "application/json"),
    ):
        answer = await client.get(path)
        assert answer.status == 200 and answer.headers["Content-Type"] == kind
    for path in ("/", "/console"):
        answer = await client.get(path, allow_redirects=False)
        assert (answer.status, answer.headers["Location"]) == (302, "/console/")


async def test_what_the_page_may_do(client: Client) -> None:
    headers = (await client.get("/console/")).headers
    assert set(headers["Content-Security-Policy"].split("; ")) == {
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self' http://10.0.0.1:8001 https://n3.example.net",
        "frame-ancestors 'none'",
        "base-uri 'none'",
        "form-action 'none'",
    }
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"


async def test_what_a_browser_has_is_not_sent_again(client: Client) -> None:
    first = await client.get("/console/js/main.js")
    assert first.headers["Cache-Control"] == "no-cache"
    etag = first.headers["ETag"]
    for known in (etag, f'"x", W/{etag}'):
        again = await client.get("/console/js/main.js", headers={"If-None-Match": known})
        assert again.status == 304 and await again.read() == b""
    other = await client.get("/console/", headers={"If-None-Match": etag})
    assert other.status == 200


@pytest.mark.parametrize(
    "path",
    [
        "/console/../outside.js",
        "/console/js/../../outside.js",
        "/console/%2e%2e/outside.js",
        "/console/..%2foutside.js",
        "/console/%2e%2e%2foutside.js",
        "/console/%252e%252e/outside.js",
        "/console/..\\outside.js",
        "/console//etc/passwd",
        "/console/%2fetc%2fpasswd",
        "/console/js",
        "/console/js/",
        "/console/./index.html",
        "/console/index.html/",
        "/console/index.html%00.js",
        "/console/.hidden/main.js",
        "/console/.env.js",
        "/console/notes.py",
        "/console/link.js",
        "/console/INDEX.HTML",
        "/console/../api/v1/secret",
        "/console/%2e%2e/api/v1/secret",
    ],
)
async def test_no_path_leads_anywhere_else(client: Client, path: str) -> None:
    """As bytes on a socket: a client would tidy them up."""
    server = client.server
    reader, writer = await asyncio.open_connection(str(server.host), server.port)
    writer.write(f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
    told = await reader.read()
    writer.close()
    assert told.split()[1] in (b"404", b"400") and b"secret" not in told, told


async def test_nothing_is_written_there(client: Client) -> None:
    for method in ("POST", "PUT", "DELETE"):
        assert (await client.request(method, "/console/index.html")).status == 405


async def test_a_node_without_its_console_says_so(tmp_path: Path) -> None:
    app = web.Application()
    app.add_routes(ConsoleHttp({}, tmp_path / "none").routes())
    async with TestClient(TestServer(app)) as client:
        answer = await client.get("/console/")
        assert answer.status == 404 and "installation" in (await answer.json())["remedy"]


def test_a_console_that_is_far_too_large_is_a_mistake_of_ours(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("nirc.links.console_http.BYTES_MAX", 10)
    with pytest.raises(ValueError, match="larger"):
        ConsoleHttp({}, folder)


def test_every_file_of_the_package_is_served() -> None:
    """A new kind of file needs its type here and in pyproject.toml."""
    kinds = {path.suffix for path in FOLDER.rglob("*") if path.is_file()} - {".py", ".pyc"}
    assert kinds <= set(TYPES)
