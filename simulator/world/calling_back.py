"""Callers who are called back: what they are offered and wish, and how their telephones answer.

Rule of this file: what a caller does comes from `callback_luck` alone. A promise counts until a
site says that it is over; a telephone that rings while its owner is on the line, or after an agent
had them, is told as a problem, unless a site has counted a call as unresolved.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from simulator.model.instants import NEVER_US, to_us
from simulator.model.network import CallbackModel
from simulator.model.outcomes import HELD, Callback, Outcome
from simulator.model.streams import stream
from simulator.world.acd_state import Leg
from simulator.world.floor import Floor
from simulator.world.timeline import ABANDONMENT, TIMER
from simulator.world.tries import Try
from site_agent.adapters import base

if TYPE_CHECKING:
    from simulator.world.callers import Callers
    from simulator.world.site import WorldSite
    from simulator.world.world import World

LUCKS = 1 << 53
NO_CHANNEL = 503
HISTORY = ("callback_begun", "callback_refused", "callback_tried", "callback_ended")
"Lines of a site's history that say what became of a promise."
OF_WAITING = frozenset(
    {Outcome.ANSWERED, Outcome.ABANDONED, Outcome.REJECTED, Outcome.NO_ANSWER, Outcome.BALKED}
)


class Ring:
    """A telephone that rings."""

    __slots__ = ("command", "outcome", "over", "site", "trunk", "try_")

    def __init__(
        self, site: int, trunk: int, command: base.DialCaller, try_: Try | None, outcome: str
    ) -> None:
        self.site = site
        self.trunk = trunk
        self.command = command
        self.try_ = try_
        self.outcome = outcome
        "What becomes of it, if the site goes on so long."
        self.over = False


class CallingBack:
    """All promises, as callers know them."""

    def __init__(self, world: World, callers: Callers, model: CallbackModel) -> None:
        self._world = world
        self._callers = callers
        self._model = model
        self._rings: dict[tuple[int, str], Ring] = {}
        "By site and call."
        self._chances: dict[str, np.random.Generator] = {}
        self._reached: set[str] = set()
        "Callers whom an agent had after they were called back."

    # ---- the offer -------------------------------------------------------------------------

    def dress(self, try_: Try) -> None:
        """The caller's number is their own, and vouched for."""
        try_.back.number = number_of(try_.number)

    def begins_to_wait(self, try_: Try) -> None:
        """The caller has come into their first queue."""
        if self._model.after_us < NEVER_US:
            at_us = self._world.timeline.now_us + self._model.after_us
            self._world.timeline.at(at_us, TIMER, self._offer, try_, number=try_.number)

    def _offer(self, try_: Try) -> None:
        leg = next((one for one in try_.legs.values() if _can_be_asked(one)), None)
        if leg is None or try_.outcome or try_.back.entry:
            return
        try_.back.state = max(try_.back.state, Callback.OFFERED)
        if self._chance(try_) < self._model.take_share:
            site = self._world.sites[leg.site]
            site.happens(_wants, (site, leg))

    def _chance(self, try_: Try) -> float:
        name = try_.interaction_id
        dice = self._chances.get(name)
        if dice is None:
            seed = int(try_.back.luck * LUCKS)
            dice = self._chances[name] = stream(seed, "callback", try_.number, try_.attempt)
        return float(dice.random())

    def forget(self, try_: Try) -> None:
        """The try is over."""
        self._chances.pop(try_.interaction_id, None)

    # ---- what the site promises ------------------------------------------------------------

    def told(self, kind: str, fields: Any, site: int) -> None:
        """A site writes what becomes of a promise."""
        try_ = self._callers.named(str(fields["interaction"]))
        if try_ is None:
            return
        if kind == "callback_begun":
            try_.back.state, try_.back.entry = Callback.PROMISED, str(fields["entry"])
            try_.back.site = site
        elif kind == "callback_refused":
            try_.back.state = max(try_.back.state, Callback.WANTED)
        elif kind == "callback_tried" and fields["outcome"] == "unresolved":
            try_.unresolved = True
        elif kind == "callback_ended" and fields["entry"] == try_.back.entry:
            try_.back.entry = ""
            if not try_.legs and try_.transit is None:
                self._callers.end(try_, Outcome.NOT_REACHED)

    def ended_as(self, try_: Try, outcome: Outcome) -> Outcome:
        """How the try of somebody counts who was promised to be called back."""
        if not (try_.back.entry or try_.back.answered) or outcome not in OF_WAITING:
            return outcome
        if outcome is Outcome.ANSWERED:
            return Outcome.CALLED_BACK if try_.back.answered else outcome
        return Outcome.NOT_REACHED

    def forgotten(self, site: int, entries: frozenset[str], *, power_cut: bool) -> None:
        """A site has started anew and keeps these promises: who was given another is lost with the
        machine, or through nobody's fault but the site's."""
        for try_ in list(self._callers.live.values()):
            if try_.back.site != site or not try_.back.entry or try_.back.entry in entries:
                continue
            name, try_.back.entry = try_.interaction_id, ""
            if not try_.legs and try_.transit is None:
                if not power_cut:
                    self._world.problem(f"the promise to call back caller {name} is lost")
                self._callers.end(try_, Outcome.SITE_LOST)

    # ---- telephones ------------------------------------------------------------------------

    def dial(self, floor: Floor, command: base.DialCaller) -> None:
        """A site calls somebody, its agent held."""
        trunks = floor.model.trunks
        free = (
            t
            for t, trunk in enumerate(trunks)
            if trunk.kind == "carrier" and floor.used[t] < trunk.channels_max
        )
        trunk = next(free, -1)
        if trunk < 0 or self._callers.dialing.over:
            failed = base.CallerDialed(
                call_id=command.call_id, outcome="failed", sip_status=NO_CHANNEL
            )
            floor.told.event(failed)
            return
        floor.use(trunk, 1)
        try_ = self._callers.named(command.interaction_id)
        outcome, after_us = self._answer(try_, command)
        ring = Ring(floor.site, trunk, command, try_, outcome)
        self._rings[floor.site, command.call_id] = ring
        at_us = self._world.timeline.now_us + after_us
        self._world.timeline.at(at_us, TIMER, self._rang_out, ring)

    def _answer(self, try_: Try | None, command: base.DialCaller) -> tuple[str, int]:
        """What becomes of the ringing, and after how long."""
        model, ring_us, name = self._model, to_us(command.ring_s), command.interaction_id
        if try_ is None:
            if name in self._reached:
                self._world.problem(f"caller {name} is called back after an agent had them")
            return "no_answer", ring_us
        twice = any(ring.try_ is try_ for ring in self._rings.values())
        if try_.legs or try_.transit is not None or twice:
            if not try_.unresolved:
                self._world.problem(f"caller {name} is called back while on the line")
            return "busy", 0
        try_.back.calls_count += 1
        luck = self._chance(try_)
        if luck < model.busy_share:
            return "busy", 0
        if luck < model.busy_share + model.answer_share and model.answer_after_us < ring_us:
            return "answered", model.answer_after_us
        return "no_answer", ring_us

    def _rang_out(self, ring: Ring) -> None:
        site = self._world.sites[ring.site]
        site.happens(self._rang, (site, ring))

    def _rang(self, what: tuple[WorldSite, Ring]) -> None:
        """The telephone is answered, or is not."""
        site, ring = what
        if ring.over:
            return
        floor, try_, command = site.acd.floor, ring.try_, ring.command
        self._over(ring)
        if ring.outcome == "answered" and try_ is not None and not try_.outcome:
            self._answered(floor, ring, try_)
        else:
            outcome = "no_answer" if ring.outcome == "answered" else ring.outcome
            floor.use(ring.trunk, -1)
            floor.told.event(base.CallerDialed(call_id=command.call_id, outcome=outcome))
        site.take(floor.told.take())

    def _over(self, ring: Ring) -> None:
        ring.over = True
        del self._rings[ring.site, ring.command.call_id]

    def _answered(self, floor: Floor, ring: Ring, try_: Try) -> None:
        """A caller from now on: the agent who was held is rung."""
        command, now_us = ring.command, self._world.timeline.now_us
        leg = Leg(command.call_id, try_, floor.site, ring.trunk)
        leg.queue = floor.queue_index(command.queue)
        leg.priority, leg.rank = command.priority, try_.rank(command.priority)
        leg.answered, leg.foreign = True, try_.back.site != floor.site
        try_.legs[leg.call_id] = floor.legs[leg.call_id] = leg
        try_.back.answered, try_.row, try_.queued_us = True, floor.first_row + leg.queue, now_us
        trunk_group = floor.model.trunks[ring.trunk].name
        floor.told.event(
            base.CallerDialed(call_id=leg.call_id, outcome="answered", trunk_group=trunk_group)
        )
        if try_.patience_us < NEVER_US:
            at_us = now_us + try_.patience_us
            waits = self._world.timeline.at
            waits(at_us, ABANDONMENT, partial(self._gives_up, leg), try_, number=try_.number)
        hold = floor.holds.pop(command.hold_id, None)
        if hold is not None:
            floor.callers.requests.hold_over(hold)
        if hold is not None and hold.agent is not None and hold.agent.state == HELD:
            floor.give(leg, hold.agent)
        else:
            floor.seek(leg)

    def _gives_up(self, leg: Leg, try_: Try) -> None:
        if not leg.over and not try_.outcome and try_.talking is None:
            self._callers.leave(try_, Outcome.ABANDONED)

    def connected(self, try_: Try) -> None:
        """An agent talks with a caller."""
        if try_.back.answered:
            self._reached.add(try_.interaction_id)

    def rings_end(self, floor: Floor) -> None:
        """The site, or its process, is gone: what it rang rings no more."""
        for ring in [one for one in self._rings.values() if one.site == floor.site]:
            self._over(ring)
            floor.use(ring.trunk, -1)
            floor.told.event(base.CallerDialed(call_id=ring.command.call_id, outcome="failed"))


def number_of(number: int) -> str:
    """The caller's number, E.164.

    >>> number_of(17)
    '+351910000017'
    """
    return f"+35191{number % 10_000_000:07d}"


def _can_be_asked(leg: Leg) -> bool:
    return leg.waiting and not leg.moving and not leg.ringing and not leg.over


def _wants(what: tuple[WorldSite, Leg]) -> None:
    site, leg = what
    if _can_be_asked(leg) and not leg.try_.back.entry:
        site.take([base.CallbackWanted(call_id=leg.call_id)])
