"""The outcome names the answer it is about, and no more than was said."""

from site_playbook import move_answer

from nrcli.wire.messages import MoveOutcome, TransferMethod
from site_agent.core.answer_outcomes import outcome_of


def test_the_answer_is_named() -> None:
    answer = move_answer("r1", TransferMethod.REFER)
    told = outcome_of(answer, MoveOutcome.REFUSED, sip_status=404)
    assert (told.request_id, told.token, told.target_site) == ("r1", answer.token, "porto")
    assert (told.method, told.sip_status, told.through_carrier) == (None, 404, False)
