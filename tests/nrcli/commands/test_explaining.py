"""A call in plain words on a terminal. (Against a real network: test_explain.)"""

from told_calls import CALLER, decision, known, moved, served

from nrcli.commands.explaining import explanation_lines, told
from nrcli.explaining.story import explanation_of
from nrcli.wire.api_models import Candidate


def test_the_story_comes_first_and_the_figures_of_each_decision_after() -> None:
    found = known(decisions=[decision(mode="canary")], legs=[moved(), served()], recorded=False)
    lines = explanation_lines(explanation_of(CALLER, found))
    assert lines[0].startswith("A caller for sales rang lisbon")
    text = "\n".join(lines)
    shown = lines[: next(i for i, one in enumerate(lines) if one.startswith("call "))]
    assert max(map(len, shown)) <= 100
    assert text.index("Rule idle decided.") < text.index("policy default version 7, tried as")
    assert "  Not known: Records cannot be read" in text
    assert "decided by n1 with epoch 1.10 at 2027-01-15 12:00:01 UTC" in text
    assert lines[-1] == f"interaction {CALLER}"


def test_of_many_decisions_the_last_are_shown_in_figures() -> None:
    asked = [decision("stay", float(at_s)) for at_s in range(1, 10)]
    lines = explanation_lines(explanation_of(CALLER, known(decisions=asked)))
    assert "The last 5 of 9 decisions in figures:" in lines
    assert sum(one.startswith("call ") for one in lines) == 5


def test_one_decision_is_told_with_its_rules_and_losers() -> None:
    faro = Candidate(
        site="faro", queue="sales", value=0.0, age_s=0.4, lost_because="closed", rule="idle"
    )
    text = told(decision(candidates=(faro,), mode="canary", at_s=0.0))
    for words in (
        "moved to porto",
        "policy default version 7",
        "canary",
        "rule home: its condition did not hold",
        "faro/sales: closed (rule idle)",
        "decided by n1 with epoch 1.10 at 2027-01-15 12:00:00 UTC",
    ):
        assert words in text, text
