"""The edges of fault cases that ask before delivery, and the number plan that they need.

Rule of this file: plain data, by chances of its own, so that nothing else of a seed is moved.

    {"by": "sites", "share": 1.0}
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from simulator.model.network import PreRouteModel
from simulator.world.dice import Dice

PreRoute = Mapping[str, Any]
PRE_ROUTE_SHARE = 0.2
"Of the cases have edges that ask."


def drawn_pre_route(dice: Dice) -> dict[str, Any] | None:
    """Whom edges ask, or nothing."""
    if dice.share("pre-route") >= PRE_ROUTE_SHARE:
        return None
    return {
        "by": dice.choice(("nodes", "sites"), "pre-route", "by"),
        "share": dice.choice((0.4, 1.0), "pre-route", "share"),
    }


def pre_route_model(pre_route: PreRoute | None) -> PreRouteModel | None:
    """As engines take it."""
    if pre_route is None:
        return None
    return PreRouteModel(by=pre_route["by"], share=float(pre_route["share"]))


def number_of(pre_route: PreRoute | None, site: int) -> str:
    """What callers of a site dial; empty where nobody reads it."""
    return "" if pre_route is None else f"+3512100000{site:02d}"


def number_texts(pre_route: PreRoute | None, names: Sequence[str], service: str) -> dict[str, str]:
    """The number plan, without the head: who dials a site's number enters there, else next door."""
    if pre_route is None:
        return {}
    entries = "".join(
        f'    - {{number: "{number_of(pre_route, s)}", service: {service},'
        f" entry_sites: [{name}, {names[(s + 1) % len(names)]}]}}\n"
        for s, name in enumerate(names)
    )
    text = "kind: DialedNumberPlan\nmetadata: {name: all}\nspec:\n  country: PT\n  entries:\n"
    return {"DialedNumberPlan/all": text + entries}
