"""A plan that was interrupted is told as what it is."""

from typing import Any

import pytest
from sim_commands import SMALL, said
from sim_morning import MORNING

from simulator.studies import capacity
from simulator.studies.jobs import Mapped
from simulator.studies.workers import LocalCrew


def test_an_interrupted_plan_is_the_best_until_then(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = [0]
    original = LocalCrew.map

    def stops(self: LocalCrew, work: Any, jobs: Any, told: Any) -> Mapped[Any]:
        asked[0] += 1
        if asked[0] == 3:
            return Mapped(results=(None,) * len(jobs), interrupted=True)
        return original(self, work, jobs, told)

    monkeypatch.setattr(capacity, "CHECK_FROM", 10)
    monkeypatch.setattr(LocalCrew, "map", stops)
    words = ("capacity", MORNING, "-t", "service_level>=0.7", *SMALL, "--site", "faro")
    found = said(*words, "-p", "stay", "-n", "1", code=3)
    assert "interrupted; the plan is the best one found until then" in found.stderr
    assert "the search was stopped" in found.stdout
