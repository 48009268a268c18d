"""Handlers of a simulated network: who is sent to a voicemail is taken, or finds no room.

Rule of this file: a handler takes a caller after its way's `set_up_p99_s`, keeps them for `call_s`,
and has room for `calls_max` at once; there the try ends, for nobody waits any more. What its site
is told is what a carrier would tell; on a broken path carriers do as with any move. One whom it
takes while an agent talks with them is told as a problem.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from routing_policies.document import HandlerDoc
from simulator.model.instants import to_us
from simulator.model.outcomes import Method, Outcome
from simulator.world.acd_state import Leg
from simulator.world.carriers import Transit
from simulator.world.timeline import END_OF_WORK, REPLY
from simulator.world.tries import Try
from simulator.world.ways import Way
from site_agent.adapters import base

if TYPE_CHECKING:
    from simulator.world.site import WorldSite
    from simulator.world.world import World

BUSY = 486
USUAL_US = 500_000


class Voicemail:
    """All handlers, by address."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._there: dict[str, int] = {}
        self._inside: list[Try] = []
        "Who is with one now."
        handlers = world.model.documents.handlers
        self._by_uri = {one.spec.uri: one for one in handlers.values() if one.spec.uri}
        self._by_number = {one.spec.number: one for one in handlers.values() if one.spec.number}

    def begin(self, leg: Leg, command: base.StartMove) -> None:
        """A 302, a REFER or a bridge's INVITE leaves a site for a handler."""
        world, try_ = self._world, leg.try_
        life = world.sites[leg.site].life
        transit = Transit(try_, leg, command, world.timeline.now_us, life)
        try_.transit = transit
        found = self._named(command.address)
        site = world.model.sites[leg.site]
        way = found.spec.way(site.name, site.trunks[leg.trunk].name) if found else None
        set_up_us = to_us(way.set_up_p99_s) if way is not None else USUAL_US
        at_us = transit.began_us + set_up_us
        if world.carriers.broken_paths:
            at_us = world.carriers.goes_wrong(transit, at_us)
        world.timeline.at(at_us, REPLY, self._reach, (transit, found))

    def _named(self, address: str) -> HandlerDoc | None:
        number = address.partition("@")[0].removeprefix("sip:")
        return self._by_uri.get(address) or self._by_number.get(number)

    def _reach(self, what: tuple[Transit, HandlerDoc | None]) -> None:
        transit, handler = what
        world, try_ = self._world, transit.try_
        redirected = transit.method is Method.REDIRECT_302
        if transit.dead or try_.outcome or (transit.home.over and not redirected):
            return
        way = transit.going.way
        if way in (Way.REFUSED, Way.NOWHERE):
            handler = None
        if handler is not None and self._has_room(handler):
            self._take(transit, handler)
        elif redirected:
            world.carriers.come_back(transit)
        else:
            transit.dead = True
            refused = transit.method is Method.BRIDGE or way is Way.REFUSED
            sign = base.MoveSign.REFUSED if refused else base.MoveSign.NOTIFIED
            if way is Way.NOWHERE:
                sign = base.MoveSign.SILENT
            if way is not Way.MUTE:
                site = world.sites[transit.home.site]
                site.happens(world.carriers.sign, (transit, sign, BUSY))

    def _has_room(self, handler: HandlerDoc) -> bool:
        most = handler.spec.calls_max
        return most is None or self._there.get(handler.name, 0) < most

    def _take(self, transit: Transit, handler: HandlerDoc) -> None:
        world, try_, home = self._world, transit.try_, transit.home
        if try_.talking is not None and not try_.unresolved:
            world.problem(f"caller {try_.interaction_id} is taken from an agent by a handler")
        self._there[handler.name] = self._there.get(handler.name, 0) + 1
        ends_us = world.timeline.now_us + to_us(handler.spec.call_s)
        world.timeline.at(ends_us, END_OF_WORK, self._over, (transit, handler))
        transit.over = True
        try_.transit = None
        world.callers.end(try_, Outcome.TO_HANDLER)
        self._inside.append(try_)
        if transit.method is Method.BRIDGE:
            world.sites[home.site].happens(_bridge, (world.sites[home.site], transit))
        elif transit.method is Method.REFER and transit.going.way is not Way.MUTE:
            word = (transit, base.MoveSign.NOTIFIED, 200)
            world.sites[home.site].happens(world.carriers.sign, word)

    def stop(self) -> None:
        """The run is over: whoever is with a handler hangs up."""
        for try_ in self._inside:
            self._ends(try_)

    def _over(self, what: tuple[Transit, HandlerDoc]) -> None:
        transit, handler = what
        self._there[handler.name] -= 1
        if transit.try_ in self._inside:
            self._inside.remove(transit.try_)
            self._ends(transit.try_)

    def _ends(self, try_: Try) -> None:
        """The call is over, through every site that it was bridged by."""
        for leg in list(try_.legs.values()):
            if leg.bridged:
                site = self._world.sites[leg.site]
                site.happens(_hang_up, (site, leg))


def _bridge(what: tuple[WorldSite, Transit]) -> None:
    site, transit = what
    leg = transit.home
    if leg.over or site.life != transit.life:
        return
    site.acd.floor.leave_line(leg)
    leg.bridged = leg.answered = True
    site.take(site.acd.progress(leg, transit.command.move_id, base.MoveSign.BRIDGED, 200))


def _hang_up(what: tuple[WorldSite, Leg]) -> None:
    site, leg = what
    if not leg.over:
        leg.moving = ""
        site.take(site.acd.caller_left(leg))
