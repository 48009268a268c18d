"""A single day that never settles: the CallCenter of the SSJ tutorial (L'Ecuyer, Meliani and
Vaucher 2002; ssj, examples/tutorial/CallCenter).

Rule of this file: the day is as printed there: staff and arrivals change by the hour, a gamma
distributed busyness multiplies the day's arrivals, one caller in ten hangs up rather than wait.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import sqrt

import numpy as np

from simulator.model.calls import CallsTable, calls_table
from simulator.model.engine import Engine
from simulator.model.instants import US
from simulator.model.network import Window
from simulator.model.streams import stream
from simulator.validation.hand_calls import whole_us
from simulator.validation.hand_models import Site, network
from simulator.validation.judging import Estimate, Kind, Row, mean_of
from simulator.validation.tallies import Tallies

AGENTS = (4, 6, 8, 8, 8, 7, 8, 8, 6, 6, 4, 4, 4)
PER_HOUR = (100, 150, 150, 180, 200, 150, 150, 150, 120, 100, 80, 70, 60)
"By hour, from 8 to 21 o'clock."
GAMMA_SHAPE = 400.0
BALKING = 0.1
PATIENCE_S = 1000.0
SERVICE_S = 100.0
THRESHOLD_S = 20.0
EXPECTED = float(sum(PER_HOUR))
HOUR_US = 3600 * US
DAY_US = 24 * HOUR_US
EVENING_H = 20
"Who works in the last hour stays until the line is empty."
DAYS_PRINTED = 10_000
PRINTED = {
    "arrivals": (1660.4, 0.05),
    "mean wait, s": (4.713, 0.0005),
    "good service": (0.925, 0.0005),
    "lost": (0.020, 0.0005),
}
"Means per day, the last three over the 1,660 expected calls; and half a unit of the last digit."


def shifts(days_count: int) -> tuple[tuple[Window, ...], ...]:
    """When each of the eight agents works, day by day."""
    found = []
    for agent in range(max(AGENTS)):
        windows: list[Window] = []
        hours = [hour for hour, count in enumerate(AGENTS) if count > agent]
        for hour in hours:
            end = EVENING_H if hour == len(AGENTS) - 1 else hour + 1
            if windows and windows[-1][1] == hour:
                windows[-1] = (windows[-1][0], end)
            else:
                windows.append((hour, end))
        found.append(
            tuple(
                (day * DAY_US + begin * HOUR_US, day * DAY_US + end * HOUR_US)
                for day in range(days_count)
                for begin, end in windows
            )
        )
    return tuple(found)


def days(seed: int, days_count: int) -> Iterator[tuple[CallsTable, int]]:
    """The calls of each day."""
    for day in range(days_count):
        busy = stream(seed, "validation", "day", "busyness", day).gamma(GAMMA_SHAPE) / GAMMA_SHAPE
        dice = stream(seed, "validation", "day", "arrivals", day)
        arrivals = [
            dice.integers(0, HOUR_US, dice.poisson(busy * rate)) + hour * HOUR_US
            for hour, rate in enumerate(PER_HOUR)
        ]
        arrival = np.sort(np.concatenate(arrivals))
        size = len(arrival)
        talk = stream(seed, "validation", "day", "talk", day).exponential(SERVICE_S, size)
        patience = stream(seed, "validation", "day", "patience", day).exponential(PATIENCE_S, size)
        balks = stream(seed, "validation", "day", "balk", day).random(size) < BALKING
        yield (
            calls_table(
                arrival_us=arrival + day * DAY_US,
                talk_us=whole_us(talk),
                patience_us=whole_us(patience),
                balks=balks,
                number=np.arange(size) + day * 1_000_000,
            ),
            (day + 1) * DAY_US,
        )


def day_rows(engine: Engine, *, seed: int, calls_count: int) -> list[Row]:
    """The printed means; what they came from, 10,000 days, has chance too, and its error is taken
    to be that of days as ours."""
    days_count = max(2, round(calls_count / EXPECTED))
    model = network(
        (Site(agents=max(AGENTS), shifts=shifts(days_count)),),
        duration_us=days_count * DAY_US,
        interval_us=DAY_US,
        threshold_s=THRESHOLD_S,
    )
    tallies = Tallies(days_count, DAY_US, THRESHOLD_S)
    run = engine.start(model)
    for calls, until_us in days(seed, days_count):
        tallies.add(run.feed(calls, until_us).outcomes)
    tallies.add(run.finish().outcomes)
    sums = tallies.by_name
    by_day = {
        "arrivals": sums["offered"],
        "mean wait, s": sums["wait_s"] / EXPECTED,
        "good service": sums["good"] / EXPECTED,
        "lost": (sums["abandoned"] + sums["balked"]) / EXPECTED,
    }
    found = {name: mean_of(values) for name, values in by_day.items()}
    return [
        Row(
            group="Published",
            what="a day of 13 hours, busyness, balking",
            figure=figure,
            known=value,
            source="SSJ, CallCenter, 10,000 days",
            found=_with_printed(found[figure], days_count),
            kind=Kind.INTERVAL,
            tolerance=rounding,
            calls_count=round(days_count * EXPECTED),
            seed=seed,
        )
        for figure, (value, rounding) in PRINTED.items()
    ]


def _with_printed(found: Estimate, days_count: int) -> Estimate:
    """The error of the difference to a mean of 10,000 other days."""
    return Estimate(
        value=found.value,
        error=found.error * sqrt(1.0 + days_count / DAYS_PRINTED),
        freedom=found.freedom,
    )
