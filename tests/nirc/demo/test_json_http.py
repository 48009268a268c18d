import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from nirc.demo import json_http
from nirc.demo.json_http import HttpFailed


class _Echo(BaseHTTPRequestHandler):
    """Answers with what it was asked; 404 for /gone."""

    def do_GET(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        said = {"path": self.path, "body": body, "who": self.headers.get("Authorization")}
        self.send_response(404 if self.path == "/gone" else 200)
        self.end_headers()
        self.wfile.write(b"" if self.path == "/empty" else json.dumps(said).encode())

    do_POST = do_GET

    def log_message(self, *_: object) -> None:
        """Quiet."""


@pytest.fixture
def address() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), _Echo)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_json_goes_and_comes(address: str) -> None:
    answer = json_http.send("POST", address, "/x", {"a": 1}, {"Authorization": "Bearer t"})
    assert answer == {"path": "/x", "body": '{"a": 1}', "who": "Bearer t"}
    assert json_http.get(address, "/empty") is None


def test_an_error_carries_its_status(address: str) -> None:
    with pytest.raises(HttpFailed) as failed:
        json_http.get(address, "/gone")
    assert failed.value.status == 404


def test_nobody_there_is_status_0() -> None:
    with pytest.raises(HttpFailed) as failed:
        json_http.get("127.0.0.1:1", "/")
    assert failed.value.status == 0


def test_a_token_is_sent_once_it_is_there(tmp_path: Path) -> None:
    token = tmp_path / "token"
    assert json_http.bearer(token) == {}
    token.write_text("secret\n")
    assert json_http.bearer(token) == {"Authorization": "Bearer secret"}
