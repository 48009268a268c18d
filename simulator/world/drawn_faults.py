"""Draws what breaks in a case: a few kinds of faults, how often each, and some that stay.

Rule of this file: a seed draws which kinds there are before it draws any fault of them (a swarm of
mixes: Groce and others, Swarm Testing, 2012), so that one kind that hides others is missing from
most runs; some seeds draw none at all.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from simulator.world.dice import Dice

NONE_SHARE = 0.06
"Of the seeds have no fault at all."
KIND_SHARE = 0.3
"Of the kinds are in a seed's mix."
SHARES = {"path": 0.5}
"Of those that are in more: without an odd carrier little that a site decides is put to the test."
COUNTS = (2, 4, 8, 12)
LASTS_S = (0.3, 2.0, 5.0, 15.0)
WAYS = ("", "", "in", "out")
Fault = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Where:
    """What there is to break."""

    sites: tuple[str, ...]
    nodes: int
    for_s: float


Draw = Callable[[Dice, Where], Fault]


def drawn_faults(dice: Dice, where: Where) -> list[Fault]:
    """The faults of one seed, by the instants at which they begin."""
    if dice.share("no faults") < NONE_SHARE:
        return []
    mix = [kind for kind in KINDS if dice.share("mix", kind) < SHARES.get(kind, KIND_SHARE)]
    mix = mix or [dice.choice(tuple(KINDS), "mix")]
    faults = []
    for _ in range(dice.choice(COUNTS, "faults")):
        kind = dice.choice(mix, "fault")
        fault = {
            "kind": kind,
            "from_s": round(dice.between(0.5, where.for_s, "fault"), 3),
            "lasts_s": dice.choice(LASTS_S, "fault"),
        }
        faults.append(fault | KINDS[kind](dice, where))
    return sorted(faults, key=lambda fault: float(fault["from_s"]))


def _site(dice: Dice, where: Where) -> Fault:
    return {"site": dice.choice(where.sites, "fault")}


def _one_node(dice: Dice, where: Where) -> Fault:
    return {"node": int(dice.share("fault") * where.nodes)}


def _node(dice: Dice, where: Where) -> Fault:
    """One, or now and then all at once."""
    return {"node": -1} if dice.share("fault") < 0.2 else _one_node(dice, where)


def _link(dice: Dice, where: Where) -> Fault:
    fault = {"way": dice.choice(WAYS, "fault")}
    if dice.share("fault") < 0.8:
        fault |= _site(dice, where)
    if "site" not in fault or dice.share("fault") < 0.5:
        fault |= _one_node(dice, where)
    return fault


def _peer_link(dice: Dice, where: Where) -> Fault:
    return {"way": dice.choice(WAYS, "fault")} | _one_node(dice, where)


def _slow_link(amounts: tuple[float, ...]) -> Draw:
    def draw(dice: Dice, where: Where) -> Fault:
        fault = _link(dice, where) | {"amount": dice.choice(amounts, "fault")}
        fault["way"] = dice.choice(("", "", "peers"), "fault")
        return fault

    return draw


def _twice(dice: Dice, where: Where) -> Fault:
    return {"amount": dice.choice((0.1, 0.5, 1.0), "fault")}


def _pause(dice: Dice, where: Where) -> Fault:
    process = _site if dice.share("fault") < 0.5 else _node
    return process(dice, where) | {"lasts_s": dice.choice((0.2, 1.0, 2.5, 5.0, 12.0), "fault")}


def _agent(dice: Dice, where: Where) -> Fault:
    fault = _site(dice, where) | {"way": dice.choice(("", "", "power"), "fault")}
    return fault | {"lasts_s": dice.choice((0.1, 1.0, 3.0, 12.0), "fault")}


def _clock(dice: Dice, where: Where) -> Fault:
    process = _site if dice.share("fault") < 0.5 else _node
    return process(dice, where) | {"amount": dice.choice((-3600.0, -30.0, 30.0, 3600.0), "fault")}


def _etcd(dice: Dice, where: Where) -> Fault:
    ways = ("", "", "in", "out", "down", "slow", "restored", "wiped")
    way = dice.choice(ways, "fault")
    fault: Fault = {"way": way}
    if way in ("", "in", "out"):
        fault |= _node(dice, where)
    elif way == "slow":
        fault["amount"] = 0.5
    return fault


def _store(dice: Dice, where: Where) -> Fault:
    way = dice.choice(("down", "slow", "empty"), "fault")
    return {"way": way} | ({"amount": 0.6} if way == "slow" else {})


def _path(dice: Dice, where: Where) -> Fault:
    return {"lasts_s": dice.choice((5.0, 15.0, 30.0), "fault")}


KINDS: dict[str, Draw] = {
    "link": _link,
    "peer_link": _peer_link,
    "late": _slow_link((0.1, 0.5, 1.0, 1.8, 4.0)),
    "loss": _slow_link((0.005, 0.02, 0.1)),
    "twice": _twice,
    "pause": _pause,
    "site": _site,
    "node": _node,
    "agent": _agent,
    "clock": _clock,
    "etcd": _etcd,
    "store": _store,
    "path": _path,
    "black_hole": _site,
}
"What can be drawn, and how the rest of a fault is drawn."
