"""Asks a node's HTTP API what the demo needs: does it lead, the documents, the last decisions.

Rule of this file: thin; the API itself is nirc/links/admin_http.py.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from nirc.demo import json_http
from nrcli.wire.api_models import API, Decision, Decisions, Status
from nrcli.wire.document_models import DocumentChange, DocumentChanges

DOMAIN = "default"


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeAdmin:
    """The HTTP API of one node. Every method raises `HttpFailed`."""

    address: str
    token_file: Path

    def status(self) -> Status:
        """The node at a glance."""
        return Status.model_validate(json_http.get(self.address, f"{API}/status", self._headers()))

    def leads(self) -> bool:
        """Whether this node leads the first domain, by its own word."""
        return leads(self.status())

    def acknowledged_sites(self) -> frozenset[str]:
        """Sites that the leading node may use."""
        return frozenset(site for one in self.status().domains for site in one.acknowledged_sites)

    def put_documents(self, texts: Mapping[str, str]) -> None:
        """Store documents, keyed `Kind/name`: all or none."""
        self.change_documents(texts)

    def change_documents(self, texts: Mapping[str, str | None]) -> None:
        """The same; those without a text are removed."""
        changes = tuple(
            DocumentChange(kind=key.split("/")[0], name=key.split("/")[1], text=text)
            for key, text in texts.items()
        )
        document = DocumentChanges(changes=changes).model_dump(mode="json")
        json_http.send("POST", self.address, f"{API}/documents", document, self._headers())

    def decisions(self, limit: int = 6) -> list[str]:
        """The last decisions, one line each, oldest first."""
        return [decision_line(one) for one in self.decisions_made(limit)]

    def decisions_made(self, limit: int) -> tuple[Decision, ...]:
        """The last decisions, oldest first."""
        path = f"{API}/decisions?limit={limit}"
        answer = json_http.get(self.address, path, self._headers())
        return Decisions.model_validate(answer).decisions

    def _headers(self) -> dict[str, str]:
        return json_http.bearer(self.token_file)


def leads(status: Status) -> bool:
    """Whether a node that says this of itself leads the first domain."""
    return any(one.domain == DOMAIN and one.leads_here for one in status.domains)


def decision_line(decision: Decision) -> str:
    """One decision in one line."""
    where = decision.origin_site
    if decision.target_site:
        where += f" -> {decision.target_site}" + (f"/{decision.agent}" if decision.agent else "")
    tried = ", ".join(decision.rules_tried)
    took_ms = decision.took_s * 1000
    short_id = decision.interaction_id[:8]
    return f"{short_id}  {decision.outcome:<6} {where:<24} {took_ms:4.0f} ms  ({tried})"
