"""Judges a run in which one thing stays broken that the network must live with.

Rule of this file: callers of sites that the fault does not concern are compared with the same
callers of a run in which nothing breaks, from a while after the fault began until the last of them
called. That leaders are found and questions decided is judged by the checkers (L1, L3).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from simulator.model.instants import US
from simulator.model.outcomes import Outcome
from simulator.world.dice import Dice
from simulator.world.fault_case import FaultCase

SETTLES_S = 8.0
"After the fault began; a new leader is there by then."
ANSWERED_SHARE_MIN = 0.7
"Of those who were answered where nothing was broken."
SITE_DEAD_SHARE_MIN = 0.4
"Where a site's agents are missing."
FEW = 4
"Fewer callers than this make no difference."
LASTS_LONGER_S = 5.0
"The fault stays until the last callers have had some time."
Fault = dict[str, Any]


def lasting(dice: Dice, sites: tuple[str, ...], nodes: int, for_s: float) -> Fault:
    """One fault that stays and leaves a quorum."""
    node, site = int(dice.share("lasting") * nodes), dice.choice(sites, "lasting")
    way = dice.choice(("in", "out"), "lasting")
    from_s = round(dice.between(1.0, 3.0, "lasting"), 3)
    kinds: tuple[Fault, ...] = (
        {"kind": "node", "node": node},
        {"kind": "pause", "node": node},
        {"kind": "link", "node": node, "way": way},
        {"kind": "link", "node": node, "site": site, "way": way},
        {"kind": "peer_link", "node": node, "way": way},
        {"kind": "etcd", "node": node, "way": way},
        {"kind": "etcd", "node": node, "way": ""},
        {"kind": "site", "site": site},
        {"kind": "agent", "site": site, "way": "power"},
    )
    return dice.choice(kinds, "lasting") | {
        "from_s": from_s,
        "lasts_s": round(for_s + LASTS_LONGER_S - from_s, 3),
    }


def starved(case: FaultCase, broken: Any, whole: Any) -> tuple[str, ...]:
    """Problems, from the outcomes of the run and of the one in which nothing broke."""
    if not case.faults:
        return ()
    fault = case.faults[0]
    from_us = int((float(fault["from_s"]) + SETTLES_S) * US)
    spared = [s for s, site in enumerate(case.sites) if not _concerns(fault, site.name)]
    answered, wanted = (_answered(one, from_us, spared) for one in (broken, whole))
    share = SITE_DEAD_SHARE_MIN if fault["kind"] in ("site", "agent") else ANSWERED_SHARE_MIN
    if wanted < FEW or answered >= share * wanted - FEW:
        return ()
    what = " ".join(str(fault[name]) for name in ("kind", "way", "site", "node") if name in fault)
    text = f"liveness: with {what} broken {answered} callers were answered instead of {wanted}"
    return (f"{case.for_s:.6f} s: {text}",)


def _concerns(fault: Mapping[str, Any], site: str) -> bool:
    return bool(fault.get("site", "") == site)


def _answered(outcomes: Any, from_us: int, homes: list[int]) -> int:
    return int(
        np.count_nonzero(
            np.isin(outcomes["outcome"], (Outcome.ANSWERED, Outcome.CALLED_BACK))
            & (outcomes["arrival_us"] >= from_us)
            & np.isin(outcomes["ingress"], homes)
        )
    )
