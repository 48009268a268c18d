"""Receives moved calls: a token is looked up, the caller is put where something was held.

Rule of this file: one token connects one INVITE; from acceptance on the caller is ours, and the
origin is told `taken`, then `arrived` until it says that it has noted it. A token that the origin
cancelled is refused; one that merely lapsed brings an ordinary call with age and data. A token is
good on the trunk groups it was reserved for, and nowhere else. A lent number stands for its token.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from nrcli.wire.messages import CallTaken, CancelVerdict
from site_agent.adapters.base import (
    AcceptArrival,
    CallArriving,
    CallOffered,
    RefuseArrival,
    TreatAsOrdinary,
)
from site_agent.core.arrival_data import DATA_TIMER, ArrivalData
from site_agent.core.call_ageing import CallAgeing
from site_agent.core.call_fates import CallFates
from site_agent.core.calls import Call, CallBook
from site_agent.core.consult_arrivals import ConsultArrivals
from site_agent.core.hold import Hold, HoldState
from site_agent.core.leaders import Leaders
from site_agent.core.number_arrivals import NumberArrivals, is_number
from site_agent.core.outbox import Outbox
from site_agent.core.plan_arrivals import PlanArrivals
from site_agent.core.plan_tokens import is_plan_token
from site_agent.core.queue_figures import QueueFigures
from site_agent.core.route_requests import RouteRequests
from site_agent.core.settings import SiteSettings
from site_agent.core.target_holds import TargetHolds
from site_agent.core.tombstones import Tombstones
from site_agent.core.transfer_execution import TransferExecution
from site_agent.core.unsettled_arrivals import UnsettledArrivals

FORBIDDEN = 403
NOT_FOUND = 404
MERGED = 482
UNAVAILABLE = 480


Entered = Callable[[Call, float], None]
"Told of a caller who is here now."


def entering(
    figures: QueueFigures, fates: CallFates, ageing: CallAgeing, requests: RouteRequests
) -> Entered:
    """What follows when a caller came from elsewhere, or was called back."""

    def entered(call: Call, now_s: float) -> None:
        figures.entered(call, now_s)
        fates.came(call)
        ageing.entered(call)
        requests.arrived(call, now_s)

    return entered


class Arrivals:
    """Calls that come by a token."""

    __slots__ = (
        "_calls",
        "_entered",
        "_holds",
        "_leaders",
        "_moves",
        "_out",
        "_settings",
        "_site",
        "_tombstones",
        "consults",
        "data",
        "numbers",
        "plan",
        "unsettled",
    )

    def __init__(
        self,
        *,
        site: str,
        settings: SiteSettings,
        holds: TargetHolds,
        moves: TransferExecution,
        calls: CallBook,
        leaders: Leaders,
        out: Outbox,
        data: ArrivalData,
        unsettled: UnsettledArrivals,
        entered: Callable[[Call, float], None],
        plan: PlanArrivals,
        tombstones: Tombstones,
        numbers: NumberArrivals,
        consults: ConsultArrivals,
    ) -> None:
        self.consults = consults
        self.plan = plan
        self._tombstones = tombstones
        self.numbers = numbers
        plan.join(self.plan_verdict)
        self.data = data
        self._site = site
        self._settings = settings
        self._holds = holds
        self._moves = moves
        self._calls = calls
        self._leaders = leaders
        self._out = out
        self._entered = entered
        self.unsettled = unsettled

    def arriving(self, event: CallArriving, now_s: float) -> None:
        """An INVITE with a token: accept, treat as ordinary, or refuse; in this turn."""
        hold = self._holds.by_token(event.token)
        if is_number(event.token):
            self._by_number(event, now_s)
        elif hold is None and is_plan_token(event.token):
            self._by_plan(event, now_s)
        elif hold is None:
            source = self.consults.source(event.token)
            if source is not None:
                self._joins(event, *source, now_s)
            else:
                self._returning(event, now_s)
        elif hold.state is HoldState.TAKEN:
            self._again(hold, event)
        elif hold.state is HoldState.CANCELLED:
            self._refuse(event, UNAVAILABLE)
        elif not self._by_its_path(hold, event):
            self._out.count("arrivals_on_wrong_trunk_group")
            self._refuse(event, FORBIDDEN)
        else:
            self._take(hold, event, now_s)

    def late(self, event: CallOffered, now_s: float) -> bool:
        """A call without a token: if it belongs to an open move it is that move's. False: it is
        what it says, a new call."""
        found = self.consults.late_match.find(event)
        if found is None:
            return False
        hold = found.hold
        if found.method == "ani":
            data = self.consults.late_match.data_of(found, self._settings.data_bytes_max)
            hold.data = data.data if data is not None else b""
        arriving = CallArriving(
            call_id=event.call_id,
            token=hold.token,
            invite_key=event.call_id,
            trunk_group=event.trunk_group,
            ani=event.ani,
        )
        self._take(hold, arriving, now_s, matched=found.method)
        return True

    def plan_verdict(self, hold: Hold | None, event: CallArriving, now_s: float) -> None:
        """A call by the peer plan: an agent is held for it now, or it is refused."""
        if hold is None:
            self._refuse(event, UNAVAILABLE)
        else:
            self._take(hold, event, now_s)

    def acknowledged(self, call_id: str, now_s: float) -> None:
        """The caller was answered and the ACK came: the origin may end its leg."""
        call = self._calls.get(call_id)
        hold = self._holds.by_token(call.token) if call else None
        if call is None or hold is None or hold.call_id != call_id or hold.arrived:
            return
        call.answered = True
        self._calls.changed(call)
        hold.arrived = True
        self._out.count("arrived")
        self._out.write(
            "call_arrived", call=call_id, interaction=call.interaction_id, token=call.token
        )
        if is_plan_token(hold.token):
            self.unsettled.say(hold)
        else:
            self.unsettled.tell(hold, now_s)

    def asked(self, token: str, now_s: float) -> None:
        """The origin still asks about a caller who arrived: it has not heard of that, so say so."""
        hold = self._holds.by_token(token)
        if hold is not None and hold.arrived and not hold.unsettled:
            self.unsettled.tell(hold, now_s)

    def ended(self, call: Call, now_s: float) -> None:
        """A call that came by a token has ended; unanswered, its origin may still have the leg."""
        hold = self._holds.by_token(call.token)
        if hold is None or hold.call_id != call.call_id:
            return
        self._out.stop(DATA_TIMER + call.token)
        self._holds.call_over(hold, now_s)
        if not hold.arrived:
            self._holds.answer_cancel(
                self._leaders.relay(), call.token, hold.message.origin_site, CancelVerdict.NEVER
            )

    # ---- inner -----------------------------------------------------------------------------

    def _by_number(self, event: CallArriving, now_s: float) -> None:
        """A number that is lent stands for its hold's token; else its caller is an ordinary one."""
        hold = self.numbers.hold_of(event, now_s)
        if hold is not None:
            self.arriving(replace(event, token=hold.token), now_s)
        elif self.numbers.returns(event):
            self._returning(event, now_s)
        elif not self.numbers.ordinary(event, now_s):
            self._refuse(event, NOT_FOUND)

    def _by_plan(self, event: CallArriving, now_s: float) -> None:
        if event.token in self._tombstones:
            self._refuse(event, UNAVAILABLE)
        else:
            self.plan.arriving(event, now_s)

    def _by_its_path(self, hold: Hold, event: CallArriving) -> bool:
        """Did the call come in on a trunk group of the reservation? With none named: any network
        group."""
        named = {claim.trunk_group for claim in hold.message.channels}
        if named:
            return event.trunk_group in named
        rules = self._settings.trunks.get(event.trunk_group)
        return rules is None or rules.kind == "network"

    def _take(self, hold: Hold, event: CallArriving, now_s: float, *, matched: str = "") -> None:
        live = hold.state is HoldState.LIVE
        call = self._call_of(hold, event, now_s)
        call.held_agent = hold.message.agent if live else ""
        self._holds.take(hold, event.call_id, event.invite_key, now_s)
        self._write_verdict(event, "accepted" if live else "ordinary")
        self._out.count("taken" if live else "taken_late")
        accepts = live or matched
        self._out.do(self._accept(hold, call, now_s) if accepts else self._ordinary(call, now_s))
        self._calls.add(call)
        self._out.send(
            self._leaders.relay(),
            CallTaken(token=event.token, from_site=self._site, to_site=hold.message.origin_site),
        )
        if hold.data:
            self.data.have(call, hold)
        elif hold.message.data_version > 0 and matched != "ani":
            self.data.get(hold, 1)
            self._out.start(DATA_TIMER + event.token, now_s + self._settings.data_budget_s)
        self._entered(call, now_s)

    def _joins(self, event: CallArriving, source: Hold, consult: Call, now_s: float) -> None:
        """A caller comes for an agent here whom the origin's agent has consulted."""
        if not self._by_its_path(source, event):
            self._out.count("arrivals_on_wrong_trunk_group")
            self._refuse(event, FORBIDDEN)
            return
        hold = self.consults.stand_in(event.token, source, consult)
        call = self._call_of(hold, event, now_s)
        self._holds.take(hold, event.call_id, event.invite_key, now_s)
        self._write_verdict(event, "accepted")
        self._out.count("taken")
        self.consults.joined(event, hold, call, consult)
        if hold.data:
            self.data.have(call, hold)
        self._entered(call, now_s)

    def _call_of(self, hold: Hold, event: CallArriving, now_s: float) -> Call:
        message = hold.message
        call = Call(
            call_id=event.call_id,
            interaction_id=message.interaction_id,
            service=message.service,
            queue=message.queue,
            offered_at_s=_offered_at_s(hold, now_s),
        )
        call.entered_at_s = now_s
        call.trunk_group = event.trunk_group
        call.dialed_number = message.dialed_number
        call.ani = message.ani or event.ani
        call.priority = message.priority
        call.foreign = True
        call.token = event.token
        call.visited_sites = (*message.visited_sites, message.origin_site)
        call.moves_since_person_count = message.moves_since_person_count + 1
        call.moves_count = message.moves_count + 1
        return call

    def _accept(self, hold: Hold, call: Call, now_s: float) -> AcceptArrival:
        return AcceptArrival(
            call_id=call.call_id,
            hold_id=hold.hold_id,
            interaction_id=call.interaction_id,
            service=call.service,
            queue=call.queue,
            agent=hold.message.agent,
            waited_s=max(0.0, now_s - call.offered_at_s),
            priority=call.priority,
            answer_now=hold.message.answered,
            data=hold.data,
            data_within_s=self._settings.data_budget_s if _awaits_data(hold) else 0.0,
            broadcast=hold.message.broadcast,
        )

    def _ordinary(self, call: Call, now_s: float) -> TreatAsOrdinary:
        hold = self._holds.by_token(call.token)
        return TreatAsOrdinary(
            call_id=call.call_id,
            interaction_id=call.interaction_id,
            queue=call.queue,
            service=call.service,
            waited_s=max(0.0, now_s - call.offered_at_s),
            priority=call.priority,
            data=hold.data if hold else b"",
        )

    def _again(self, hold: Hold, event: CallArriving) -> None:
        """The token was used: the same INVITE counts once, any other is refused."""
        if event.call_id != hold.call_id:
            same = event.invite_key == hold.invite_key and not hold.over
            self._refuse(event, MERGED if same else UNAVAILABLE)

    def _returning(self, event: CallArriving, now_s: float) -> None:
        move = self._moves.returned(event.token, now_s)
        if move is None:
            self._refuse(event, UNAVAILABLE)
            return
        call, old = self._back(event, move.call), move.call
        self._out.count("returned")
        self._write_verdict(event, "returned", old.interaction_id)
        self._out.do(
            AcceptArrival(
                call_id=call.call_id,
                hold_id="",
                interaction_id=old.interaction_id,
                service=old.service,
                queue=old.queue,
                waited_s=max(0.0, now_s - call.offered_at_s),
                priority=old.priority,
                answer_now=False,
                data=old.data.data if old.data else b"",
            )
        )
        self._calls.add(call)
        self._entered(call, now_s)

    def _back(self, event: CallArriving, old: Call) -> Call:
        call = Call(
            call_id=event.call_id,
            interaction_id=old.interaction_id,
            service=old.service,
            queue=old.queue,
            offered_at_s=old.offered_at_s,
        )
        call.entered_at_s = old.entered_at_s
        call.trunk_group = event.trunk_group
        call.dialed_number = old.dialed_number
        call.ani = old.ani
        call.priority = old.priority
        call.withheld = old.withheld
        call.verified = old.verified
        call.data = old.data
        call.visited_sites = old.visited_sites
        call.moves_since_person_count = old.moves_since_person_count
        call.moves_count = old.moves_count
        call.refused_targets = old.refused_targets
        call.failed_ways = old.failed_ways
        call.entry_id, call.entry_domain = old.entry_id, old.entry_domain
        return call

    def _refuse(self, event: CallArriving, sip_status: int) -> None:
        self._out.count("arrivals_refused")
        self._write_verdict(event, "refused")
        self._out.do(RefuseArrival(call_id=event.call_id, sip_status=sip_status))

    def _write_verdict(self, event: CallArriving, verdict: str, returned: str = "") -> None:
        hold = self._holds.by_token(event.token)
        self._out.write(
            "call_arriving",
            call=event.call_id,
            token=event.token,
            verdict=verdict,
            invite=event.invite_key,
            trunk_group=event.trunk_group,
            interaction=hold.message.interaction_id if hold else returned,
        )


def _awaits_data(hold: Hold) -> bool:
    """Has the call data that is not here yet?"""
    return hold.message.data_version > 0 and not hold.data


def _offered_at_s(hold: Hold, now_s: float) -> float:
    """The wait counts on from what the leader said when it asked."""
    asked_at_s = hold.expires_at_s - hold.message.expires_s
    return min(now_s, asked_at_s) - hold.message.waited_s
