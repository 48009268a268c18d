"""Kills a site's process, and starts it again on what its disk, its callers and its phones kept.

Rule of this file: a kill takes every call that was not answered, every hold and ring, and what was
in memory; answered calls go on between the caller's device and the agent's phone, and the new
process takes them up.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.model.instants import US
from simulator.model.outcomes import BUSY, READY, Method
from simulator.world.acd_state import OFF, Leg
from simulator.world.floor import Floor
from simulator.world.site import WorldSite
from simulator.world.timeline import REPLY
from site_agent.adapters.base import CallResumed, MoveSign

GIVEN_UP_S = (0.5, 8.0)
"A target that is gone before it answered is given up after this."
TIMED_OUT = 408

if TYPE_CHECKING:
    from simulator.world.carriers import Transit
    from simulator.world.world import World


def kill(world: World, site: WorldSite, *, power_cut: bool) -> None:
    """The process is gone; `power_cut`: its machine too, so that nobody says so."""
    if not site.alive:
        return
    site.kill(power_cut=power_cut)
    world.links.gone(site.name, silently=power_cut)
    floor = site.acd.floor
    floor.callers.rings_end(floor)
    for hold in floor.holds.values():
        if hold.agent is not None:
            floor.callers.requests.hold_over(hold)
    floor.holds.clear()
    for line in floor.lines:
        line.places_held = 0
    for leg in list(floor.legs.values()):
        _end_unjoined(world, leg)
        floor.stop_ring(leg)
        floor.leave_line(leg)
        leg.held_back, leg.passed = leg.held_back and leg.passed is None, None
        if leg.arriving or not leg.answered:
            _cut(world, floor, leg)


def restart(world: World, site: WorldSite) -> None:
    """A new process."""
    if site.alive:
        return
    floor = site.acd.floor
    floor.told.forget()
    for line in floor.lines:
        line.closed, line.answered_count, line.abandoned_count = False, 0, 0
    talking = {leg.agent for leg in floor.legs.values() if leg.talking}
    for agent in floor.agents:
        agent.shown = None
        if agent in talking:
            floor.set_state(agent, BUSY)
            continue
        agent.work += 1
        agent.paused = False
        floor.set_state(agent, READY if agent.signed_in and not site.acd.lost else OFF)
    now_us = world.timeline.now_us
    site.restart(tuple(_resumed(floor, leg, now_us) for leg in floor.legs.values()))
    if world.callers.back is not None:
        kept = frozenset(one.entry_id for one in site.daemon.view(world.now_s()).callbacks)
        world.callers.back.forgotten(site.index, kept, power_cut=not site.disk.sure)


def _end_unjoined(world: World, leg: Leg) -> None:
    """A bridge that did not stand yet: the target's leg has nobody at its other end."""
    for other in leg.try_.legs.values():
        transit = other.transit
        if other.home is leg and not leg.bridged and transit.method is Method.BRIDGE:
            world.timeline.soon(world.callers.far_end_over, other)
    transit = leg.try_.transit
    if transit is not None and transit.home is leg and transit.method is Method.BRIDGE:
        transit.dead = True


def _cut(world: World, floor: Floor, leg: Leg) -> None:
    del floor.legs[leg.call_id]
    floor.use(leg.trunk, -leg.channels)
    leg.over = True
    try_, transit = leg.try_, leg.transit
    try_.legs.pop(leg.call_id, None)
    try_.cut = True
    if try_.outcome:
        return
    if transit is not None:
        at_us = world.timeline.now_us + int(world.dice.between(*GIVEN_UP_S, "cut") * US)
        world.timeline.at(at_us, REPLY, _given_up, (world, transit))
    elif try_.transit is None or try_.transit.method is Method.BRIDGE:
        world.timeline.soon(world.callers.nowhere, try_)


def _given_up(what: tuple[World, Transit]) -> None:
    """Nobody answers at the target any more."""
    world, transit = what
    try_ = transit.try_
    if try_.outcome or (transit.leg is not None and not transit.leg.over):
        return
    if transit.method is Method.REDIRECT_302:
        if not try_.legs:
            world.carriers.come_back(transit)
        return
    sign = MoveSign.REFUSED if transit.method is Method.BRIDGE else MoveSign.NOTIFIED
    world.sites[transit.home.site].happens(world.carriers.sign, (transit, sign, TIMED_OUT))


def _resumed(floor: Floor, leg: Leg, now_us: int) -> CallResumed:
    model = floor.model
    service = next(
        (name for name, one in floor.services.items() if one.queue == model.queues[leg.queue].name),
        "",
    )
    return CallResumed(
        call_id=leg.call_id,
        interaction_id=leg.try_.interaction_id,
        service=service,
        queue=model.queues[leg.queue].name,
        trunk_group=model.trunks[leg.trunk].name,
        waited_s=(now_us - leg.try_.queued_us) / US,
        agent=leg.agent.name if leg.talking and leg.agent is not None else "",
        bridged=leg.bridged,
    )
