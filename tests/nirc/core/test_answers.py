"""The first answer stands, for a while."""

from __future__ import annotations

from nirc.core.answers import Answers
from nirc.core.settings import RouterSettings
from nrcli.wire.messages import NO_EPOCH, RouteAnswer, RouteOutcome


def answer(request_id: str, reason: str = "", domain: str = "default") -> RouteAnswer:
    return RouteAnswer(
        domain=domain,
        epoch=NO_EPOCH,
        request_id=request_id,
        outcome=RouteOutcome.STAY,
        reason=reason,
    )


def test_the_first_answer_stands_until_its_time_is_over() -> None:
    answers = Answers(RouterSettings(answers_kept_s=10.0))
    answers.keep("lisbon", answer("r", "first"), 1.0)
    answers.keep("lisbon", answer("r", "second"), 2.0)
    kept = answers.get("r")
    assert kept is not None
    assert kept.answer.reason == "first"
    answers.sweep(10.9)
    assert len(answers) == 1
    answers.sweep(11.0)
    assert answers.get("r") is None


def test_bounded_and_forgotten_by_domain() -> None:
    answers = Answers(RouterSettings(answers_kept_max=2))
    for request_id in "abc":
        answers.keep("lisbon", answer(request_id), 1.0)
    assert answers.get("a") is None
    answers.keep("lisbon", answer("d", domain="second"), 1.0)
    answers.forget("default")
    assert answers.get("d") is not None
    assert len(answers) == 1
