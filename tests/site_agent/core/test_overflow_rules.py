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


def test_the_sites_own_rules_are_looked_at_last() -> None:
    assert verdict(make(), **GOOD, wanted=lambda: False) is Verdict.RULED_OUT
    seen: list[str] = []

    def wanted() -> bool:
        seen.append("asked")
        return True

    assert verdict(make(), **(GOOD | {"ready_count": 1}), wanted=wanted) is Verdict.LOOK_AGAIN
    assert seen == []


def test_a_caller_held_back_from_own_agents_has_none_ready() -> None:
    call = make()
    call.held_back = True
    assert verdict(call, **(GOOD | {"ready_count": 3})) is Verdict.ASK


def test_what_nirc_said_about_waiting_is_kept() -> None:
    call = make()
    call.not_before_s = 11.0
    assert verdict(call, **GOOD) is Verdict.LOOK_AGAIN
    assert verdict(call, **(GOOD | {"now_s": 11.0})) is Verdict.ASK
