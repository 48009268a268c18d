"""The ACD says which calls stand; what only the journal knows is added."""

from restarted_play import begun, restarted, stands
from site_playbook import offered

from site_agent.adapters.base import CallAnswered, GiveData, SetAgeing
from site_agent.core.actions import WriteHistory


def test_a_call_that_only_the_acd_knows_is_taken_up_as_it_says() -> None:
    play = restarted(begun(), stands("c7", waited_s=4.0, ani="+351", priority=2))
    (call,) = play.daemon.view(play.now_s).calls
    assert (call.call_id, call.interaction_id, call.waited_s) == ("c7", "i-c7", 4.0)
    assert not play.all(SetAgeing)


def test_data_of_a_waiting_call_is_given_to_the_acd_again() -> None:
    old = begun().event(offered("c1", data=b'{"a":1}')).event(CallAnswered(call_id="c1"))
    assert restarted(old, stands()).one(GiveData).data == b'{"a":1}'


def test_a_start_is_written_before_all_else() -> None:
    play = restarted(begun())
    assert [line.kind for line in play.all(WriteHistory)] == ["site_started"]
