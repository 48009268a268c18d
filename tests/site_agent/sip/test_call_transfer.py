"""The table of REFER outcomes is complete, and says what may be concluded."""

from itertools import product

import pytest

from site_agent.sip.call_transfer import (
    MOVES,
    VERDICTS,
    ReferSign,
    ReferState,
    Verdict,
    is_terminated,
    sign_of_answer,
    sign_of_notify,
    sipfrag_status,
    verdict,
)


def test_every_pair_is_listed() -> None:
    assert set(MOVES) == set(product(ReferState, ReferSign))
    assert set(VERDICTS) == set(ReferState)


S = ReferSign


@pytest.mark.parametrize(
    ("signs", "expected"),
    [
        ([S.SENT], Verdict.WAIT),
        ([S.SENT, S.GOT_2XX, S.NOTIFY_1XX], Verdict.WAIT),
        ([S.SENT, S.GOT_2XX, S.NOTIFY_1XX, S.NOTIFY_2XX], Verdict.MOVED),
        ([S.SENT, S.NOTIFY_2XX, S.GOT_2XX], Verdict.MOVED),
        ([S.SENT, S.GOT_2XX, S.NOTIFY_FINAL], Verdict.REFUSED),
        ([S.SENT, S.GOT_REFUSAL], Verdict.REFUSED),
        ([S.SENT, S.GOT_CHALLENGE, S.GOT_CHALLENGE], Verdict.REFUSED),
        ([S.SENT, S.GOT_CHALLENGE, S.GOT_2XX, S.NOTIFY_2XX], Verdict.MOVED),
        ([S.SENT, S.NO_ANSWER], Verdict.ASK_TARGET),
        ([S.SENT, S.NO_ANSWER, S.NOTIFY_2XX], Verdict.MOVED),
        ([S.SENT, S.GOT_2XX, S.TERMINATED_UNREADABLE], Verdict.ASK_TARGET),
        ([S.SENT, S.GOT_2XX, S.DIALOG_GONE], Verdict.ASK_TARGET),
        ([S.SENT, S.GOT_2XX, S.NOTIFY_UNREADABLE], Verdict.WAIT),
        ([S.SENT, S.GOT_2XX, S.NOTIFY_2XX, S.DIALOG_GONE], Verdict.MOVED),
        ([S.SENT, S.GOT_REFUSAL, S.SENT], Verdict.WAIT),
    ],
)
def test_stories(signs: list[ReferSign], expected: Verdict) -> None:
    state = ReferState.NONE
    for sign in signs:
        state = MOVES[state, sign]
    assert verdict(state) is expected


def test_signs() -> None:
    assert sign_of_answer(202, has_credentials=False) is S.GOT_2XX
    assert sign_of_answer(407, has_credentials=True) is S.GOT_CHALLENGE
    assert sign_of_answer(407, has_credentials=False) is S.GOT_REFUSAL
    assert sign_of_answer(0, has_credentials=True) is S.NO_ANSWER
    assert sign_of_notify(503, terminated=True) is S.NOTIFY_FINAL
    assert sign_of_notify(100, terminated=True) is S.TERMINATED_1XX
    assert sign_of_notify(0, terminated=False) is S.NOTIFY_UNREADABLE


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"SIP/2.0 200 OK\r\n", 200),
        (b"SIP/2.0 100", 100),
        (b"\r\nsip/2.0 503 X\r\nTo: y\r\n", 503),
        (b"", 0),
        (b"SIP/2.0 2000 OK", 0),
        (b"SIP/2.0 abc", 0),
        (b"INVITE sip:x SIP/2.0", 0),
        (b"\xff\x00", 0),
    ],
)
def test_sipfrag(body: bytes, status: int) -> None:
    assert sipfrag_status(body) == status


def test_subscription_state() -> None:
    assert is_terminated("Terminated;reason=noresource")
    assert not is_terminated("active;expires=60")
    assert not is_terminated("")
