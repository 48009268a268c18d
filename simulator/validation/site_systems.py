"""Two sites, the routing policy compiled in, against the exact chain of each rule; and overflow
without waiting.

Rule of this file: the rules stand in `hand_models.POLICIES` as policies and in `theory.two_sites`
as transitions; neither is made from the other.
"""

from __future__ import annotations

from collections.abc import Mapping

from simulator.theory.trunk_overflow import two_groups
from simulator.theory.two_sites import (
    Rule,
    TwoSites,
    idle_elsewhere,
    long_run,
    naive_delay,
    shortest_delay,
    stay,
)
from simulator.validation.hand_calls import Callers, Times, constant, exponential
from simulator.validation.hand_models import Site
from simulator.validation.systems import System

RULES: Mapping[str, Rule] = {
    "stay": stay,
    "idle elsewhere": idle_elsewhere,
    "shortest delay": shortest_delay,
    "naive delay": naive_delay,
}
SITES = (
    TwoSites(agents=(20, 5), rates_per_s=(19 / 180, 4.75 / 180), aht_s=180.0, patience_s=120.0),
    TwoSites(agents=(20, 10), rates_per_s=(22 / 180, 10 / 180), aht_s=180.0, patience_s=120.0),
    TwoSites(agents=(4, 3), rates_per_s=(5 / 180, 1.5 / 180), aht_s=180.0, patience_s=360.0),
)
INSTANT: Times = constant(1e-6)
"Patience of callers who do not wait: one microsecond, in which a move to an idle agent is made."


def overflow_systems() -> list[System]:
    """Each pair of sites under each rule."""
    return [_chain(sites, name, rule) for sites in SITES for name, rule in RULES.items()]


def _chain(sites: TwoSites, name: str, rule: Rule) -> System:
    known = long_run(sites, rule)
    figures = {
        "abandonment": known.abandonment,
        "asa_s": known.asa_s,
        "waiting_share": known.waiting_share,
    }
    if name != "stay":
        figures["moved_share"] = known.moved_share
    return System(
        group="Two sites",
        name=f"{sites.agents[0]} and {sites.agents[1]} agents, {name}",
        sites=tuple(Site(agents=count) for count in sites.agents),
        callers=Callers(
            rates_per_s=sites.rates_per_s,
            talk=exponential(sites.aht_s),
            patience=exponential(sites.patience_s),
        ),
        known=figures,
        source="exact chain",
        settles_s=max(sites.aht_s, sites.patience_s),
        policy=name,
    )


def lost_systems() -> list[System]:
    """Loss with overflow: who finds no free agent at home or at the other site is lost."""
    aht_s = 180.0
    found = []
    for own in (0.0, 3.0):
        known = two_groups(8.0, 8, own, 6, mutual=own > 0.0)
        figures = {"abandonment": known.lost, "moved_share": known.moved}
        if not own:
            figures["lost_of_overflow"] = known.first_lost / known.first_blocked
        found.append(
            System(
                group="Loss with overflow",
                name=f"8 Erl on 8, overflow to 6 with {own:g} Erl of their own",
                sites=(Site(agents=8), Site(agents=6)),
                callers=Callers(
                    rates_per_s=(8.0 / aht_s, own / aht_s),
                    talk=exponential(aht_s),
                    patience=INSTANT,
                ),
                known=figures,
                source="exact chain; without own calls, Erlang B of 14",
                settles_s=aht_s,
                policy="idle elsewhere",
            )
        )
    return found
