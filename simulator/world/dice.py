"""Chance in a world where things break: one stream for each cause, all from the run's seed.

Rule of this file: what one cause draws never moves another's numbers.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

import numpy as np

from simulator.model.streams import stream

T = TypeVar("T")


class Dice:
    """Streams by cause."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._streams: dict[tuple[str, ...], np.random.Generator] = {}

    def share(self, *cause: str) -> float:
        """Uniform in [0, 1)."""
        return float(self._of(cause).random())

    def between(self, low: float, high: float, *cause: str) -> float:
        """Uniform between two numbers."""
        return low + (high - low) * self.share(*cause)

    def exponential(self, mean: float, *cause: str) -> float:
        """Exponential of this mean."""
        return float(self._of(cause).exponential(mean))

    def choice(self, of: Sequence[T], *cause: str) -> T:
        """One of these."""
        return of[int(self.share(*cause) * len(of))]

    def _of(self, cause: tuple[str, ...]) -> np.random.Generator:
        found = self._streams.get(cause)
        if found is None:
            found = self._streams[cause] = stream(self._seed, *cause)
        return found
