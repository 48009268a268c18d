"""A winner is named only where there is one."""

import pytest

from simulator.measures.comparisons import Comparison
from simulator.measures.estimates import Estimate
from simulator.studies.answer import answer_of, replications_for


def one(figure: str, better: str = "", mean: float = 1.0, half: float = 0.5) -> Comparison:
    estimate = Estimate(mean, mean - half, mean + half, 5)
    return Comparison(
        figure=figure,
        kind="network",
        key="network",
        a=estimate,
        b=estimate,
        difference=estimate,
        p_value=0.01,
        p_holm=0.02 if better else 0.5,
        better=better,
        variance_reduction=None,
        verdict="",
    )


def test_one_is_better_where_all_that_differ_say_so() -> None:
    found = answer_of([one("asa_s", "new"), one("abandonment")])
    assert found.winner == "new"
    assert found.sure == pytest.approx(0.98)
    assert found.text == (
        "new is better on speed of answer; on abandonment no difference was shown"
    )


def test_better_on_one_and_worse_on_the_other_is_no_winner() -> None:
    found = answer_of([one("asa_s", "new"), one("abandonment", "old")])
    assert found.winner == ""
    assert "new on speed of answer; old on abandonment. Which counts more is yours" in found.text


def test_chance_names_nobody_and_says_how_many_would() -> None:
    found = answer_of([one("asa_s", mean=1.0, half=2.0)])
    assert found.winner == ""
    assert "about --replications 24 would" in found.text
    assert replications_for(one("asa_s", mean=0.0), 1) is None
    assert (replications_for(one("asa_s", mean=1.0, half=2.0), 5) or 0) > 24


def test_nothing_to_judge() -> None:
    assert "nothing that has a better way" in answer_of([one("moved_share")]).text
    assert "very same" in answer_of([one("asa_s", mean=0.0, half=0.0)]).text
    single = Estimate(1.0, None, None, 1)
    lonely = Comparison(
        figure="asa_s", kind="", key="", a=single, b=single, difference=single, p_value=None,
        p_holm=None, better="", variance_reduction=None, verdict="",
    )  # fmt: skip
    assert "one replication says nothing" in answer_of([lonely]).text
