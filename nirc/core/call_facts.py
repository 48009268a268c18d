"""Turns a route request into what a policy reads of the call.

Rule of this file: what the router knows of a call in words becomes `CallFacts`, once per request;
`call_features` makes numbers of them. Favours that go by the caller's number are given to vouched
numbers alone.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from nirc.core.active_policy import ActivePolicy
from nirc.core.attached_data import AttachedData
from nirc.core.last_agents import LastAgents
from nrcli.wire.messages import RouteRequest
from routing_policies.call_priority import grown_priority
from routing_policies.model import CallFacts, Feature
from routing_policies.network_kinds import ServiceSpec

UNKNOWN_SERVICE = ServiceSpec(queue="default")
"Values of a service that no document describes."


class CallReader:
    """Knows the documents, data at hand and who served callers before."""

    __slots__ = ("_active", "_data", "_last_agents")

    def __init__(
        self, *, active: ActivePolicy, data: AttachedData, last_agents: LastAgents
    ) -> None:
        self._active = active
        self._data = data
        self._last_agents = last_agents

    def facts(self, origin: str, request: RouteRequest, now_s: float) -> CallFacts:
        """What is known of the call."""
        service = self._service(request.service)
        started = max(request.priority, service.priority)
        last_agent = self._last_agents.of(request.ani, verified=request.verified, now_s=now_s)
        return CallFacts(
            interaction_id=request.interaction_id,
            origin_site=origin,
            queue=request.queue,
            service=request.service,
            trunk_group=request.trunk_group,
            dialed_number=request.dialed_number,
            ani="" if request.withheld else request.ani,
            withheld=request.withheld,
            verified=request.verified,
            waited_s=request.waited_s,
            priority=grown_priority(started, request.waited_s, service.ageing),
            answered=request.answered,
            moves_count=request.moves_count,
            moves_since_person_count=request.moves_since_person_count,
            refused_count=len(request.refused_targets),
            last_agent=last_agent,
            data=self._data_of(request) if self._active.wants_data else {},
        )

    def _service(self, name: str) -> ServiceSpec:
        documents = self._active.documents
        known = documents.services.get(name) if documents else None
        return known.spec if known else UNKNOWN_SERVICE

    def _data_of(self, request: RouteRequest) -> Mapping[str, Any]:
        """The call's data, if it is at hand and of the version that the request names."""
        text = self._data.inline(request)
        try:
            found = json.loads(text) if text else {}
        except ValueError:
            return {}
        return found if isinstance(found, dict) else {}
