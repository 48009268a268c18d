"""Answers that are not used."""

from site_playbook import led, move_answer

from nrcli.wire import messages as msg
from nrcli.wire.messages import MoveOutcome


def decline(token: str):
    play = led()
    declined = play.daemon._parts.declined
    declined.is_ours = lambda found: found == "nirc-ours"
    declined.decline(move_answer("r", token=token), MoveOutcome.ERROR, play.now_s)
    play.wait(0.0)
    return play.daemon._parts.out.take()


def test_its_token_is_cancelled_and_the_leader_told() -> None:
    sent = [getattr(action, "message", None) for action in decline("nirc-target")]
    assert {type(message) for message in sent} >= {msg.Cancel, msg.TransferOutcome}


def test_a_token_in_use_and_an_answer_without_one_are_left_alone() -> None:
    assert decline("nirc-ours") == decline("") == []
