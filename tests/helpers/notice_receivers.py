"""Receivers of notices, real ones: a web server that takes POSTs, and a mail server that asks for
TLS and a password."""

import json
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword


class WebhookReceiver:
    """What came, and what is answered."""

    def __init__(self) -> None:
        self.status = 204
        self.location = ""
        self.posts: list[tuple[dict[str, str], bytes]] = []
        "(headers, body) of each that was taken."
        self.refused_count = 0
        self.url = ""
        self.host = ""

    def notices(self) -> list[dict[str, Any]]:
        """What was taken, read."""
        return [json.loads(body) for _, body in self.posts]


@contextmanager
def webhook_receiver() -> Iterator[WebhookReceiver]:
    """On a free port of this machine."""
    receiver = WebhookReceiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if receiver.status < 300:
                receiver.posts.append((dict(self.headers), body))
            else:
                receiver.refused_count += 1
            self.send_response(receiver.status)
            if receiver.location:
                self.send_header("Location", receiver.location)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    receiver.host = f"127.0.0.1:{server.server_port}"
    receiver.url = f"http://{receiver.host}/hook/secret-path"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class MailServer:
    """What came."""

    def __init__(self, port: int, user: str, password: str) -> None:
        self.port = port
        self._known = (user.encode(), password.encode())
        self.refuses = False
        self.mails: list[EmailMessage] = []
        self.envelopes: list[tuple[str, list[str]]] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        """One message."""
        if self.refuses:
            return "451 come again later"
        found = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(found, EmailMessage)
        self.mails.append(found)
        self.envelopes.append((envelope.mail_from, list(envelope.rcpt_tos)))
        return "250 taken"

    def judge(
        self, _server: Any, _session: Any, _envelope: Any, _mechanism: str, said: Any
    ) -> AuthResult:
        """Name and password."""
        right = isinstance(said, LoginPassword) and (said.login, said.password) == self._known
        return AuthResult(success=right, handled=False)


@contextmanager
def mail_server(
    port: int, tls: ssl.SSLContext | None, user: str = "nirc", password: str = "hidden word"
) -> Iterator[MailServer]:
    """On 127.0.0.1; with `tls` it takes nothing before STARTTLS and a log-in."""
    server = MailServer(port, user, password)
    strict: dict[str, Any] = {}
    if tls is not None:
        strict = {
            "tls_context": tls,
            "require_starttls": True,
            "auth_required": True,
            "authenticator": server.judge,
        }
    controller = Controller(server, hostname="127.0.0.1", port=port, **strict)
    controller.start()
    try:
        yield server
    finally:
        controller.stop()
