"""When NIRC is asked about a call."""

import pytest

from site_agent.core.calls import Call, CallState
from site_agent.core.overflow_rules import Verdict, verdict

GOOD = {"ready_count": 0, "leading_node": "n1", "asked": False, "full": False, "now_s": 10.0}


def make() -> Call:
    return Call(call_id="c", interaction_id="i", service="s", queue="q", offered_at_s=0.0)


def test_a_waiting_call_is_asked_about() -> None:
    assert verdict(make(), **GOOD) is Verdict.ASK


@pytest.mark.parametrize(
    "change",
    [{"ready_count": 1}, {"leading_node": ""}, {"asked": True}, {"full": True}],
)
def test_what_makes_it_wait(change: dict[str, object]) -> None:
    assert verdict(make(), **(GOOD | change)) is Verdict.LOOK_AGAIN


def test_what_is_never_asked_about() -> None:
    call = make()
    call.emergency = True
    assert verdict(call, **GOOD) is Verdict.LEAVE
    call = make()
    call.state = CallState.MOVING
    assert verdict(call, **GOOD) is Verdict.LEAVE


def test_a_foreign_caller_is_answered_here_before_they_are_moved_on() -> None:
    call = make()
    call.foreign = True
    assert verdict(call, **GOOD) is Verdict.LOOK_AGAIN
    call.answered = True
    assert verdict(call, **GOOD) is Verdict.ASK
