"""The search finds nothing where nothing is wrong, and finds bugs that are planted."""

from typing import Any

import pytest

from nirc.core.router import Router
from simulator.world.drawn_case import drawn_case
from simulator.world.engine import WorldEngine
from simulator.world.fault_case import FaultCase
from simulator.world.fault_search import Tried, kind_of, tried, tried_seed
from simulator.world.shrinking import Shrinker
from site_agent.adapters.base import CallArriving
from site_agent.core import transfer_execution
from site_agent.core.arrivals import Arrivals
from site_agent.core.hold import HoldState

SEEDS = range(1, 60)
"Tried in order until a planted bug is met."


def test_nothing_is_found_where_nothing_is_wrong() -> None:
    for seed in (1, 2, 4):
        found = tried_seed(seed, 8.0)
        assert found.good, found.problems
        assert found.calls > 0


def met(kinds: set[str]) -> tuple[FaultCase, Tried]:
    """The first case that breaks in one of these ways."""
    for seed in SEEDS:
        case = drawn_case(seed, 20.0)
        found = tried(case)
        if kinds & found.kinds:
            return case, found
    raise AssertionError(f"none of {len(SEEDS)} seeds meets {kinds}")


def plant_dead_tokens(monkeypatch: pytest.MonkeyPatch) -> None:
    """A site that lets a caller in by a token that its origin has cancelled."""
    real = Arrivals.arriving

    def arriving(self: Arrivals, event: CallArriving, now_s: float) -> None:
        hold = self._holds.by_token(event.token)
        if hold is not None and hold.state is HoldState.CANCELLED:
            self._take(hold, event, now_s)
        else:
            real(self, event, now_s)

    monkeypatch.setattr(Arrivals, "arriving", arriving)


def test_a_site_that_takes_dead_tokens_is_found_and_made_small(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    plant_dead_tokens(monkeypatch)
    case, found = met({"S3", "S5"})
    shrinker = Shrinker(case, found, tried, runs_max=8)
    small = shrinker.shrink()
    assert len(small.faults) < len(case.faults)
    assert tried(small).kinds & found.kinds
    monkeypatch.undo()
    assert tried(small).good


def test_a_site_that_takes_callers_back_without_asking_is_found(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    real = transfer_execution._effects

    def effects(desk: Any, ladder: Any, questions: Any, endings: Any) -> Any:
        table = real(desk, ladder, questions, endings)

        def back(move: Any, now_s: float) -> None:
            move.decided = True
            endings.put_back(move, now_s)

        return table | {transfer_execution.Effect.CANCEL: back}

    monkeypatch.setattr(transfer_execution, "_effects", effects)
    _, found = met({"S3"})
    assert found.problems


def test_a_core_that_raises_is_a_problem() -> None:
    class Broken(Router):
        """Cannot."""

        def handle(self, event: object, now_s: float) -> list:  # type: ignore[type-arg,override]
            if now_s > 1002:
                raise KeyError("lost it")
            return super().handle(event, now_s)  # type: ignore[arg-type]

    found = tried(drawn_case(1, 5.0), lambda seed: WorldEngine(seed=seed, new_router=Broken))
    assert found.kinds == {"crash"}


@pytest.mark.parametrize(
    ("problem", "kind"),
    [
        ("1.000000 s: S10 at faro: hold x is left over", "S10"),
        ("1.000000 s: caller 3.0 talks twice: a, b", "talks twice"),
        ("1.000000 s: caller 3.0 is lost", "lost"),
        ("1.000000 s: the network is not quiet: 1 moves on n1 left", "not quiet"),
        ("KeyError: 'x' at 1.0 s", "crash"),
        ("odd", "other"),
    ],
)
def test_kinds(problem: str, kind: str) -> None:
    assert kind_of(problem) == kind
