"""How many numbers a pool needs, against Erlang's own table."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from nrcli.commands.main import app
from nrcli.commands.pool import size_of

RUN = CliRunner()


@pytest.mark.parametrize(
    ("load", "blocking", "numbers"),
    [(10.0, 0.01, 18), (10.0, 0.001, 21), (50.0, 0.01, 64), (100.0, 0.001, 128)],
)
def test_it_agrees_with_published_tables(load: float, blocking: float, numbers: int) -> None:
    found = size_of(load * 3600 / 72, 12.0, 60.0, blocking)
    assert found.numbers == numbers and found.load_erl == pytest.approx(load)
    assert found.blocked_share <= blocking < found.blocked_share_of_one_less


def test_no_calls_need_no_numbers() -> None:
    assert size_of(0.0, 12.0, 60.0, 0.01).numbers == 0


def test_it_is_told_in_words_and_for_programs() -> None:
    words = ["pool", "size", "--calls-per-hour", "500", "--blocking", "0.01"]
    told = RUN.invoke(app, words)
    assert told.exit_code == 0 and told.output.startswith("18 numbers: 10.0 are away")
    found = json.loads(RUN.invoke(app, ["--json", *words]).output)
    assert found["numbers"] == 18
    assert RUN.invoke(app, ["pool", "size", "--calls-per-hour", "-1"]).exit_code == 2
    assert RUN.invoke(app, [*words, "--hold-s", "0"]).exit_code == 2, "lending takes time"
