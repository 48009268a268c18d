"""The numbers a call-centre simulator must reproduce: printed ones, and exact ones beside them.

Rule of this file: a printed value is off by half a unit of its last digit, and by its own interval
where it was simulated; that is its tolerance. Where the exact value is known, the row has it too.
"""

from __future__ import annotations

from dataclasses import replace

from simulator.theory.erlang_a import impatient
from simulator.theory.erlang_c import waiting
from simulator.theory.general_patience import (
    GeneralPatience,
    exponential_survival,
    general_patience,
    lognormal_survival,
)
from simulator.theory.general_service import constant_asa_s, one_agent_asa_s
from simulator.validation.hand_calls import Callers, Times, constant, exponential, lognormal
from simulator.validation.hand_models import Site
from simulator.validation.systems import System, settling_s

HUNDRED_S = 100.0
"One mean handle time of the rows that are printed in such units."
WHITT = "Whitt 2005, Management Science 51(2)"


def reference_systems() -> list[System]:
    """Rows 1 to 6 of the reference table, in the units of their source."""
    minute = Callers(rates_per_s=(0.8,), talk=exponential(60.0), patience=exponential(120.0))
    return [
        System(
            group="Published",
            name="50 agents, 48 calls/min of 1 min, patience 2 min",
            sites=(Site(agents=50),),
            callers=minute,
            known=_exact_a(50, 48.0, 60.0, 120.0),
            settles_s=120.0,
            source="exact; Garnett, Mandelbaum and Reiman 2002",
        ),
        System(
            group="Published",
            name="the same, nobody gives up",
            sites=(Site(agents=50),),
            callers=Callers(rates_per_s=(0.8,), talk=exponential(60.0)),
            known=_exact_c(50, 48.0, 60.0) | {"mean_queue": waiting(50, 48.0, 60.0).mean_queue},
            source="exact; Erlang 1917",
            settles_s=settling_s(50, 48.0, 60.0),
            share=4.0,
        ),
        System(
            group="Published",
            name="14 agents, 10 Erl of 180 s",
            sites=(Site(agents=14),),
            callers=Callers(rates_per_s=(10.0 / 180.0,), talk=exponential(180.0)),
            known=_exact_c(14, 10.0, 180.0),
            settles_s=settling_s(14, 10.0, 180.0),
            source="exact; Erlang 1917",
        ),
        *_whitt_systems(),
    ]


def _exact_a(agents: int, load: float, aht_s: float, patience_s: float) -> dict[str, float]:
    known = impatient(agents, load, aht_s, patience_s)
    return {
        "abandonment": known.abandonment,
        "asa_s": known.asa_s,
        "mean_queue": known.mean_queue,
        "occupancy": known.occupancy,
        "service_level": known.answered_within(20.0),
    }


def _exact_c(agents: int, load: float, aht_s: float) -> dict[str, float]:
    known = waiting(agents, load, aht_s)
    return {
        "waiting_share": known.waiting_share,
        "asa_s": known.asa_s,
        "service_level": known.answered_within(20.0),
    }


_Printed = tuple[str, Times, GeneralPatience, dict[str, tuple[float, float]]]
"Name, patience, exact, and what is printed with how far it may be off."


def _whitt_tables(unit: float) -> list[_Printed]:
    """Tables 1 to 3, whose digits are taken to be good to two units of the last but one."""
    return [
        (
            "patience exponential, mean 1",
            exponential(unit),
            general_patience(100, 102.0 / unit, unit, exponential_survival(unit)),
            {
                "waiting_share": (1 - 0.4083, 0.0),
                "abandonment": (0.0499, 0.0),
                "mean_queue": (5.092, 0.0),
            },
        ),
        (
            "patience LN(1, 1)",
            lognormal(unit, unit),
            _general_lognormal(unit, unit),
            {
                "waiting_share": (1 - 0.242, 0.002),
                "abandonment": (0.0376, 0.0002),
                "mean_queue": (11.42, 0.1),
                "asa_answered_s": (0.1094 * unit, 0.001 * unit),
            },
        ),
        (
            "patience LN(4, 4)",
            lognormal(4 * unit, 8 * unit),
            _general_lognormal(4 * unit, 8 * unit),
            {
                "waiting_share": (1 - 0.210, 0.002),
                "abandonment": (0.0349, 0.0002),
                "mean_queue": (14.90, 0.1),
                "asa_answered_s": (0.1446 * unit, 0.001 * unit),
            },
        ),
    ]


def _whitt_systems() -> list[System]:
    """M/M/100/200+G, 102 calls a mean handle time: the exact value, and the printed one."""
    unit = HUNDRED_S
    found = []
    for name, patience, exact, printed in _whitt_tables(unit):
        base = System(
            group="Published",
            name=f"100 agents, 102 Erl, {name}: exact",
            sites=(Site(agents=100, places=200),),
            callers=Callers(rates_per_s=(102.0 / unit,), talk=exponential(unit), patience=patience),
            known={figure: getattr(exact, figure) for figure in printed},
            source="exact; Zeltyn and Mandelbaum 2005",
            settles_s=4 * unit,
            share=2.0,
        )
        as_printed = replace(
            base,
            name=f"100 agents, 102 Erl, {name}: as printed",
            known={figure: value for figure, (value, _) in printed.items()},
            tolerances={
                figure: max(tolerance, _rounding(value))
                for figure, (value, tolerance) in printed.items()
            },
            source=WHITT,
        )
        found += [base, as_printed]
    return found


def _rounding(value: float) -> float:
    """Half a unit of the fourth digit, as printed."""
    return 0.5e-3 * max(abs(value), 0.1)


def _general_lognormal(mean_s: float, sd_s: float) -> GeneralPatience:
    unit = HUNDRED_S
    return general_patience(100, 102.0 / unit, unit, lognormal_survival(mean_s, sd_s))


def handle_time_systems() -> list[System]:
    """Handle times that are not exponential, where the mean wait is known exactly."""
    aht_s = 180.0
    found = [
        System(
            group="Handle times",
            name=f"1 agent, {load:g} Erl, {name}",
            sites=(Site(agents=1),),
            callers=Callers(rates_per_s=(load / aht_s,), talk=talk),
            known={"asa_s": one_agent_asa_s(load, aht_s, scv)},
            source="exact; Pollaczek 1930, Khinchine 1932",
            settles_s=settling_s(1, load, aht_s) * (1.0 + scv),
        )
        for load in (0.5, 0.7)
        for name, talk, scv in (
            ("lognormal, variation 1", lognormal(aht_s, aht_s), 1.0),
            ("lognormal, variation 0.5", lognormal(aht_s, 0.5 * aht_s), 0.25),
            ("constant", constant(aht_s), 0.0),
        )
    ]
    found += [
        System(
            group="Handle times",
            name=f"{agents} agents, {load:g} Erl, constant",
            sites=(Site(agents=agents),),
            callers=Callers(rates_per_s=(load / aht_s,), talk=constant(aht_s)),
            known={"asa_s": constant_asa_s(agents, load, aht_s)},
            source="exact; Crommelin 1932",
            settles_s=settling_s(agents, load, aht_s),
        )
        for agents, load in ((5, 4.0), (20, 18.0))
    ]
    return found
