"""Takes or refuses a call that comes by the peer plan, before the caller hears anything of it.

Rule of this file: this site's own truth decides, whatever its tier: the same plan, proved; by a
trunk group of sites; within what the plan says it takes; and an agent whom it would lend to NIRC in
the same moment. Then the agent is held and the hold used in one breath. Else 480: the origin has
the caller still.
"""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Callable

from nrcli.wire.messages import (
    DOMAIN_FIRST,
    NO_EPOCH,
    AgentState,
    Reserve,
    ReserveRefusal,
    TransferMethod,
)
from site_agent.adapters.base import CallArriving
from site_agent.core.calls import Call, CallBook
from site_agent.core.hold import Hold
from site_agent.core.lending_rules import lending_problem
from site_agent.core.outbox import Outbox
from site_agent.core.peer_plans import PeerPlans
from site_agent.core.plan_tokens import NO_SEAL, PlanCall, is_plan_token, read_token, seal_fits
from site_agent.core.settings import SiteSettings
from site_agent.core.site_model import SiteModel
from site_agent.core.target_holds import TargetHolds

MINUTE_S = 60.0
Verdict = Callable[[Hold | None, CallArriving, float], None]
"Called with the hold that was granted, or none: then the call is refused."


class PlanArrivals:
    """The target's side of the peer plan."""

    __slots__ = (
        "_begun",
        "_calls",
        "_holds",
        "_model",
        "_out",
        "_plans",
        "_settings",
        "_site",
        "_verdict",
        "_waiting",
    )

    def __init__(
        self,
        *,
        site: str,
        settings: SiteSettings,
        plans: PeerPlans,
        model: SiteModel,
        holds: TargetHolds,
        calls: CallBook,
        out: Outbox,
    ) -> None:
        self._site = site
        self._settings = settings
        self._plans = plans
        self._model = model
        self._holds = holds
        self._calls = calls
        self._out = out
        self._begun: dict[str, deque[float]] = {}
        "When calls of each service were taken, for a minute."
        self._waiting: dict[str, CallArriving] = {}
        "By token: calls whose agent the ACD was asked for."
        self._verdict: Verdict | None = None

    def join(self, verdict: Verdict) -> None:
        """Name what takes or refuses; once, before the first event."""
        self._verdict = verdict

    def arriving(self, event: CallArriving, now_s: float) -> None:
        """An INVITE with a plan token that nobody has used."""
        if event.token in self._waiting:
            self._say(None, event, now_s, "asked twice")
            return
        said, why = self._read(event, now_s)
        if said is None:
            self._say(None, event, now_s, why)
            return
        reserve, why = self._wanted(said, event, now_s)
        if reserve is None:
            self._say(None, event, now_s, why)
            return
        self._waiting[event.token] = event
        hold = Hold(f"plan-{event.call_id}", reserve, "")
        hold.token = event.token
        self._holds.ask_acd(hold, now_s)

    def decided(self, token: str, hold: Hold | None, now_s: float) -> None:
        """The ACD holds the agent, or does not."""
        event = self._waiting.pop(token, None)
        if event is None:
            return
        if hold is None:
            self._say(None, event, now_s, "the ACD holds nobody")
            return
        self._begun.setdefault(hold.message.service, deque()).append(now_s)
        self._out.count("plan_calls_taken")
        assert self._verdict is not None, "join() comes first"
        self._verdict(hold, event, now_s)

    # ---- inner -----------------------------------------------------------------------------

    def _read(self, event: CallArriving, now_s: float) -> tuple[PlanCall | None, str]:
        plans = self._plans
        if plans.plan is None or plans.trust is None or not plans.usable(now_s):
            return None, "no plan is in use"
        if not self._by_sites(event.trunk_group):
            return None, "not by a trunk group of sites"
        said = read_token(event.token, plans.plan, plans.digest, plans.trust.call_key, self._site)
        if said is None:
            return None, "another plan, another site's, or not proved"
        if said.target != self._site or said.origin == self._site:
            return None, "for another site"
        return said, ""

    def _by_sites(self, trunk_group: str) -> bool:
        rules = self._settings.trunks.get(trunk_group)
        return rules is None or rules.kind == "network" or rules.plan_calls

    def _wanted(
        self, said: PlanCall, event: CallArriving, now_s: float
    ) -> tuple[Reserve | None, str]:
        """What is to be held for the call, or why nothing is."""
        assert self._plans.plan is not None, "looked at before"
        peer = self._plans.plan.peer(said.service, self._site)
        if peer is None:
            return None, f"the plan gives it no {said.service}"
        here = sum(
            1
            for call in self._calls.all()
            if is_plan_token(call.token) and self._came_for(call) == said.service
        )
        here += sum(1 for token in self._waiting if token != event.token)
        if here >= peer.calls_max:
            return None, f"{here} calls by the plan are here"
        if self._in_last_minute(said.service, now_s) >= peer.calls_per_minute_max:
            return None, f"{peer.calls_per_minute_max} calls came within a minute"
        if self._model.trunks.get(event.trunk_group) and (
            self._model.free_channels(event.trunk_group) < 0
        ):
            return None, f"min_free of {event.trunk_group}"
        why = f"no agent of {peer.queue}"
        for agent in self._ready(peer.queue):
            reserve = self._reserve(said, event, peer.queue, agent)
            problem = lending_problem(
                reserve,
                model=self._model,
                settings=self._settings,
                open_count=self._holds.open_count,
                pending=self._holds.book.pending_agents(),
            )
            if problem is None:
                return reserve, ""
            why = f"{problem[0].value} {problem[1]}"
            if problem[0] is not ReserveRefusal.NO_AGENT:
                break
        return None, why

    def _came_for(self, call: Call) -> str:
        """The service that a call came for; an agent here may have passed it on to another."""
        hold = self._holds.by_token(call.token)
        return hold.message.service if hold is not None else call.service

    def _in_last_minute(self, service: str, now_s: float) -> int:
        begun = self._begun.get(service)
        while begun and begun[0] <= now_s - MINUTE_S:
            begun.popleft()
        return len(begun) if begun else 0

    def _ready(self, queue: str) -> list[str]:
        """Ready agents of a queue, who waits longest first."""
        found = [
            agent
            for agent in self._model.agents.values()
            if agent.state is AgentState.READY and agent.serves(queue)
        ]
        return [agent.agent for agent in sorted(found, key=lambda one: (one.since_s, one.agent))]

    def _reserve(self, said: PlanCall, event: CallArriving, queue: str, agent: str) -> Reserve:
        digest = hashlib.sha256(event.data).digest() if event.data else b""
        assert self._plans.trust is not None, "looked at before"
        whole = seal_fits(said, digest, self._plans.trust.call_key)
        return Reserve(
            domain=DOMAIN_FIRST,
            epoch=NO_EPOCH,
            request_id=event.token,
            interaction_id=said.interaction_id,
            origin_site=said.origin,
            service=said.service,
            queue=queue,
            agent=agent,
            methods=(TransferMethod.BRIDGE,),
            ani=event.ani,
            priority=said.priority,
            waited_s=said.waited_s,
            answered=said.answered,
            visited_sites=said.visited_sites,
            moves_since_person_count=said.moves_since_person_count,
            moves_count=said.moves_count,
            expires_s=self._settings.plan_call_s,
            data=event.data if whole else b"",
            data_digest=digest if whole else said.seal.rstrip(b"\0"),
            data_version=0 if said.seal == NO_SEAL else 1,
        )

    def _say(self, hold: Hold | None, event: CallArriving, now_s: float, why: str) -> None:
        self._out.count("plan_calls_refused")
        self._out.write("plan_refused", call=event.call_id, token=event.token, reason=why)
        assert self._verdict is not None, "join() comes first"
        self._verdict(hold, event, now_s)
