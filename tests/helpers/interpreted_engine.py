"""The compiled engine as it is, without compiling: for small runs in tests."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from simulator.compiled.engine import CompiledEngine
from simulator.model.calls import CallsTable
from simulator.model.engine import EngineRun
from simulator.model.instants import NEVER_US
from simulator.model.network import NetworkModel
from simulator.model.outcomes import Part, Sums


class Interpreted:
    """The loop in plain Python."""

    name = "interpreted"

    def problem(self, model: NetworkModel) -> str:
        return CompiledEngine().problem(model)

    def start(self, model: NetworkModel) -> EngineRun:
        return CompiledEngine().start(model, interpreted=True)


class WrongTimes:
    """An engine whose callers wait or talk a little longer than they should."""

    name = "wrong"

    def __init__(self, *, patience: float = 1.0, talk: float = 1.0) -> None:
        self._patience = patience
        self._talk = talk

    def problem(self, model: NetworkModel) -> str:
        return ""

    def start(self, model: NetworkModel) -> EngineRun:
        return _Wrong(Interpreted().start(model), self._patience, self._talk)


class _Wrong:
    def __init__(self, run: EngineRun, patience: float, talk: float) -> None:
        self._run = run
        self._patience = patience
        self._talk = talk

    @property
    def sums(self) -> Sums:
        return self._run.sums

    @property
    def counters(self) -> dict[str, int]:
        return self._run.counters

    def feed(self, calls: CallsTable, until_us: int) -> Part:
        waits = calls.patience_us
        wrong = np.where(waits < NEVER_US, waits * self._patience, waits).astype(np.int64)
        longer = (calls.talk_us * self._talk).astype(np.int64)
        return self._run.feed(replace(calls, patience_us=wrong, talk_us=longer), until_us)

    def finish(self) -> Part:
        return self._run.finish()
