"""Tells the ACD whose priority grows with waiting, and how.

Rule of this file: what grows, how fast and how far stands with the network service; the order of a
queue is the ACD's. Emergency calls come first as they are.
"""

from __future__ import annotations

from collections.abc import Mapping

from routing_policies.network_kinds import Ageing
from site_agent.adapters.base import SetAgeing
from site_agent.core.calls import Call
from site_agent.core.outbox import Outbox


class CallAgeing:
    """Ageing by service."""

    __slots__ = ("_by_service", "_out")

    def __init__(self, out: Outbox) -> None:
        self._out = out
        self._by_service: Mapping[str, Ageing] = {}

    def told(self, by_service: Mapping[str, Ageing]) -> None:
        """The services came, or changed; calls that wait already keep what they have."""
        self._by_service = by_service

    def entered(self, call: Call) -> None:
        """A call entered the site."""
        ageing = self._by_service.get(call.service)
        if ageing is not None and not call.emergency:
            self._out.do(SetAgeing(call_id=call.call_id, every_s=ageing.every_s, most=ageing.most))
