"""Tables for people, one finite object for programs."""

import json

import numpy as np
import pytest

from simulator.commands.console import note, plain, put_json, show, table


def test_numbers_stand_to_the_right(capsys: pytest.CaptureFixture[str]) -> None:
    show(table(("site", "calls"), [("lisbon", "7"), ("[porto]", "1234")]), plain("[end]"))
    assert capsys.readouterr().out == "site     calls\nlisbon       7\n[porto]   1234\n[end]\n"


def test_json_is_one_object_of_finite_numbers(capsys: pytest.CaptureFixture[str]) -> None:
    put_json(
        {"a": float("nan"), "b": [1, float("inf")], "c": np.float64(2.5), 4: np.int64(3), "d": None}
    )
    assert json.loads(capsys.readouterr().out) == {
        "a": None, "b": [1, None], "c": 2.5, "4": 3, "d": None
    }  # fmt: skip


def test_notes_go_beside(capsys: pytest.CaptureFixture[str]) -> None:
    note("wait")
    found = capsys.readouterr()
    assert (found.out, found.err) == ("", "wait\n")


def test_no_number_is_cut(capsys: pytest.CaptureFixture[str]) -> None:
    titles = [f"sites.lisbon.agents.group-{n}.count" for n in range(8)]
    show(table(titles, [["87.1 % ±0.9"] * 8], words=8))
    out = capsys.readouterr().out
    assert "…" not in out
    assert out.count("87.1 % ±0.9") == 8


def test_columns_of_words_are_folded(capsys: pytest.CaptureFixture[str]) -> None:
    made = table(("", "a", ""), [("Wait", "12.3 s", "a verdict of many words " * 20)])
    made.columns[2].no_wrap = False
    show(made)
    assert max(map(len, capsys.readouterr().out.splitlines())) <= 120
