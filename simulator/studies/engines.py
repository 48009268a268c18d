"""Which engine carries out a model, and why.

Rule of this file: the compiled engine wherever it models all that a scenario says, else the world
engine, with the reason; what was asked for by name is used or refused, never replaced.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from simulator.errors import NotModelledError, StudyError
from simulator.model.engine import Engine
from simulator.model.network import NetworkModel

NAMES = ("auto", "compiled", "world")


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """An engine, and why it is this one."""

    engine: Engine
    why: str


Made = Callable[[int], Engine]
"An engine, with the seed of the chances that are its own."


def _compiled(_seed: int) -> Engine:
    from simulator.compiled.engine import CompiledEngine

    return CompiledEngine()


def _world(seed: int) -> Engine:
    """Where things break, the world engine draws what happens to messages."""
    from simulator.world.engine import WorldEngine

    return WorldEngine(seed=seed)


ENGINES: Mapping[str, Made] = {"compiled": _compiled, "world": _world}


def checked_name(asked: str) -> str:
    """The name of an engine, if it is one. Raises StudyError."""
    if asked not in NAMES:
        raise StudyError(f"--engine {asked}: no such engine", f"write one of {', '.join(NAMES)}")
    return asked


def choose(
    model: NetworkModel,
    asked: str = "auto",
    engines: Mapping[str, Made] | None = None,
    *,
    seed: int = 1,
) -> Choice:
    """The engine for a model. Raises StudyError and NotModelledError."""
    engines = ENGINES if engines is None else engines
    if checked_name(asked) != "auto":
        engine = engines[asked](seed)
        if problem := engine.problem(model):
            other = "world" if asked == "compiled" else "compiled"
            raise NotModelledError(asked, problem, f"leave it out, or try --engine {other}")
        return Choice(engine=engine, why="asked for")
    compiled = engines["compiled"](seed)
    problem = compiled.problem(model)
    if not problem:
        return Choice(engine=compiled, why="it models all that the scenario says, and is fast")
    world = engines["world"](seed)
    if also := world.problem(model):
        raise NotModelledError(
            "compiled",
            problem,
            f"and the world engine does not model {also}: leave one of them out",
        )
    return Choice(engine=world, why=f"the compiled engine does not model {problem}")
