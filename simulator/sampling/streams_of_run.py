"""The dice of one replication: a stream for each cause, ingress and day.

Rule of this file: nothing about policy or staff goes into a key, so that the same replication gives
the same calls whatever is tried on them (common random numbers).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from simulator.model.streams import stream


@dataclass(frozen=True, slots=True, kw_only=True)
class RunStreams:
    """Streams of one arrival of a scenario, in one replication."""

    seed: int
    replication: int
    ingress: str
    nth: int = 0
    "0 for the first arrival of its ingress that the scenario names, 1 for the next."

    def of(self, cause: str, day: date, *node: str) -> np.random.Generator:
        """The dice of a cause on a day; `node` tells classes and parts of mixtures apart."""
        return stream(
            self.seed, cause, self.ingress, self.nth, day.toordinal(), self.replication, *node
        )

    def shared(self, cause: str, day: date) -> np.random.Generator:
        """The dice of a cause that all arrivals have in common on a date."""
        return stream(self.seed, f"shared-{cause}", day.toordinal(), self.replication)
