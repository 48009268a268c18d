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
from routing_policies.calendars import CalendarState
from routing_policies.call_features import ServiceValues, call_vector, canary_share_of
from routing_policies.call_priority import grown_priority
from routing_policies.document import ServiceDoc
from routing_policies.handler_kinds import NO_HANDLER
from routing_policies.model import CallFacts, Feature
from routing_policies.number_lists import IndexedList

NOT_CLOSED: Mapping[str, str] = {}
UNKNOWN_SERVICE = ServiceValues()
"Values of a service that no document describes."


class _World:
    """What features of one call ask of the documents and the time."""

    __slots__ = ("_active", "_lists", "_now_s", "_service", "_verified")

    def __init__(
        self,
        active: ActivePolicy,
        lists: Mapping[str, IndexedList],
        *,
        service: str,
        verified: bool,
        now_s: float,
    ) -> None:
        self._service = service
        self._active = active
        self._lists = lists
        self._verified = verified
        self._now_s = now_s

    def listed(self, list_name: str, number: str) -> bool:
        found = self._lists.get(list_name)
        return found is not None and found.holds(number, verified=self._verified)

    def calendar(self, name: str) -> CalendarState | None:
        instead = self._active.closed.get(self._service, NOT_CLOSED)
        return self._active.hours.state(instead.get(name, name), self._now_s)

    def handler(self, name: str, facts: CallFacts) -> bool:
        return not _handler_problem(self._active, name, facts, self._now_s)


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
        started = max(request.priority, service.spec.priority if service else 0)
        ageing = service.spec.ageing if service else None
        ani = "" if request.withheld else request.ani
        last_agent = self._last_agents.of(ani, verified=request.verified, now_s=now_s)
        return CallFacts(
            interaction_id=request.interaction_id,
            origin_site=origin,
            queue=request.queue,
            service=request.service,
            trunk_group=request.trunk_group,
            dialed_number=request.dialed_number,
            ani=ani,
            withheld=request.withheld,
            verified=request.verified,
            waited_s=request.waited_s,
            priority=grown_priority(started, request.waited_s, ageing),
            answered=request.answered,
            moves_count=request.moves_count,
            moves_since_person_count=request.moves_since_person_count,
            refused_count=sum(one != NO_HANDLER for one in request.refused_targets),
            last_agent=last_agent,
            refused_targets=request.refused_targets,
            data=self._data_of(request) if self._active.wants_data else {},
        )

    def vector(
        self, facts: CallFacts, features: Sequence[Feature], *, origin_row: int, now_s: float
    ) -> list[float]:
        """The numbers a policy with these features reads of the call."""
        documents, service = self._active.documents, self._service(facts.service)
        lists = documents.lists_of(facts.service) if documents else {}
        return call_vector(
            facts,
            origin_row=origin_row,
            service=_values(service) if service else UNKNOWN_SERVICE,
            features=features,
            world=_World(
                self._active, lists, service=facts.service, verified=facts.verified, now_s=now_s
            ),
        )

    def handler_problem(self, name: str, facts: CallFacts, now_s: float) -> str:
        """Why a handler cannot take the call now; empty if it can."""
        return _handler_problem(self._active, name, facts, now_s)

    @staticmethod
    def canary_share(policy: str, interaction_id: str) -> float:
        """By what a canary by share takes an interaction or leaves it: from 0 to below 1."""
        return canary_share_of(policy, interaction_id)

    def _service(self, name: str) -> ServiceDoc | None:
        documents = self._active.documents
        return documents.services.get(name) if documents else None

    def _data_of(self, request: RouteRequest) -> Mapping[str, Any]:
        """The call's data, if it is at hand and of the version that the request names."""
        text = self._data.inline(request)
        try:
            found = json.loads(text) if text else {}
        except (ValueError, RecursionError):
            return {}
        return found if isinstance(found, dict) else {}


def _handler_problem(active: ActivePolicy, name: str, facts: CallFacts, now_s: float) -> str:
    calendar = active.handlers.calendar_of(name)
    state = active.hours.state(calendar, now_s) if calendar else None
    return active.handlers.problem(name, facts, state, now_s)


def _values(service: ServiceDoc) -> ServiceValues:
    spec = service.spec
    return ServiceValues(
        priority=spec.priority,
        aht_s=spec.aht_s,
        threshold_s=spec.service_level.threshold_s,
        target=spec.service_level.target,
    )
