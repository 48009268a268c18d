"""Callers of one row of the fault matrix: they ring while the fault lasts.

Rule of this file: who rings where is drawn from the row's seed; what became of them is the phones'
word.
"""

from __future__ import annotations

import random
import threading
import time
from dataclasses import dataclass, field
from typing import Any

from nirc.demo.json_http import HttpFailed
from tests.helpers.lab_network import LabNetwork

OPEN = "open"


@dataclass(slots=True)
class Callers:
    """`count` callers at `per_s`, from a thread of their own."""

    network: LabNetwork
    seed: int | str
    count: int
    per_s: float
    numbers: list[int] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    _thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin to ring."""
        self._thread = threading.Thread(target=self._ring, daemon=True)
        self._thread.start()

    def wait(self) -> None:
        """Until all have rung."""
        assert self._thread is not None, "start() comes first"
        self._thread.join()

    def results(self) -> list[dict[str, Any]]:
        """The stories of these callers."""
        ours = set(self.numbers)
        return [one for one in self.network.phones_results() if one["number"] in ours]

    def are_over(self) -> bool:
        """Whether every caller's story has ended."""
        return all(one["outcome"] != OPEN for one in self.results())

    def _ring(self) -> None:
        chance = random.Random(f"callers/{self.seed}")
        sites = self.network.layout.sites
        weights = [site.load_share for site in sites]
        begun_s = time.monotonic()
        for number in range(self.count):
            time.sleep(max(0.0, begun_s + number / self.per_s - time.monotonic()))
            site = chance.choices(sites, weights)[0]
            trunk = chance.choices(site.trunks, [one.shape.load_share for one in site.trunks])[0]
            data = {"order": str(number)} if chance.random() < 0.4 else None
            talk_s = chance.uniform(1.0, 4.0)
            try:
                call = self.network.place(
                    site.name, trunk.shape.name, data=data, talk_s=talk_s, patience_s=45.0
                )
            except HttpFailed as error:
                self.failed.append(str(error))
                continue
            self.numbers.append(call.number)
