"""A target that spoke lately is not called unreachable."""

from site_playbook import moving, sign

from nrcli.wire.messages import CancelAnswer, CancelVerdict, TransferMethod
from site_agent.adapters.base import MoveSign, ProbeCaller, StartMove


def test_the_device_is_asked_only_when_the_target_is_silent() -> None:
    play = moving(TransferMethod.REFER)
    sign(play, MoveSign.SILENT, play.one(StartMove).move_id)
    answer = CancelAnswer(
        token="nirc-target", verdict=CancelVerdict.TAKEN, from_site="porto", to_site="lisbon"
    )
    play.wait(32.0).said(answer)
    assert not play.wait(4.0).all(ProbeCaller)
    assert play.wait(6.0).one(ProbeCaller)


def test_a_device_that_does_not_answer_is_gone() -> None:
    play = moving(TransferMethod.REFER)
    sign(play, MoveSign.SILENT, play.one(StartMove).move_id)
    play.wait(35.0)
    assert play.wait(10.1).lines("move_ended")[0]["outcome"] == "unresolved"
