"""The compiled engine: takes a model, chooses a loop, and says what it cannot carry out.

Rule of this file: nothing is simulated here. While a loop is not on disk, small runs go as they are
and another process compiles it, so that the first answer comes soon and the next ones are fast.
"""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import Any

from simulator.compiled import networked_functions
from simulator.compiled.cache_place import usable_folder, with_cache
from simulator.compiled.direct_problem import problem_of_ideal
from simulator.compiled.direct_run import DirectRun, Samples
from simulator.compiled.direct_switches import chosen, needed, needed_by
from simulator.compiled.loop_source import DIRECT, compiled_loop, interpreted_loop, is_kept
from simulator.compiled.networked_problem import problem_of
from simulator.compiled.networked_run import NetworkedRun
from simulator.compiled.policies import (
    Policies,
    decide_function,
    decide_is_kept,
    policies_of,
)
from simulator.compiled.warming import warm
from simulator.errors import NotModelledError
from simulator.model.calls import CallsTable
from simulator.model.engine import EngineRun
from simulator.model.network import NetworkModel

SMALL_COUNT = 40_000
"So many calls at once are done sooner as they are than a loop is compiled."
TINY_COUNT = 3_000
"So many calls of one process are done sooner as they are than a compiled loop is read."


class CompiledEngine:
    """Loops over arrays, compiled by Numba where it is installed."""

    name = "compiled"

    def problem(self, model: NetworkModel) -> str:
        """Empty if all of the model can be carried out, else what cannot."""
        policies = policies_of(model)
        if any(fault.kind != "site" for fault in model.faults):
            return "faults of links, nodes and stores"
        if model.peer_plan is not None:
            return "peer plans"
        return (problem_of_ideal if model.ideal else problem_of)(model, policies)

    def start(self, model: NetworkModel, *, interpreted: bool = False) -> EngineRun:
        """A new run. Raises NotModelledError."""
        problem = self.problem(model)
        if problem:
            raise NotModelledError(self.name, problem, "use the world engine")
        policies = policies_of(model)
        if not model.ideal:
            functions = networked_functions.Loop(model, policies, interpreted=interpreted)
            return NetworkedRun(model, policies, functions)
        loop = Loop(model, policies, interpreted=interpreted or find_spec("numba") is None)
        return DirectRun(model, policies, loop)


class Loop:
    """The functions of a model's loop, made when they are first asked for."""

    plain_count = 0
    "Calls that this process has done, or begun to do, uncompiled."

    def __init__(self, model: NetworkModel, policies: Policies, *, interpreted: bool) -> None:
        self._model = model
        self._policies = policies
        self._interpreted = interpreted
        self._needs = needed(model, policies)
        self._on = chosen(self._needs)
        self._compiled: tuple[Any, Any] | None = None
        self._plain: tuple[Any, Any] | None = None

    def __call__(self, calls: CallsTable, samples: Samples) -> tuple[Any, Any]:
        """`run` and the policy, for these calls and those before."""
        calls_count = len(calls)
        self._needs |= needed_by(calls)
        if chosen(self._needs) != self._on:
            self._on, self._compiled, self._plain = chosen(self._needs), None, None
        if self._interpreted:
            return self._as_it_is()
        if self._compiled is None:
            if self._is_tiny(calls_count):
                return self._as_it_is()
            folder = usable_folder()
            if folder is None:
                return self._as_it_is()
            if not self._is_kept(folder) and calls_count < SMALL_COUNT:
                warm(self._model, self._policies, self._on, folder)
                return self._as_it_is()
            self._compiled = with_cache(lambda folder: self._made(samples, folder))
            if self._compiled is None:
                return self._as_it_is()
        return self._compiled

    def _made(self, samples: Samples, folder: Path) -> tuple[Any, Any]:
        decide = decide_function(self._policies, self._model, compiled=True, folder=folder)
        return compiled_loop(DIRECT, self._on, "run", samples(), folder), decide

    def _is_tiny(self, calls_count: int) -> bool:
        """Is reading the compiled loop not worth while. (What is not compiled yet, another process
        begins to.)"""
        Loop.plain_count += calls_count
        if Loop.plain_count > TINY_COUNT or SMALL_COUNT == 0:
            return False
        folder = usable_folder()
        if folder is not None and not self._is_kept(folder):
            warm(self._model, self._policies, self._on, folder)
        return True

    def _is_kept(self, folder: Path) -> bool:
        known = decide_is_kept(self._policies, self._model, folder)
        return known and is_kept(DIRECT, self._on, "run", folder)

    def _as_it_is(self) -> tuple[Any, Any]:
        if self._plain is None:
            decide = decide_function(self._policies, self._model, compiled=False, folder=Path())
            self._plain = interpreted_loop(DIRECT, self._on).run, decide
        return self._plain
