"""Sends a waiting call to a peer by the plan, while NIRC is not asked: the INVITE is the question.

Rule of this file: the peer is picked, the token made, and the move handed to the same parts that
carry out NIRC's answers. The caller is kept until the peer has them; who was refused is back in
place with the time waited, and another peer, if there is one, is asked at once.
"""

from __future__ import annotations

from collections.abc import Callable

from nrcli.wire.messages import (
    DOMAIN_FIRST,
    NO_EPOCH,
    MoveOutcome,
    RouteAnswer,
    RouteOutcome,
    Rung,
    TransferMethod,
)
from routing_policies.peer_plan_kinds import PeerPlanDoc, PlanPeer
from site_agent.core.blind_share import BlindShares
from site_agent.core.calls import Call
from site_agent.core.moves import Move
from site_agent.core.outbox import Outbox
from site_agent.core.peer_choice import PeerChoice
from site_agent.core.peer_plans import PeerPlans
from site_agent.core.plan_numbers import PlanNumbers, site_of
from site_agent.core.plan_tokens import PlanCall, seal_of, token_of
from site_agent.core.settings import SiteSettings
from site_agent.core.tiers import Tier, Tiers

STAND_IN = "peer plan"
"Who is asked where no node is."
KINDLY = (MoveOutcome.CALLER_GONE, MoveOutcome.SERVED_AT_HOME)
"Endings of a move for which its peer is not to blame."


class PlanOverflow:
    """The origin's side of the peer plan."""

    __slots__ = (
        "_arrived",
        "_begin",
        "_blind",
        "_fits",
        "_new_token",
        "_numbers",
        "_out",
        "_plans",
        "_settings",
        "_site",
        "_tiers",
        "choice",
    )

    def __init__(
        self,
        *,
        site: str,
        settings: SiteSettings,
        plans: PeerPlans,
        tiers: Tiers,
        blind: BlindShares,
        out: Outbox,
        new_token: Callable[[], str],
        arrived: Callable[[str], None] = lambda target: None,
    ) -> None:
        """`arrived`: a caller is at this target."""
        self._arrived = arrived
        self.choice = PeerChoice(settings)
        self._site = site
        self._settings = settings
        self._plans = plans
        self._tiers = tiers
        self._blind = blind
        self._out = out
        self._new_token = new_token
        self._numbers = PlanNumbers(site)
        self._fits: Callable[[Call, RouteAnswer], bool] | None = None
        self._begin: Callable[[Call, RouteAnswer, float], None] | None = None

    def join(
        self,
        fits: Callable[[Call, RouteAnswer], bool],
        begin: Callable[[Call, RouteAnswer, float], None],
        here: Callable[[Call], bool] = lambda call: True,
    ) -> None:
        """Name what carries out a move, and says whether a call still is at this site; once, before
        the first event."""
        self._fits, self._begin = fits, begin
        self._numbers.here = here

    def asks_from_s(self, call: Call) -> float:
        """From when on NIRC is asked about this call, after the site was without."""
        return self._tiers.ramp.asks_from_s(call.interaction_id)

    def stands_in(self, call: Call, now_s: float) -> str:
        """Who is asked about the call while NIRC is not; empty: nobody."""
        if self._tiers.tier is Tier.LEADER_CHANGING:
            return ""
        by_plan = self._tiers.tier is not Tier.LOCAL_ONLY and self._peers(call, now_s)
        return STAND_IN if by_plan or self._blind.takes(call, self._tiers.tier) else ""

    def overflow(self, call: Call, now_s: float) -> bool:
        """Begin to move the call; false if no peer can be asked now."""
        assert self._fits is not None and self._begin is not None, "join() comes first"
        plan, peers = self._plans.plan, list(self._peers(call, now_s))
        while plan is not None and peers:
            peer = self.choice.pick(call.service, peers, now_s)
            if peer is None:
                break
            peers.remove(peer)
            numbered = self._numbers.way(call, peer) is not None
            if numbered and not self._numbers.has_room(call, peer, now_s):
                continue
            answer = self._answer(call, plan, peer, now_s)
            if self._fits(call, answer):
                self._out.count("plan_calls_sent")
                if numbered:
                    self._numbers.began(call, answer.target_site, now_s)
                self._begin(call, answer, now_s)
                return True
        return self._blind_share(call, now_s)

    def ended(self, move: Move, outcome: MoveOutcome, now_s: float) -> None:
        """A move by the plan is over: the peer is asked again, or left out for a while."""
        target, service = site_of(move.answer.target_site), move.call.service
        self._out.count(f"plan_calls_{outcome.value}")
        if outcome is not MoveOutcome.ARRIVED:
            self._numbers.over(move.call, move.answer.target_site)
        if outcome is MoveOutcome.ARRIVED:
            self.choice.took(service, target)
            self._arrived(move.answer.target_site)
        elif outcome not in KINDLY and not move.recalled:
            silent = move.was_silent or not move.sip_status
            self.choice.failed(service, target, now_s, silent=silent)

    def _peers(self, call: Call, now_s: float) -> tuple[PlanPeer, ...]:
        """Peers that may be asked about this call; none once it has moved too often."""
        plan, settings = self._plans.plan, self._settings
        if plan is None or not self._plans.usable(now_s):
            return ()
        service = plan.service(call.service)
        spent = (
            call.moves_count >= settings.moves_max
            or call.moves_since_person_count >= settings.moves_since_person_max
        )
        known = any(one.site == self._site for one in plan.spec.sites)
        if service is None or spent or not known:
            return ()
        refused = map(site_of, call.refused_targets)
        barred = {self._site, *call.visited_sites, *refused}
        return tuple(
            peer
            for peer in service.peers
            if peer.site not in barred and peer.reached(self._site, call.trunk_group)
        )

    def _answer(self, call: Call, plan: PeerPlanDoc, peer: PlanPeer, now_s: float) -> RouteAnswer:
        way = peer.way(self._site, call.trunk_group)
        set_up_p99_s = (way and way.set_up_p99_s) or plan.spec.set_up_p99_s
        if way is not None and way.number is not None:
            target, token, rung = self._numbers.move(call, peer, self._new_token(), set_up_p99_s)
            return self._move(target, peer.queue, token, (rung,))
        said = PlanCall(
            origin=self._site,
            target=peer.site,
            service=call.service,
            waited_s=max(0.0, now_s - call.offered_at_s),
            answered=call.answered,
            priority=call.priority,
            moves_since_person_count=call.moves_since_person_count,
            moves_count=call.moves_count,
            visited_sites=call.visited_sites,
            interaction_id=call.interaction_id,
            seal=seal_of(call.data.digest if call.data else b""),
        )
        trust = self._plans.trust
        assert trust is not None, "a plan was taken"
        token = token_of(said, plan, self._plans.digest, trust.call_key, self._new_token())
        rungs = tuple(
            Rung(
                method=TransferMethod(method),
                path=STAND_IN,
                arrives_on="",
                set_up_p99_s=set_up_p99_s,
                origin_channels=1 if method == "bridge" else 0,
                follows_contacts=method == "redirect_302",
            )
            for method in (way.methods if way is not None else plan.spec.methods)
        )
        return self._move(peer.site, peer.queue, token, rungs)

    def _move(self, target: str, queue: str, token: str, rungs: tuple[Rung, ...]) -> RouteAnswer:
        return RouteAnswer(
            domain=DOMAIN_FIRST,
            epoch=NO_EPOCH,
            request_id=token,
            outcome=RouteOutcome.MOVE,
            target_site=target,
            queue=queue,
            token=token,
            rungs=rungs,
            expires_s=self._settings.plan_call_s,
            reason=STAND_IN,
        )

    def _blind_share(self, call: Call, now_s: float) -> bool:
        assert self._fits is not None and self._begin is not None, "join() comes first"
        if not self._blind.takes(call, self._tiers.tier):
            return False
        target, token, rung = self._blind.move(call, self._new_token())
        answer = self._move(target, call.queue, token, (rung,))
        if not self._fits(call, answer):
            return False
        self._out.count("blind_calls_sent")
        self._begin(call, answer, now_s)
        return True
