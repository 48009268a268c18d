"""How callers reach a site: the entries of the dialed number, busy tones, redials.

Rule of this file: from the dialing to the queue; what happens there is told in `callers`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.model.instants import NEVER_US
from simulator.model.outcomes import Outcome
from simulator.world.timeline import ABANDONMENT, CALL
from simulator.world.tries import Try

if TYPE_CHECKING:
    from simulator.world.callers import Callers
    from simulator.world.world import World
OF_THE_CALLER = ("priority", "ahead_us", "data")


class Dialing:
    """All calls that are not in a queue yet."""

    def __init__(self, world: World, callers: Callers) -> None:
        self._world = world
        self._callers = callers
        self.to_come = 0
        "Redials that are planned."
        self.over = False
        "The run has ended: nobody calls any more."

    def dial(self, try_: Try) -> None:
        """A new or redialed call."""
        if self.over:
            return
        self._callers.live[(try_.number, try_.attempt)] = try_
        if try_.attempt:
            self.to_come -= 1
        if try_.patience_us < NEVER_US:
            at_us = try_.arrival_us + try_.patience_us
            self._world.timeline.at(
                at_us, ABANDONMENT, self._callers.lose_patience, try_, number=try_.number
            )
        asked = self._world.model.pre_route
        if asked is not None and try_.luck < asked.share:
            self._world.edges.ask(try_, self._enter)
            return
        self._enter(try_)

    def _enter(self, try_: Try) -> None:
        """The first entry of the ingress that is not lost."""
        world = self._world
        if try_.outcome:
            return
        ingress = world.model.ingresses[try_.ingress]
        entries = try_.contacts or ingress.entries
        while try_.entry < len(entries):
            site, trunk = entries[try_.entry]
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
        self._callers.end(try_, Outcome.SITE_LOST)

    def _meets_nothing(self, try_: Try) -> None:
        """The site is lost, and nobody has switched over yet."""
        world = self._world
        ingress = world.model.ingresses[try_.ingress]
        if try_.luck < ingress.lost_share:
            self._callers.end(try_, Outcome.SITE_LOST)
            return
        at_us = world.timeline.now_us + ingress.retry_us
        world.timeline.at(at_us, CALL, self._enter, try_, number=try_.number)

    def _offer(self, try_: Try) -> None:
        """The call reaches a site's trunk group."""
        world, model = self._world, self._world.model
        if try_.outcome:
            return
        entries = try_.contacts or model.ingresses[try_.ingress].entries
        site, trunk = entries[try_.entry]
        shell = world.sites[site]
        if not shell.running:
            shell.happens(self._offer, try_)
            return
        if shell.acd.lost:
            self._enter(try_)
            return
        row = model.home_row(try_.ingress, site)
        queue = model.rows[row][1] if row >= 0 else -1
        refused = shell.acd.busy(trunk) or row < 0 or not shell.acd.place_free(queue)
        if refused and try_.contacts and try_.entry + 1 < len(entries):
            try_.entry += 1  # an edge tries the next Contact
            self._enter(try_)
        elif shell.acd.busy(trunk):
            world.tally.blocked(shell.acd.floor.first_trunk + trunk, world.timeline.now_us)
            self._callers.end(try_, Outcome.NO_CHANNEL)
        elif row < 0 or not shell.acd.place_free(queue):
            self._callers.end(try_, Outcome.NO_PLACE)
        elif try_.balks and not shell.acd.floor.has_ready(queue):
            self._callers.end(try_, Outcome.BALKED)
        else:
            self._enters(try_, site, trunk, row)

    def _enters(self, try_: Try, site: int, trunk: int, row: int) -> None:
        world, model = self._world, self._world.model
        shell, ingress = world.sites[site], model.ingresses[try_.ingress]
        try_.entry_row = try_.row = row
        try_.queued_us = world.timeline.now_us
        leg = try_.new_leg(site, trunk)
        self._callers.answer_later(leg, model.rows[row][1])
        no_answer_us = model.sites[site].trunks[trunk].no_answer_us
        if no_answer_us < NEVER_US:
            at_us = world.timeline.now_us + no_answer_us
            world.timeline.at(at_us, ABANDONMENT, self._callers.drop, leg, number=try_.number)
        service = model.services[ingress.service].name
        if self._callers.back is not None:
            self._callers.back.begins_to_wait(try_)
        shell.take(shell.acd.enter(leg, model.rows[row][1], ingress.dialed_number, service))

    def again(self, before: Try) -> None:
        """The caller tries again after a while."""
        timeline = self._world.timeline
        at_us = timeline.now_us + before.redial_after_us
        try_ = type(before)(before.number, before.attempt + 1, before.ingress, at_us)
        for name in (*OF_THE_CALLER, "patience_us", "balks", "talk_us", "acw_us"):
            setattr(try_, name, getattr(before, name))
        try_.redials_left, try_.redial_after_us = before.redials_left - 1, before.redial_after_us
        try_.ring_luck, try_.luck = before.ring_luck, before.luck
        try_.back.number, try_.back.luck = before.back.number, before.back.luck
        self.to_come += 1
        timeline.at(at_us, CALL, self.dial, try_, number=try_.number)
