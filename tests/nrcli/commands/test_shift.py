"""What `nrcli shift` refuses before it asks a node, and how shifts are shown."""

from __future__ import annotations

import pytest
from rich.table import Table
from typer.testing import CliRunner

from nrcli.commands.main import app
from nrcli.commands.shift import shifts_parts
from nrcli.wire.shift_models import ShiftState


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--steps", "ten"], "--steps: 'ten': write percents such as 10,25,50,100"),
        (["--steps", "50,10"], "each must be larger than the one before"),
        (["--steps", "0"], "steps.0:"),
        (["--step-every", "soon"], "--step-every: 'soon' is no time"),
        (["--window", ""], "--window: write a time such as"),
        (["--for", "1y"], "--for: '1y' is no time"),
        (["--floor", "101"], "--floor"),
    ],
)
def test_a_slip_is_told_and_nobody_asked(words: list[str], told: str) -> None:
    call = ["shift", "lisbon", "porto", "-m", "roof leaks", *words]
    done = CliRunner().invoke(app, call, env={"COLUMNS": "200"})
    assert done.exit_code == 2 and told in done.output


def test_without_a_reason_nothing_begins() -> None:
    done = CliRunner().invoke(app, ["drain-site", "lisbon"])
    assert done.exit_code == 2 and "say why" in done.output


def test_a_shift_is_a_line_with_share_level_and_floor() -> None:
    one = ShiftState(
        id="c1", from_site="lisbon", to_site="", share=0.25, floor=0.7, service_level=0.9
    )
    (part,) = shifts_parts([one])
    assert isinstance(part, Table)
    (row,) = zip(*(column.cells for column in part.columns), strict=True)
    assert row == ("c1", "lisbon", "elsewhere", "-", "-", "25%", "-", "90%", "70%", "no", "-")
    assert shifts_parts([]) == ["no traffic is shifted"]
