"""Erlang B, C and A over sizes and loads.

Rule of this file: tables of systems; known values come from `theory`.
"""

from __future__ import annotations

from simulator.theory.erlang_a import impatient
from simulator.theory.erlang_b import loss
from simulator.theory.erlang_c import waiting
from simulator.validation.hand_calls import (
    Callers,
    Times,
    constant,
    erlang2,
    exponential,
    lognormal,
)
from simulator.validation.hand_models import Site
from simulator.validation.systems import System, settling_s

AHT_S = 180.0
LOSS = (
    (1, 0.5),
    (1, 2.0),
    (5, 3.0),
    (5, 8.0),
    (14, 10.0),
    (30, 30.0),
    (100, 90.0),
    (100, 130.0),
    (250, 250.0),
    (500, 500.0),
)
"(trunks, Erlangs)"
WAITING = (
    (1, 0.5),
    (1, 0.8),
    (2, 1.4),
    (5, 3.5),
    (14, 10.0),
    (30, 26.0),
    (100, 92.0),
    (250, 238.0),
    (500, 482.0),
)
"(agents, Erlangs)"
IMPATIENT = (
    (1, 0.8, 1.0),
    (1, 1.5, 0.5),
    (3, 4.5, 1.0),
    (5, 7.5, 2.0),
    (14, 14.0, 0.67),
    (30, 28.0, 1.0),
    (30, 45.0, 1.0),
    (100, 100.0, 0.67),
    (100, 130.0, 0.5),
    (250, 250.0, 1.0),
    (250, 275.0, 2.0),
    (500, 500.0, 0.67),
    (500, 560.0, 1.0),
)
"(agents, Erlangs, patience in handle times)"
HANDLE_TIMES = (
    ("lognormal, variation 1.5", lognormal(AHT_S, 1.5 * AHT_S)),
    ("constant", constant(AHT_S)),
    ("Erlang-2", erlang2(AHT_S)),
)
"Erlang B holds for every distribution of this mean."


def loss_systems() -> list[System]:
    """Erlang B: by trunks that are full, by queues without a place, and for other handle times."""
    found = [_lost("trunks", n, load, Site(agents=n + 5, trunks=n)) for n, load in LOSS]
    found += [
        _lost("no place to wait", n, load, Site(agents=n, places=0))
        for n, load in ((5, 3.0), (100, 90.0))
    ]
    found += [
        _lost(f"trunks, {name}", n, load, Site(agents=n, trunks=n), talk)
        for name, talk in HANDLE_TIMES
        for n, load in ((5, 3.0), (100, 90.0))
    ]
    return found


def _lost(what: str, count: int, load: float, site: Site, talk: Times | None = None) -> System:
    known = loss(count, load)
    figures = {"blocking": known.blocking}
    if site.trunks == count:
        figures["trunks_used"] = known.carried
    return System(
        group="Erlang B",
        name=f"{count} {what}, {load:g} Erl",
        sites=(site,),
        callers=Callers(rates_per_s=(load / AHT_S,), talk=talk or exponential(AHT_S)),
        known=figures,
        settles_s=AHT_S,
        source="Erlang 1917",
    )


def waiting_systems() -> list[System]:
    """Erlang C."""
    return [_waiting(n, load) for n, load in WAITING]


def _waiting(agents: int, load: float) -> System:
    known = waiting(agents, load, AHT_S)
    return System(
        group="Erlang C",
        name=f"{agents} agents, {load:g} Erl",
        sites=(Site(agents=agents),),
        callers=Callers(rates_per_s=(load / AHT_S,), talk=exponential(AHT_S)),
        known={
            "waiting_share": known.waiting_share,
            "asa_s": known.asa_s,
            "service_level": known.answered_within(20.0),
            "occupancy": known.occupancy,
        },
        source="Erlang 1917",
        settles_s=settling_s(agents, load, AHT_S),
    )


def impatient_systems() -> list[System]:
    """Erlang A, light to overloaded."""
    return [_impatient(*row) for row in IMPATIENT]


def _impatient(agents: int, load: float, patience: float) -> System:
    patience_s = patience * AHT_S
    known = impatient(agents, load, AHT_S, patience_s)
    return System(
        group="Erlang A",
        name=f"{agents} agents, {load:g} Erl, patience {patience_s:g} s",
        sites=(Site(agents=agents),),
        callers=Callers(
            rates_per_s=(load / AHT_S,),
            talk=exponential(AHT_S),
            patience=exponential(patience_s),
        ),
        known={
            "waiting_share": known.waiting_share,
            "abandonment": known.abandonment,
            "asa_s": known.asa_s,
            "asa_answered_s": known.asa_answered_s,
            "service_level": known.answered_within(20.0),
            "mean_queue": known.mean_queue,
            "occupancy": known.occupancy,
        },
        source="Palm 1957; Garnett, Mandelbaum and Reiman 2002",
        settles_s=max(AHT_S, patience_s),
    )
