"""The callers: they dial, wait, lose patience, talk, dial again; and the truth about each of them.

Rule of this file: a try to call ends exactly once. What happens to a caller is noted here, whatever
sites and nodes believe; a caller who talks twice at once or is dropped by nobody is told as a
problem.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from simulator.errors import OverloadedError
from simulator.model.instants import NEVER_US, US, to_us
from simulator.model.outcomes import MoveEnd, Outcome
from simulator.world.acd_state import Agent, Leg
from simulator.world.calling_back import CallingBack
from simulator.world.dialing import Dialing
from simulator.world.floor import Floor
from simulator.world.request_book import RequestBook
from simulator.world.timeline import ABANDONMENT, TIMER
from simulator.world.tries import Try, numbers_of
from site_agent.adapters import base

if TYPE_CHECKING:
    from simulator.world.site import WorldSite
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
        self.lines: list[tuple[int, ...]] = []
        "Tries that ended, as OUTCOME_TYPE has them."
        self.requests = RequestBook(world.timeline)
        self.dialing = Dialing(world, self)
        asked = world.model.callbacks
        self.back = CallingBack(world, self, asked) if asked is not None else None
        "None: nobody is called back."

    # ---- leaving ---------------------------------------------------------------------------

    def lose_patience(self, try_: Try) -> None:
        """The caller has waited long enough, if still waiting."""
        if try_.outcome or try_.talking is not None or try_.back.answered:
            return
        if not try_.back.entry:
            self.leave(try_, Outcome.ABANDONED)
            return
        for leg in reversed(list(try_.legs.values())):
            _at_site(self._world, _hang_up, leg)

    def drop(self, leg: Leg) -> None:
        """The carrier drops a call that nobody answered."""
        if not leg.over and not leg.answered and not leg.try_.outcome and not leg.try_.back.entry:
            self.leave(leg.try_, Outcome.NO_ANSWER)

    def leave(self, try_: Try, outcome: Outcome) -> None:
        """The caller is gone, wherever legs stand."""
        legs = list(try_.legs.values())
        self.end(try_, outcome)
        for leg in reversed(legs):
            _at_site(self._world, _hang_up, leg)

    def stop(self) -> None:
        """The run is over: whoever stands is unfinished, as they stand, before any leg ends."""
        standing = list(self.live.values())
        legs = [leg for try_ in standing for leg in try_.legs.values()]
        for try_ in standing:
            self._world.carriers.forget(try_)
            self.end(try_, Outcome.UNFINISHED)
        for leg in legs:
            _at_site(self._world, _hang_up, leg)
        self._world.voicemail.stop()

    def cut(self, legs: Sequence[Leg]) -> None:
        """The site where these legs stand is lost; who stands elsewhere too goes on there."""
        for try_ in dict.fromkeys(leg.try_ for leg in legs):
            elsewhere = [leg for leg in try_.legs.values() if leg not in legs]
            try_.cut = True
            if not try_.outcome and (try_.talking in legs or not elsewhere):
                self.end(try_, Outcome.SITE_LOST)
                for leg in elsewhere:
                    self._world.timeline.soon(self.far_end_over, leg)

    def end(self, try_: Try, outcome: Outcome) -> None:
        """The try is over; maybe the caller dials again."""
        world, now_us = self._world, self._world.timeline.now_us
        if try_.transit is not None:
            world.carriers.stop(try_.transit, MoveEnd.CALLER_GONE)
        if outcome is Outcome.ABANDONED and try_.agent >= 0:
            outcome = Outcome.ANSWERED
        if self.back is not None:
            outcome = self.back.ended_as(try_, outcome)
            self.back.forget(try_)
        try_.outcome = int(outcome)
        try_.ended_us = now_us
        if try_.agent < 0:
            try_.wait_us = now_us - try_.arrival_us
        else:
            try_.talked_us = min(try_.talked_us, now_us - try_.arrival_us - try_.wait_us)
        self.requests.forget(try_)
        self.lines.append(try_.line())
        del self.live[(try_.number, try_.attempt)]
        if outcome in REDIALS and try_.redials_left > 0:
            self.dialing.again(try_)

    def nowhere(self, try_: Try) -> None:
        """A caller stands nowhere, and nobody has ended the call."""
        if not try_.outcome and not try_.legs and try_.transit is None and not try_.back.entry:
            if try_.cut:
                self.end(try_, Outcome.SITE_LOST)
                return
            if not try_.unresolved:
                self._world.problem(f"caller {try_.interaction_id} is lost")
            self.end(try_, Outcome.LOST)

    def unresolved(self, interaction_id: str) -> None:
        """A site counts a move of this caller as unresolved: where the caller is, nobody knows."""
        try_ = self.named(interaction_id)
        if try_ is not None:
            try_.unresolved = True

    def named(self, interaction_id: str) -> Try | None:
        """The try of this name, while it goes on."""
        return self.live.get(numbers_of(interaction_id))

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
            self._world.timeline.at(at_us, TIMER, partial(_at_site, self._world, _play), leg)

    def connected(self, leg: Leg, agent: Agent) -> None:
        """An agent talks with the caller."""
        try_, floor = leg.try_, self._world.sites[leg.site].acd.floor
        now_us = self._world.timeline.now_us
        if try_.talking is not None and not try_.unresolved:
            text = (
                f"caller {try_.interaction_id} talks twice: {try_.talking.call_id}, {leg.call_id}"
            )
            self._world.problem(text)
        if try_.outcome == Outcome.TO_HANDLER:
            text = f"caller {try_.interaction_id} talks twice: a handler, {leg.call_id}"
            self._world.problem(text)
        was_answered = try_.agent >= 0
        try_.talking = leg
        try_.agent = agent.number
        if self.back is not None:
            self.back.connected(try_)
        try_.row = floor.first_row + leg.queue
        if not was_answered:
            try_.wait_us = now_us - try_.arrival_us
        try_.talked_us += floor.work_us(try_.talk_us, leg)
        try_.talked_acw_us = floor.work_us(try_.acw_us, leg)

    def passed_on(self, leg: Leg) -> None:
        """An agent has passed the caller on, who is as patient as before."""
        try_, timeline = leg.try_, self._world.timeline
        try_.talking = None
        try_.talked_us = max(0, timeline.now_us - try_.arrival_us - try_.wait_us)
        if try_.patience_us < NEVER_US:
            at_us = timeline.now_us + try_.patience_us
            timeline.at(at_us, ABANDONMENT, self.lose_patience, try_, number=try_.number)

    def leg_over(self, leg: Leg, by: str) -> None:
        """A leg has ended."""
        try_ = leg.try_
        try_.legs.pop(leg.call_id, None)
        if try_.outcome:
            return
        if try_.talking is leg:
            _others_end(self._world, try_)
            self.end(try_, Outcome.ANSWERED)
        elif try_.back.entry and by in ("site", "caller"):
            _others_end(self._world, try_)
        elif by == "site":
            _others_end(self._world, try_)
            self.end(try_, Outcome.REJECTED)
        elif by != "redirected":
            self._world.timeline.soon(self.nowhere, try_)

    def far_end_over(self, leg: Leg) -> None:
        """The other end of a call is gone: so is this leg, as soon as its site hears of it."""
        _at_site(self._world, _far_end_left, leg)

    def told_wait(self, leg: Leg, command: base.Announce) -> None:
        """The caller was told an expected wait on entering."""
        if command.ewt_s >= 0 and leg.try_.expected_us < 0:
            leg.try_.expected_us = to_us(command.ewt_s)

    def dial(self, floor: Floor, command: base.DialCaller) -> None:
        """A site calls somebody back."""
        if self.back is not None:
            self.back.dial(floor, command)

    def rings_end(self, floor: Floor) -> None:
        """A site rings nobody any more."""
        if self.back is not None:
            self.back.rings_end(floor)

    def overloaded(self, row: int, waiting_count: int) -> None:
        """More calls wait than the model allows. Raises OverloadedError."""
        site, queue = self._world.model.rows[row]
        where = self._world.model.sites[site]
        place = f"{where.name}/{where.queues[queue].name}"
        raise OverloadedError(self._world.timeline.now_us / US, place, waiting_count)


def _at_site(world: World, act: Callable[[tuple[WorldSite, Leg]], None], leg: Leg) -> None:
    """Let a leg's site do something, when its process can."""
    site = world.sites[leg.site]
    site.happens(act, (site, leg))


def _others_end(world: World, try_: Try) -> None:
    for leg in try_.legs.values():
        world.timeline.soon(world.callers.far_end_over, leg)


def _hang_up(what: tuple[WorldSite, Leg]) -> None:
    site, leg = what
    site.take(site.acd.caller_left(leg))


def _play(what: tuple[WorldSite, Leg]) -> None:
    site, leg = what
    site.take(site.acd.music(leg))


def _far_end_left(what: tuple[WorldSite, Leg]) -> None:
    site, leg = what
    if not leg.over:
        leg.moving = ""
        site.take(site.acd.caller_left(leg, "moved"))
