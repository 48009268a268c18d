"""Speaks JSON over HTTP with the processes of the network, all on loopback.

Rule of this file: blocking, short timeouts, and one error for everything that can go wrong.
"""

from __future__ import annotations

import http.client
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

TIMEOUT_S = 5.0


class HttpFailed(Exception):
    """No answer, or one that is not 2xx; `status` is 0 without an answer."""

    def __init__(self, what: str, status: int = 0, text: str = "") -> None:
        super().__init__(f"{what}: {status or 'no answer'} {text}".strip())
        self.status = status
        self.text = text


@dataclass(frozen=True, slots=True)
class Answer:
    """A 2xx answer."""

    status: int
    body: Any
    headers: Mapping[str, str]


def call(
    method: str,
    address: str,
    path: str,
    *,
    body: bytes | None = None,
    headers: Mapping[str, str] | None = None,
    timeout_s: float = TIMEOUT_S,
) -> Answer:
    """One request to `host:port`. Raises `HttpFailed`."""
    host, _, port = address.rpartition(":")
    connection = http.client.HTTPConnection(host, int(port), timeout=timeout_s)
    try:
        connection.request(method, path, body=body, headers=dict(headers or {}))
        response = connection.getresponse()
        text = response.read().decode(errors="replace")
    except (OSError, http.client.HTTPException) as error:
        raise HttpFailed(f"{method} http://{address}{path}", 0, str(error)) from error
    finally:
        connection.close()
    if not 200 <= response.status < 300:
        raise HttpFailed(f"{method} http://{address}{path}", response.status, text[:500])
    lowered = {name.lower(): value for name, value in response.getheaders()}
    return Answer(response.status, _json(text), lowered)


def get(address: str, path: str, headers: Mapping[str, str] | None = None) -> Any:
    """The JSON that a GET answers. Raises `HttpFailed`."""
    return call("GET", address, path, headers=headers).body


def send(
    method: str, address: str, path: str, document: Any, headers: Mapping[str, str] | None = None
) -> Any:
    """Send JSON, return the JSON answered. Raises `HttpFailed`."""
    all_headers = {"Content-Type": "application/json", **(headers or {})}
    return call(method, address, path, body=json.dumps(document).encode(), headers=all_headers).body


def bearer(token_file: Path) -> dict[str, str]:
    """The header of a token that a process wrote at its start; without it while there is none."""
    try:
        return {"Authorization": f"Bearer {token_file.read_text(encoding='utf-8').strip()}"}
    except OSError:
        return {}


def _json(text: str) -> Any:
    try:
        return json.loads(text) if text.strip() else None
    except ValueError:
        return text
