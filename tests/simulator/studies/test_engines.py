"""The compiled engine wherever it can, else the world engine, with the reason."""

import pytest
from sim_models import network
from stub_engine import StubEngine

from simulator.errors import NotModelledError, StudyError
from simulator.studies.engines import choose


def engines(compiled: str = "", world: str = "") -> dict[str, object]:
    return {
        "compiled": lambda seed: StubEngine(seed, "compiled", compiled),
        "world": lambda seed: StubEngine(seed, "world", world),
    }


@pytest.mark.parametrize(
    ("compiled", "asked", "name", "why"),
    [
        ("", "auto", "compiled", "models all"),
        ("faults of nodes", "auto", "world", "the compiled engine does not model faults of nodes"),
        ("", "world", "world", "asked for"),
        ("", "compiled", "compiled", "asked for"),
    ],
)
def test_the_engine_and_why(compiled: str, asked: str, name: str, why: str) -> None:
    found = choose(network(), asked, engines(compiled))  # type: ignore[arg-type]
    assert found.engine.name == name
    assert why in found.why
    assert choose(network(), asked, engines(compiled), seed=7).engine.seed == 7  # type: ignore


def test_what_was_asked_for_is_never_replaced() -> None:
    with pytest.raises(
        NotModelledError, match="does not model nodes; leave it out, or try --engine world"
    ):
        choose(network(), "compiled", engines("nodes"))  # type: ignore[arg-type]
    with pytest.raises(NotModelledError, match="leave one of them out"):
        choose(network(), "auto", engines("nodes", "tariffs"))  # type: ignore[arg-type]
    with pytest.raises(StudyError, match="--engine fast: no such engine; write one of auto"):
        choose(network(), "fast", engines())  # type: ignore[arg-type]
