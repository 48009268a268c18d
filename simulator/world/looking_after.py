"""After a run: once everything is mended and quiet, nothing may be left, and the history be clean.

Rule of this file: what is found is told as problems; nothing is put right.
"""

from __future__ import annotations

from simulator.model.instants import START_S, US
from simulator.world.watching import Watch
from simulator.world.world import World

QUIET_US = 200 * US
"Longest time until a network in peace has forgotten everything: cancels, holds, moves, tombstones."


def look_after(world: World, watch: Watch) -> None:
    """Let a finished run become quiet, and add what is wrong to its problems."""
    timeline = world.timeline
    mended_us = max((fault.window[1] for fault in world.model.faults), default=0)
    timeline.run(max(timeline.now_us, mended_us) + QUIET_US)
    for site in world.sites:
        view = site.daemon.view(world.now_s())
        left = {
            "holds": view.holds_open_count,
            "requests": view.requests_open_count,
            "moves": view.moves_open_count,
            "cancels": view.cancels_open_count,
            "calls": len(view.calls),
            "channels reserved": sum(trunk.channels_reserved_count for trunk in view.trunks),
            "loans and places": sum(q.loan_count + q.places_held_count for q in view.queues),
            "legs": len(site.acd.floor.legs),
            "ACD holds": len(site.acd.floor.holds),
        }
        _tell(world, f"site {site.name}", left)
    for name, node in world.nodes.items():
        if node.alive:
            shown = node.router.view(world.now_s())
            left = {
                "requests": shown.open_requests_count,
                "promises": shown.promises_count,
                "moves": len(shown.moves),
            }
            _tell(world, f"node {name}", left)
    for wrong in watch.violations():
        place = f" at {wrong.site}" if wrong.site else ""
        at_s = wrong.at_s - START_S
        world.problems.append(f"{at_s:.6f} s: {wrong.invariant}{place}: {wrong.text}")


def _tell(world: World, where: str, left: dict[str, int]) -> None:
    found = ", ".join(f"{count} {what}" for what, count in left.items() if count)
    if found:
        world.problem(f"{where} is not quiet: {found} left", "")
