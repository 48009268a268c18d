"""The study as a whole: what it is made of, and its verdict."""

from interpreted_engine import Interpreted

from simulator.validation.judging import Estimate, Kind, Row
from simulator.validation.study import Block, blocks, carry_out, systems


def row(value: float) -> Row:
    return Row(
        group="Laws",
        what="w",
        figure="f",
        known=0.0,
        source="s",
        found=Estimate(value=value),
        kind=Kind.EQUAL,
        calls_count=10,
    )


def test_systems_are_told_apart_by_their_names() -> None:
    names = [(system.group, system.name) for system in systems()]
    assert len(set(names)) == len(names) > 60


def test_blocks_are_fixed_before_anything_runs() -> None:
    quick, full = (
        blocks(Interpreted(), seed=1, quick=which, other=Interpreted()) for which in (True, False)
    )
    assert {block.name for block in quick} < {block.name for block in full}
    assert {"a day", "call by call", "laws", "common random numbers", "engines"} <= {
        block.name for block in quick
    }
    assert sum(block.calls_count for block in quick) < 5_000_000


def test_one_row_that_does_not_agree_is_no() -> None:
    told: list[tuple[float, str]] = []

    def study(*values: float) -> bool:
        work = [
            Block(name=f"b{k}", make=lambda v=v: [row(v)], calls_count=9)  # type: ignore[misc]
            for k, v in enumerate(values)
        ]
        made = carry_out(
            work, seed=1, quick=True, progress=lambda share, name: told.append((share, name))
        )
        assert made.intervals_count == 0
        assert made.calls_count == 10
        return made.good

    assert study(0.0, 0.0)
    assert not study(0.0, 1.0)
    assert told[:3] == [(0.0, "b0"), (0.5, "b1"), (1.0, "")]
