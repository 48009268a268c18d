"""Tells the ACD whose priority grows with waiting, and how.

Rule of this file: what grows, how fast and how far stands with the network service; the order of a
queue is the ACD's. Emergency calls come first as they are.
"""

from __future__ import annotations

from site_agent.adapters.base import SetAgeing
from site_agent.core.calls import Call
from site_agent.core.outbox import Outbox
from site_agent.core.site_documents import SiteDocuments


class CallAgeing:
    """Ageing by service; calls that wait keep what they were told when they came."""

    __slots__ = ("_documents", "_out")

    def __init__(self, documents: SiteDocuments, out: Outbox) -> None:
        self._documents = documents
        self._out = out

    def entered(self, call: Call) -> None:
        """A call entered the site."""
        service = self._documents.services.get(call.service)
        ageing = service.spec.ageing if service is not None else None
        if ageing is not None and not call.emergency:
            self._out.do(SetAgeing(call_id=call.call_id, every_s=ageing.every_s, most=ageing.most))
