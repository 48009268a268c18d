"""What the outcome of a failed move is called."""

import pytest
from site_playbook import move_answer

from nrcli.wire.messages import MoveOutcome
from site_agent.core.calls import Call
from site_agent.core.moves import Move, outcome_of


@pytest.mark.parametrize(
    ("status", "silent", "outcome"),
    [
        (486, False, MoveOutcome.BUSY),
        (480, False, MoveOutcome.NO_ANSWER),
        (603, False, MoveOutcome.REFUSED),
        (0, True, MoveOutcome.TIMEOUT),
        (202, False, MoveOutcome.ERROR),
    ],
)
def test_outcomes(status: int, silent: bool, outcome: MoveOutcome) -> None:
    call = Call(call_id="c", interaction_id="i", service="s", queue="q", offered_at_s=0.0)
    move = Move(call, move_answer("r"), 0.0)
    move.sip_status, move.was_silent = status, silent
    assert outcome_of(move) is outcome
    call.agent = "anna"
    assert outcome_of(move) is MoveOutcome.SERVED_AT_HOME
