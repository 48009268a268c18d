"""Tells the history what is broken, and whom it concerns.

Rule of this file: it words, it breaks nothing. The effects are those that the checkers know.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.checkers import faults_told as told
from simulator.model.network import FaultModel

if TYPE_CHECKING:
    from simulator.world.world import World

EFFECTS = {
    "site": told.SITE_LOST,
    "link": told.LINKS,
    "peer_link": told.PEERS,
    "node": told.GONE,
    "agent": told.SITE_STOPPED,
    "etcd": told.STORE,
    "clock": told.HARMLESS,
    "store": told.HARMLESS,
    "path": told.HARMLESS,
    "black_hole": told.HARMLESS,
}
"What is not named here makes things slow, or worse."


def write(world: World, fault: FaultModel, *, begins: bool) -> None:
    """A fault begins, or ends."""
    if world.watch is None:
        return
    begin_us, end_us = fault.window
    name = f"{fault.kind}.{fault.way}.{fault.site}.{fault.node}.{begin_us}.{end_us}"
    if not begins:
        world.note(told.ENDED, fault=name)
        return
    names = list(world.nodes)
    nodes = (
        names
        if fault.node < 0 or fault.way in ("down", "restored", "wiped")
        else [names[fault.node % len(names)]]
    )
    at_site = fault.site >= 0 and fault.kind not in ("node", "etcd", "peer_link")
    sites = [world.sites[fault.site].name] if at_site else []
    world.note(
        told.BEGUN,
        fault=name,
        what=" ".join(word for word in (fault.kind, fault.way) if word),
        effect=effect_of(fault),
        nodes=",".join(nodes),
        sites=",".join(sites),
        nodes_count=len(names),
    )


def effect_of(fault: FaultModel) -> str:
    """What a fault does to processes and what they tell one another."""
    if fault.kind == "pause":
        return told.GONE if fault.site < 0 else told.SITE_STOPPED
    if fault.kind == "etcd" and fault.way == "slow":
        return told.SLOW
    return EFFECTS.get(fault.kind, told.SLOW)
