"""An engine for tests of what surrounds engines: agents answer after a wait that depends on the
policy alone, and nothing is known of queues.
"""

from typing import Any

import numpy as np

from simulator.errors import OverloadedError
from simulator.model.calls import CallsTable
from simulator.model.instants import US
from simulator.model.network import NetworkModel
from simulator.model.outcomes import MOVE_TYPE, OUTCOME_TYPE, Outcome, Part, Sums


class StubRun:
    def __init__(self, model: NetworkModel, wait_us: int, overload: bool) -> None:
        self.model, self.wait_us, self.overload = model, wait_us, overload
        self.sums = Sums.empty(model)
        self.counters = {"decisions": 0}
        self.fed_until_us = 0

    def feed(self, calls: CallsTable, until_us: int) -> Part:
        assert until_us >= self.fed_until_us
        assert (
            not len(calls)
            or self.fed_until_us <= calls.arrival_us[0] <= calls.arrival_us[-1] < until_us
        )
        self.fed_until_us = until_us
        if self.overload:
            raise OverloadedError(until_us / US, "lisbon/sales", 7)
        out = np.zeros(len(calls), dtype=OUTCOME_TYPE)
        out["number"], out["ingress"] = calls.number, calls.ingress
        out["outcome"] = Outcome.ANSWERED
        out["agent"], out["expected_us"] = 0, -1
        out["arrival_us"] = out["queued_us"] = calls.arrival_us
        out["wait_us"] = (calls.talk_us // 10 + self.wait_us) % (40 * US)
        out["talk_us"] = calls.talk_us
        out["ended_us"] = calls.arrival_us + out["wait_us"] + calls.talk_us
        self.counters["decisions"] += len(calls)
        return Part(outcomes=out, moves=np.zeros(0, dtype=MOVE_TYPE))

    def finish(self) -> Part:
        return Part(outcomes=np.zeros(0, dtype=OUTCOME_TYPE), moves=np.zeros(0, dtype=MOVE_TYPE))


class StubEngine:
    def __init__(
        self, seed: int = 1, name: str = "compiled", problem: str = "", overload: str = ""
    ) -> None:
        self.seed = seed
        self.name, self._problem, self._overload = name, problem, overload

    def problem(self, model: NetworkModel) -> str:
        return self._problem

    def start(self, model: NetworkModel, **_: Any) -> StubRun:
        policy = next(iter(model.documents.policies))
        wait_us = 0 if policy == "stay" else 3 * US
        return StubRun(model, wait_us, overload=policy == self._overload)
