"""Serves what became of one call, in plain words: finds its decisions, moves and legs.

Rule of this file: it looks up and hands over; the words stand in `nrcli.explaining`. Every look is
bounded, and what is not found is told as missing.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Protocol

from aiohttp import web

from nirc.errors import NircError
from nirc.links.api_server import bound
from nirc.links.node_report import NodeReport, decision_from, decision_of
from nirc.links.problems import json_answer, problem
from nirc.telemetry.decision_log import names_one_of
from nrcli.explaining.decision_words import Conditions
from nrcli.explaining.story import Known, MoveTold, explanation_of
from nrcli.wire.api_models import Decision
from nrcli.wire.history_messages import CallLegRecord
from nrcli.wire.record_tables import LEGS, record_of, row_from
from routing_policies.document import DocumentError, load_document
from routing_policies.kinds import RoutingPolicyDoc
from routing_policies.versions import Version

DECISIONS_MAX = 200
"Of one interaction that are told; a caller who waits is asked about every few seconds."
LEGS_MAX = 100
REQUESTS_MAX = 40
"Whose moves are looked for, the newest."
CONDITIONS_KEPT_MAX = 100
CALL_CHARS_MAX = 200
FIND = "`nrcli decisions` lists calls: give an id, or at least its first 6 characters"

Search = Callable[[str, Sequence[str], int], Awaitable[list[dict[str, Any]]]]
"(stream, words, limit) to the newest records in which one of the words stands, oldest first."


class Versions(Protocol):
    """Where versions of policies are kept."""

    async def version(self, policy: str, number: int) -> Version:
        """One version. Raises NircError."""


class ExplanationHttp:
    """The handler; `routes` are added to the node's API, whose guard is before it."""

    def __init__(self, report: NodeReport, search: Search, versions: Versions) -> None:
        self._report = report
        self._search = search
        self._versions = versions
        self._conditions: dict[tuple[str, int], Conditions] = {}

    def routes(self) -> list[web.RouteDef]:
        """What is served."""
        return bound({"explainCall": self._explain})

    async def _explain(self, request: web.Request) -> web.Response:
        call = request.match_info["call"]
        if len(call) > CALL_CHARS_MAX:
            return problem(404, "no id is so long", place="call", remedy=FIND)
        interactions = await self._interactions(call)
        if not interactions:
            told = f"nothing is known of call {call}"
            return problem(404, told, place="call", remedy=FIND)
        if len(interactions) > 1:
            several = ", ".join(interactions[:5])
            told = f"{call} is the beginning of several ids: {several}"
            return problem(409, told, place="call", remedy="write more of the one that is meant")
        return json_answer(explanation_of(call, await self._known(interactions[0])))

    # ---- looking up

    async def _interactions(self, call: str) -> list[str]:
        """Which interactions `call` names or begins; one that it names whole is meant alone."""
        decisions = await self._decisions(call)
        ids = [(one.interaction_id, one.request_id, one.decision_id) for one in decisions]
        if not ids:
            legs = await self._legs(call)
            ids = [
                (one.interaction_id, one.session_id, one.call_id)
                for one in legs
                if names_one_of(call, (*_ids(one), one.sip_call_id))
            ]
        whole = [one[0] for one in ids if call in one]
        return list(dict.fromkeys(whole or [one[0] for one in ids]))

    async def _known(self, interaction_id: str) -> Known:
        decisions = [
            one
            for one in await self._decisions(interaction_id)
            if one.interaction_id == interaction_id
        ]
        requests = list(dict.fromkeys(one.request_id for one in decisions))[-REQUESTS_MAX:]
        moves = await self._search("moves", [f'"{one}"' for one in requests], LEGS_MAX)
        legs = await self._legs(interaction_id)
        calls, entries = self._report.calls().calls, self._report.queue().entries
        return Known(
            interaction_id=interaction_id,
            decisions=decisions,
            legs=[one for one in legs if one.interaction_id == interaction_id],
            moves=[_move(one) for one in moves],
            moving=[one for one in calls if one.interaction_id == interaction_id],
            waiting=[one for one in entries if one.interaction_id == interaction_id],
            conditions={
                key: await self._conditions_of(*key)
                for key in {(one.policy, one.policy_version) for one in decisions}
            },
            recorded=self._report.sources.redis().in_reach,
        )

    async def _decisions(self, call: str) -> list[Decision]:
        """Those of this node, and those that are recorded, each once."""
        sources = self._report.sources
        own = sources.decisions.find(call, DECISIONS_MAX)
        found = {one.record.decision_id: decision_of(one, sources.node) for one in own}
        for stored in await self._search("decisions", [f'"{call}'], DECISIONS_MAX):
            one = decision_from(stored)
            ids = (one.interaction_id, one.request_id, one.decision_id)
            if names_one_of(call, ids):
                found.setdefault(one.decision_id, one)
        return list(found.values())

    async def _legs(self, call: str) -> list[CallLegRecord]:
        stored = await self._search("legs", [f'"{call}'], LEGS_MAX)
        return [record_of(LEGS, row_from(LEGS, one)) for one in stored]

    async def _conditions_of(self, policy: str, number: int) -> Conditions:
        """Rule to the text of its condition; none where the version cannot be read any more."""
        known = self._conditions.get((policy, number))
        if known is not None or not number:
            return known or {}
        try:
            version = await self._versions.version(policy, number)
            document = load_document(version.text, source=policy)
        except (NircError, DocumentError):
            return {}
        if not isinstance(document, RoutingPolicyDoc):
            return {}
        found = {one.name: one.when for one in document.spec.rules if isinstance(one.when, str)}
        if len(self._conditions) >= CONDITIONS_KEPT_MAX:
            del self._conditions[next(iter(self._conditions))]
        self._conditions[policy, number] = found
        return found


def _ids(leg: CallLegRecord) -> tuple[str, str, str]:
    return leg.interaction_id, leg.session_id, leg.call_id


def _move(stored: dict[str, Any]) -> MoveTold:
    record = stored["record"]
    names = MoveTold.__dataclass_fields__.keys() - {"at_unix_s"}
    return MoveTold(
        at_unix_s=stored["at_unix_s"], **{name: record[name] for name in names if name in record}
    )
