"""Rules of what sites do without NIRC, taken out one at a time."""

from __future__ import annotations

from typing import Any

from mutants import Mutant, Patch, instead

from routing_policies.peer_plan_kinds import PeerPlanDoc, PlanPeer
from site_agent.core.calls import Call
from site_agent.core.plan_overflow import PlanOverflow
from site_agent.core.return_ramp import ReturnRamp

MANY = 10_000


def _takes_all(original: Any) -> Any:
    """What the plan says that a peer takes binds nobody."""

    def peer(self: PeerPlanDoc, service: str, site: str) -> PlanPeer | None:
        found = original(self, service, site)
        bounds = {"calls_max": MANY, "calls_per_minute_max": MANY}
        return found.model_copy(update=bounds) if found is not None else None

    return peer


def _on_and_on(original: Any) -> Any:
    """Whoever is in the plan is asked, wherever the call has been, and however often."""

    def peers(self: PlanOverflow, call: Call, now_s: float) -> tuple[PlanPeer, ...]:
        plan = self._plans.plan
        service = plan.service(call.service) if plan and self._plans.usable(now_s) else None
        found = service.peers if service is not None else ()
        return tuple(peer for peer in found if peer.site != self._site)

    return peers


BY_PLAN = (
    Mutant(
        name="plan_without_bounds",
        without="a peer takes no more calls than the plan says, at once and in a minute",
        found_by="peer plan",
        patches=(Patch(owner=PeerPlanDoc, name="peer", make=_takes_all),),
        cases="plans",
    ),
    Mutant(
        name="plan_on_and_on",
        without="the plan's moves count like any other, and lead nowhere twice",
        found_by="hops",
        patches=(Patch(owner=PlanOverflow, name="_peers", make=_on_and_on),),
        cases="plans",
    ),
    Mutant(
        name="back_at_once",
        without="callers come back to NIRC by turns",
        found_by="peer plan",
        patches=(
            Patch(
                owner=ReturnRamp, name="asks_from_s", make=instead(lambda self, interaction: 0.0)
            ),
        ),
        cases="plans",
    ),
)
