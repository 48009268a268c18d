"""Figures are defined once, completely, and the page says the same."""

from __future__ import annotations

import re
from typing import get_args

from source_tree import ROOT

from simulator.measures.figures import ENDS, FIGURES, HEADLINE, Better, Counted, Unit
from simulator.measures.reading import WORDS

PAGE = ROOT / "docs/measures.md"
ROW = re.compile(r"^\| `(\w+)` \| ([^|]+) \| ([^|]+) \| ([^|]*) \| ([^|]+) \| ([^|]+) \|$", re.M)
CONTRACT = """offered answered abandoned balked blocked rejected lost unfinished
service_level_ignore service_level_negative service_level_positive asa_s wait_mean_s wait_p50_s
wait_p90_s wait_p95_s wait_p99_s wait_max_s abandonment occupancy utilisation aht_s agents_mean
held_s ring_no_answer moves moved_share moves_back asked refused ewt_error_mean_s ewt_error_abs_s
trunk_used_mean trunk_used_most trunk_blocking waiting_mean waiting_most"""


def test_every_figure_that_others_ask_for_is_there() -> None:
    assert set(CONTRACT.split()) <= set(FIGURES)
    assert set(HEADLINE) | set(ENDS) <= set(FIGURES)


def test_every_figure_has_a_unit_a_way_and_a_place() -> None:
    for figure in FIGURES.values():
        assert figure.unit in get_args(Unit) and figure.unit in WORDS
        assert figure.better in get_args(Better) and figure.counted in get_args(Counted)
        assert figure.title[0].isupper() and figure.meaning.endswith(".")


def test_seconds_end_in_s() -> None:
    for figure in FIGURES.values():
        assert (figure.unit in ("s", "agent_s")) == figure.name.endswith("_s"), figure.name


def test_titles_differ() -> None:
    assert len({figure.title for figure in FIGURES.values()}) == len(FIGURES)


def test_the_page_says_the_same() -> None:
    told = ROW.findall(PAGE.read_text(encoding="utf-8"))
    assert [row[0] for row in told] == list(FIGURES)
    for name, title, unit, better, counted, _ in told:
        figure = FIGURES[name]
        assert (title, unit, better.strip(), counted) == (
            figure.title,
            figure.unit,
            figure.better,
            figure.counted,
        ), name
