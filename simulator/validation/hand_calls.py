"""Callers of a validation row: Poisson arrivals, times from a named distribution.

Rule of this file: one random stream for each cause and part, so that a row says the same whatever
rows stand beside it; nothing is taken from `sampling`, which is itself under test elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import log1p, sqrt
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from simulator.model.calls import CallsTable, calls_table
from simulator.model.instants import NEVER_US, US
from simulator.model.streams import stream

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Times:
    """How long something takes."""

    kind: Literal["exponential", "lognormal", "constant", "erlang2", "never"]
    mean_s: float = 0.0
    sd_s: float = 0.0

    def draw(self, dice: np.random.Generator, count: int) -> Floats:
        """So many, in seconds."""
        if self.kind == "exponential":
            return dice.exponential(self.mean_s, count)
        if self.kind == "lognormal":
            variance = log1p((self.sd_s / self.mean_s) ** 2)
            return dice.lognormal(np.log(self.mean_s) - variance / 2.0, sqrt(variance), count)
        if self.kind == "erlang2":
            return dice.gamma(2.0, self.mean_s / 2.0, count)
        value = self.mean_s if self.kind == "constant" else np.inf
        return np.full(count, value)


def exponential(mean_s: float) -> Times:
    """Of this mean."""
    return Times(kind="exponential", mean_s=mean_s)


def lognormal(mean_s: float, sd_s: float) -> Times:
    """Of this mean and standard deviation."""
    return Times(kind="lognormal", mean_s=mean_s, sd_s=sd_s)


def constant(value_s: float) -> Times:
    """Always the same."""
    return Times(kind="constant", mean_s=value_s)


def erlang2(mean_s: float) -> Times:
    """Two exponential times, one after the other."""
    return Times(kind="erlang2", mean_s=mean_s)


NEVER = Times(kind="never")


@dataclass(frozen=True, slots=True, kw_only=True)
class Callers:
    """Who calls: a Poisson stream at each ingress, alike but for its rate."""

    rates_per_s: tuple[float, ...]
    talk: Times
    patience: Times = NEVER

    def parts(
        self, seed: int, name: str, part_us: int, count: int
    ) -> Iterator[tuple[CallsTable, int]]:
        """`count` parts of equal length, each with the instant at which it ends."""
        for part in range(count):
            yield self._part(seed, name, part, part_us), (part + 1) * part_us

    def _part(self, seed: int, name: str, part: int, part_us: int) -> CallsTable:
        dice = stream(seed, "validation", name, "arrivals", part)
        arrivals, ingress = [], []
        for number, rate in enumerate(self.rates_per_s):
            size = int(dice.poisson(rate * part_us / US))
            arrivals.append(part * part_us + dice.integers(0, part_us, size))
            ingress.append(np.full(size, number, dtype=np.int32))
        arrival_us = np.concatenate(arrivals)
        size = len(arrival_us)
        talk = self.talk.draw(stream(seed, "validation", name, "talk", part), size)
        patience = self.patience.draw(stream(seed, "validation", name, "patience", part), size)
        return calls_table(
            arrival_us=arrival_us,
            ingress=np.concatenate(ingress),
            talk_us=whole_us(talk),
            patience_us=whole_us(patience),
            number=np.arange(size) + part * 100_000_000,
        )


def whole_us(seconds: Floats) -> NDArray[np.int64]:
    """The nearest microsecond, at least one; infinite: never."""
    finite = np.where(np.isfinite(seconds), seconds, 0.0)
    found = np.maximum(np.rint(finite * US).astype(np.int64), 1)
    return np.where(np.isfinite(seconds), found, NEVER_US)
