"""One decision in whole sentences."""

import pytest
from told_calls import candidate, decision

from nrcli.explaining.decision_words import decision_told, ended_told, rules_told

OUTCOMES = (
    *("move", "stay", "act_locally", "announce", "retry_after", "reject", "callback", "to_handler"),
    *("network_queue", "cancelled", "deadline", "not_leading", "redirect", "redirect_default"),
)


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_every_outcome_is_a_sentence(outcome: str) -> None:
    told = ended_told(
        decision(outcome, announcement="a1", handler="voicemail", retry_after_s=5.0, took_s=0.0)
    )
    assert told.endswith(".") and "  " not in told
    assert "_" not in told and "ended as" not in told


@pytest.mark.parametrize(
    ("fate", "words"),
    [
        ("decided", "Rule r decided: its condition `x > 1` held."),
        ("not now", "Rule r did not apply: its condition `x > 1` did not hold."),
        ("asleep", "Rule r did not apply: it sleeps until its threshold is passed."),
        ("nobody", "Rule r applied, but found nobody who could take the call."),
        (
            "handler mail: closed by night",
            "Rule r could not be used: handler mail: closed by night.",
        ),
        ("failed: 1/0", "r went wrong (1/0); the built-in policy decided."),
    ],
)
def test_every_fate_of_a_rule(fate: str, words: str) -> None:
    assert words in rules_told(decision(rules=(("r", fate),)), {"r": "x > 1"})


def test_why_no_rule_decided() -> None:
    spent = decision("stay", rules=(), reason="hop budget: moved too often", candidates=())
    assert rules_told(spent, {})[-1] == "None of its rules was tried: hop budget: moved too often."
    full = decision("act_locally", policy="", rules=(), reason="too many requests at once")
    assert rules_told(full, {}) == ["No policy was asked: too many requests at once."]
    held = decision(rules=(("held-before", "decided"),))
    assert "an earlier leader" in rules_told(held, {})[1]
    last = decision("stay", rules=(("r", "not now"),), reason="otherwise")
    assert rules_told(last, {})[-1] == "No rule applied, so its `otherwise` decided."


def test_controls_in_force_are_told_and_the_one_that_decided_once() -> None:
    off, freeze = "control c1: path off, by ana: storm", "control c2: freeze, by ana: storm"
    told = decision_told(decision(controls=(off,)), {}).sentences
    assert told[1] == f"An emergency {off} was in force."
    frozen = decision("stay", rules=(), reason=freeze, controls=(freeze,), candidates=())
    assert sum(freeze in one for one in decision_told(frozen, {}).sentences) == 1


def test_of_very_many_losers_some_are_told_and_all_are_in_the_table() -> None:
    lost = [candidate(f"s{n}", lost="closed") for n in range(30)]
    told = decision_told(decision(candidates=lost), {})
    assert len(told.candidates) == 30
    assert "22 more places lost as well." in told.sentences


def test_names_are_never_taken_for_markup_and_old_records_say_less() -> None:
    told = decision_told(
        decision(call=(), at_unix_s=0.0, candidates=[candidate("<b>", lost="")], took_s=0.0), {}
    )
    assert told.sentences[0] == "lisbon asked NIRC where the call could be served."
    assert told.candidates[0].why.startswith("Best was queue sales at <b>")


def test_a_decision_under_a_control_says_so() -> None:
    told = decision_told(decision("stay", controls=("control c1: freeze of all",)), {})
    assert told.sentences[1] == "An emergency control c1: freeze of all was in force."


def test_figures_name_request_and_epoch() -> None:
    figures = decision_told(decision(), {}).figures
    assert figures[0].startswith("call ") and "moved to porto" in figures[0]
    assert figures[-1] == "request r1.0, decided by n1 with epoch 1.10"
