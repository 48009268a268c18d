"""The compiled engine: takes a model, chooses a loop, and says what it cannot carry out.

Rule of this file: nothing is simulated here. A small first part runs as it is while the compiled
loop is not on disk, so that the first answer comes soon.
"""

from __future__ import annotations

from importlib.util import find_spec
from typing import Any

from simulator.compiled.direct_run import DirectRun
from simulator.compiled.direct_switches import chosen, needed
from simulator.compiled.loop_source import DIRECT, compiled_loop, interpreted_loop
from simulator.compiled.policies import Policies, cache_folder, decide_function, policies_of
from simulator.errors import NotModelledError
from simulator.model.engine import EngineRun
from simulator.model.network import NetworkModel


class CompiledEngine:
    """Loops over arrays, compiled by Numba where it is installed."""

    name = "compiled"

    def problem(self, model: NetworkModel) -> str:
        """Empty if all of the model can be carried out, else what cannot."""
        if any(fault.kind != "site" for fault in model.faults):
            return "faults of links, nodes and stores"
        if not model.ideal and policies_of(model).matters:
            return "networks that are not ideal"
        if any(site.rules for site in model.sites):
            return "a site's own rules about asking"
        return ""

    def start(self, model: NetworkModel, *, interpreted: bool = False) -> EngineRun:
        """A new run. Raises NotModelledError."""
        problem = self.problem(model)
        if problem:
            raise NotModelledError(self.name, problem, "use the world engine")
        policies = policies_of(model)
        loop = Loop(model, policies, interpreted=interpreted or find_spec("numba") is None)
        return DirectRun(model, policies, loop)


class Loop:
    """The functions of a model's loop, made when they are first asked for."""

    def __init__(self, model: NetworkModel, policies: Policies, *, interpreted: bool) -> None:
        self._model = model
        self._policies = policies
        self._interpreted = interpreted
        self._on = needed(model, policies)
        self._found: tuple[Any, Any, Any] | None = None

    def __call__(self, calls_count: int) -> tuple[Any, Any, Any]:
        """(run, write_outcome, decide)"""
        if self._found is None:
            on, folder = chosen(self._on), cache_folder()
            compiled = not self._interpreted
            decide = decide_function(self._policies, self._model, compiled=compiled, folder=folder)
            if compiled:
                module = compiled_loop(DIRECT, on, ("run",), folder)
            else:
                module = interpreted_loop(DIRECT, on)
            self._found = (module.run, module.write_outcome, decide)
        return self._found
