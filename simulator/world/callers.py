"""The callers: they dial, wait, lose patience, talk, dial again; and the truth about each of them.

Rule of this file: a try to call ends exactly once. What happens to a caller is noted here, whatever
sites and nodes believe; a caller who talks twice at once or is dropped by nobody is told as a
problem.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from simulator.errors import OverloadedError
from simulator.model.instants import NEVER_US, US, to_us
from simulator.model.outcomes import MoveEnd, Outcome
from simulator.world.acd_state import Agent, Hold, Leg
from simulator.world.timeline import ABANDONMENT, CALL, TIMER
from simulator.world.tries import Try
from site_agent.adapters import base

if TYPE_CHECKING:
    from simulator.world.world import World

REDIALS = (
    Outcome.ABANDONED,
    Outcome.BALKED,
    Outcome.NO_CHANNEL,
    Outcome.NO_PLACE,
    Outcome.NO_ANSWER,
)


class Callers:
    """All callers, and what the ACDs tell of them."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.live: dict[tuple[int, int], Try] = {}
        "Tries that go on, by number and attempt."
        self.to_come = 0
        "Redials that are planned."
        self.lines: list[tuple[int, ...]] = []
        "Tries that ended, as OUTCOME_TYPE has them."
        self.requests: dict[str, tuple[Try, int]] = {}
        "Route requests by id: of which try, and when they were made."

    # ---- dialing ---------------------------------------------------------------------------

    def dial(self, try_: Try) -> None:
        """A new or redialed call."""
        self.live[(try_.number, try_.attempt)] = try_
        if try_.attempt:
            self.to_come -= 1
        if try_.patience_us < NEVER_US:
            at_us = try_.arrival_us + try_.patience_us
            self._world.timeline.at(
                at_us, ABANDONMENT, self._lose_patience, try_, number=try_.number
            )
        self._enter(try_)

    def _enter(self, try_: Try) -> None:
        """The first entry of the ingress that is not lost."""
        world = self._world
        if try_.outcome:
            return
        ingress = world.model.ingresses[try_.ingress]
        while try_.entry < len(ingress.entries):
            site, trunk = ingress.entries[try_.entry]
            lost_us = world.sites[site].lost_us
            if lost_us is None:
                set_up_us = world.model.sites[site].trunks[trunk].set_up_us
                if set_up_us > 0:
                    at_us = world.timeline.now_us + set_up_us
                    world.timeline.at(at_us, CALL, self._offer, try_, number=try_.number)
                else:
                    self._offer(try_)
                return
            try_.entry += 1
            if world.timeline.now_us < lost_us + ingress.switch_over_us:
                self._meets_nothing(try_)
                return
        self.end(try_, Outcome.SITE_LOST)

    def _meets_nothing(self, try_: Try) -> None:
        """The site is lost, and nobody has switched over yet."""
        world = self._world
        ingress = world.model.ingresses[try_.ingress]
        if try_.luck < ingress.lost_share:
            self.end(try_, Outcome.SITE_LOST)
            return
        at_us = world.timeline.now_us + ingress.retry_us
        world.timeline.at(at_us, CALL, self._enter, try_, number=try_.number)

    def _offer(self, try_: Try) -> None:
        """The call reaches a site's trunk group."""
        world, model = self._world, self._world.model
        if try_.outcome:
            return
        site, trunk = model.ingresses[try_.ingress].entries[try_.entry]
        shell = world.sites[site]
        if shell.acd.lost:
            self._enter(try_)
            return
        row = model.home_row(try_.ingress, site)
        queue = model.rows[row][1] if row >= 0 else -1
        if shell.acd.busy(trunk):
            world.tally.blocked(shell.acd.floor.first_trunk + trunk, world.timeline.now_us)
            self.end(try_, Outcome.NO_CHANNEL)
        elif row < 0 or not shell.acd.place_free(queue):
            self.end(try_, Outcome.NO_PLACE)
        elif try_.balks and not shell.acd.floor.has_ready(queue):
            self.end(try_, Outcome.BALKED)
        else:
            self._enters(try_, site, trunk, row)

    def _enters(self, try_: Try, site: int, trunk: int, row: int) -> None:
        world, model = self._world, self._world.model
        shell, ingress = world.sites[site], model.ingresses[try_.ingress]
        try_.entry_row = try_.row = row
        try_.queued_us = world.timeline.now_us
        leg = try_.new_leg(site, trunk)
        self.answer_later(leg, model.rows[row][1])
        no_answer_us = model.sites[site].trunks[trunk].no_answer_us
        if no_answer_us < NEVER_US:
            at_us = world.timeline.now_us + no_answer_us
            world.timeline.at(at_us, ABANDONMENT, self._drop, leg, number=try_.number)
        service = model.services[ingress.service].name
        shell.take(shell.acd.enter(leg, model.rows[row][1], ingress.dialed_number, service))

    # ---- leaving ---------------------------------------------------------------------------

    def _lose_patience(self, try_: Try) -> None:
        if not try_.outcome and try_.talking is None:
            self.leave(try_, Outcome.ABANDONED)

    def _drop(self, leg: Leg) -> None:
        """The carrier drops a call that nobody answered."""
        if not leg.over and not leg.answered and not leg.try_.outcome:
            self.leave(leg.try_, Outcome.NO_ANSWER)

    def leave(self, try_: Try, outcome: Outcome) -> None:
        """The caller is gone, wherever legs stand."""
        legs = list(try_.legs.values())
        self.end(try_, outcome)
        for leg in reversed(legs):
            site = self._world.sites[leg.site]
            site.take(site.acd.caller_left(leg))

    def cut(self, legs: Sequence[Leg]) -> None:
        """The site where these legs stand is lost; who stands elsewhere too goes on there."""
        for try_ in dict.fromkeys(leg.try_ for leg in legs):
            elsewhere = [leg for leg in try_.legs.values() if leg not in legs]
            if not try_.outcome and (try_.talking in legs or not elsewhere):
                self.end(try_, Outcome.SITE_LOST)
                for leg in elsewhere:
                    self._world.timeline.soon(self._far_end_over, leg)

    def end(self, try_: Try, outcome: Outcome) -> None:
        """The try is over; maybe the caller dials again."""
        world, now_us = self._world, self._world.timeline.now_us
        if try_.transit is not None:
            world.carriers.stop(try_.transit, MoveEnd.CALLER_GONE)
        try_.outcome = int(outcome)
        try_.ended_us = now_us
        if try_.agent < 0:
            try_.wait_us = now_us - try_.arrival_us
        else:
            try_.talked_us = min(try_.talked_us, now_us - try_.arrival_us - try_.wait_us)
        for since_us in try_.holds.values():
            try_.held_us += now_us - since_us
        try_.holds.clear()
        for request_id in try_.requests:
            del self.requests[request_id]
        self.lines.append(try_.line())
        del self.live[(try_.number, try_.attempt)]
        if outcome in REDIALS and try_.redials_left > 0:
            self._redial(try_)

    def _redial(self, before: Try) -> None:
        timeline = self._world.timeline
        at_us = timeline.now_us + before.redial_after_us
        try_ = Try(before.number, before.attempt + 1, before.ingress, at_us)
        for name in ("priority", "ahead_us", "patience_us", "balks", "talk_us", "acw_us", "data"):
            setattr(try_, name, getattr(before, name))
        try_.redials_left, try_.redial_after_us = before.redials_left - 1, before.redial_after_us
        try_.ring_luck, try_.luck = before.ring_luck, before.luck
        self.to_come += 1
        timeline.at(at_us, CALL, self.dial, try_, number=try_.number)

    def nowhere(self, try_: Try) -> None:
        """A caller stands nowhere, and nobody has ended the call."""
        if not try_.outcome and not try_.legs and try_.transit is None:
            if not try_.unresolved:
                self._world.problem(f"caller {try_.interaction_id} is lost", try_.interaction_id)
            self.end(try_, Outcome.LOST)

    def unresolved(self, interaction_id: str) -> None:
        """A site counts a move of this caller as unresolved: where the caller is, nobody knows."""
        number, _, attempt = interaction_id.partition(".")
        try_ = self.live.get((int(number), int(attempt)))
        if try_ is not None:
            try_.unresolved = True

    # ---- what ACDs tell --------------------------------------------------------------------

    def entered(self, leg: Leg) -> None:
        """A call that came by a token stands in a queue."""
        try_ = leg.try_
        try_.row = self._world.sites[leg.site].acd.floor.first_row + leg.queue
        try_.queued_us = self._world.timeline.now_us

    def answer_later(self, leg: Leg, queue: int | None = None) -> None:
        """Music after a while."""
        model = self._world.model.sites[leg.site]
        after_us = model.queues[leg.queue if queue is None else queue].answer_after_us
        if after_us < NEVER_US:
            at_us = self._world.timeline.now_us + after_us
            self._world.timeline.at(at_us, TIMER, self._music, leg)

    def _music(self, leg: Leg) -> None:
        site = self._world.sites[leg.site]
        site.take(site.acd.music(leg))

    def connected(self, leg: Leg, agent: Agent) -> None:
        """An agent talks with the caller."""
        try_, floor = leg.try_, self._world.sites[leg.site].acd.floor
        now_us = self._world.timeline.now_us
        if try_.talking is not None and not try_.unresolved:
            text = (
                f"caller {try_.interaction_id} talks twice: {try_.talking.call_id}, {leg.call_id}"
            )
            self._world.problem(text, try_.interaction_id)
        try_.talking = leg
        try_.agent = agent.number
        try_.row = floor.first_row + leg.queue
        try_.wait_us = now_us - try_.arrival_us
        try_.talked_us = floor.work_us(try_.talk_us, leg)
        try_.talked_acw_us = floor.work_us(try_.acw_us, leg)

    def rung_out(self, leg: Leg) -> None:
        """A ring stayed without an answer."""
        leg.try_.rings += 1

    def leg_over(self, leg: Leg, by: str) -> None:
        """A leg has ended."""
        try_ = leg.try_
        try_.legs.pop(leg.call_id, None)
        if try_.outcome:
            return
        if try_.talking is leg:
            self._others_end(try_)
            self.end(try_, Outcome.ANSWERED)
        elif by == "site":
            self._others_end(try_)
            self.end(try_, Outcome.REJECTED)
        elif by != "redirected":
            self._world.timeline.soon(self.nowhere, try_)

    def _others_end(self, try_: Try) -> None:
        for leg in try_.legs.values():
            self._world.timeline.soon(self._far_end_over, leg)

    def _far_end_over(self, leg: Leg) -> None:
        if not leg.over:
            leg.moving = ""
            site = self._world.sites[leg.site]
            site.take(site.acd.caller_left(leg, "moved"))

    def told_wait(self, leg: Leg, command: base.Announce) -> None:
        """The caller was told an expected wait on entering."""
        if command.ewt_s >= 0 and leg.try_.expected_us < 0:
            leg.try_.expected_us = to_us(command.ewt_s)

    def asked(self, request_id: str, try_: Try) -> None:
        """A site asks NIRC about a call; a repeated question is the same."""
        if request_id not in self.requests and not try_.outcome:
            self.requests[request_id] = (try_, self._world.timeline.now_us)
            try_.requests.append(request_id)
            try_.asked += 1

    def refused_by(self, request_id: str) -> None:
        """A target refused to hold anything."""
        found = self.requests.get(request_id)
        if found is not None:
            found[0].refused += 1

    def held(self, hold: Hold) -> None:
        """An agent is held for a call."""
        found = self.requests.get(hold.request_id)
        if found is not None:
            found[0].holds[hold.hold_id] = hold.since_us

    def hold_over(self, hold: Hold) -> None:
        """An agent is held no more."""
        found = self.requests.get(hold.request_id)
        since_us = found[0].holds.pop(hold.hold_id, None) if found else None
        if found is not None and since_us is not None:
            found[0].held_us += self._world.timeline.now_us - since_us

    def overloaded(self, row: int, waiting_count: int) -> None:
        """More calls wait than the model allows. Raises OverloadedError."""
        site, queue = self._world.model.rows[row]
        where = self._world.model.sites[site]
        place = f"{where.name}/{where.queues[queue].name}"
        raise OverloadedError(self._world.timeline.now_us / US, place, waiting_count)
