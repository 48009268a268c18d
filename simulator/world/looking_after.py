"""After a run: once everything is mended and quiet, nothing may be left, and the history be clean.

Rule of this file: what is found is told as problems; nothing is put right.
"""

from __future__ import annotations

from simulator.model.instants import START_S, US
from simulator.world.node import WorldNode
from simulator.world.site import WorldSite
from simulator.world.watching import Watch
from simulator.world.world import World

QUIET_US = 240 * US
"Longest time until a network in peace has forgotten everything: cancels, holds, moves."
LOOK_EVERY_US = 10 * US


def look_after(world: World, watch: Watch) -> None:
    """Let a finished run become quiet, and add what is wrong to its problems."""
    timeline = world.timeline
    mended_us = max((fault.window[1] for fault in world.model.faults), default=0)
    timeline.run(max(timeline.now_us, mended_us))
    end_us = timeline.now_us + QUIET_US
    left = {"everything": 1}
    while left and timeline.now_us < end_us:
        timeline.run(timeline.now_us + LOOK_EVERY_US)
        left = left_over(world)
    world.note("watched_until")
    for what, count in left.items():
        world.problem(f"the network is not quiet: {count} {what} left")
    for wrong in watch.violations():
        place = f" at {wrong.site}" if wrong.site else ""
        at_s = wrong.at_s - START_S
        world.problems.append(f"{at_s:.6f} s: {wrong.invariant}{place}: {wrong.text}")


def left_over(world: World) -> dict[str, int]:
    """What is left in sites and nodes, and how much of it."""
    found: dict[str, int] = {}
    for site in world.sites:
        found |= {f"{what} at {site.name}": n for what, n in _of_site(world, site).items()}
    for node in world.nodes.values():
        if node.alive:
            shown = _of_node(node, world.now_s())
            found |= {f"{what} on {node.name}": n for what, n in shown.items()}
    found["questions of edges"] = len(world.edges)
    return {what: count for what, count in found.items() if count}


def _of_site(world: World, site: WorldSite) -> dict[str, int]:
    view, model = site.daemon.view(world.now_s()), world.model.callbacks
    keeps_short = model is not None and model.keep_us <= QUIET_US
    return {
        "holds": view.holds_open_count,
        "requests": view.requests_open_count,
        "moves": view.moves_open_count,
        "cancels": view.cancels_open_count,
        "calls": len(view.calls),
        "reserved channels": sum(trunk.channels_reserved_count for trunk in view.trunks),
        "loans and places": sum(q.loan_count + q.places_held_count for q in view.queues),
        "callbacks": len(view.callbacks) if keeps_short else 0,
        "legs in the ACD": len(site.acd.floor.legs),
        "holds in the ACD": len(site.acd.floor.holds),
    }


def _of_node(node: WorldNode, now_s: float) -> dict[str, int]:
    view = node.router.view(now_s)
    return {
        "requests": view.open_requests_count,
        "promises": view.promises_count,
        "moves": len(view.moves),
    }
