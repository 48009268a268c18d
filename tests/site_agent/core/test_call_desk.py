"""Each call from offer to end."""

from site_playbook import led, offered

from nrcli.wire import messages as msg
from site_agent.adapters import base
from site_agent.core.actions import TellCti
from site_agent.core.events import DataHandedIn


def test_offer_connect_end_are_written_and_recorded() -> None:
    play = led().event(offered())
    assert play.lines("call_offered")[0]["interaction"] == "i-c1"
    play.event(base.CallConnected(call_id="c1", agent="anna", queue="sales"))
    assert play.lines("agent_call")[0]["agent"] == "anna"
    assert play.one(TellCti).kind == "screen_pop"
    play.event(base.CallEnded(call_id="c1", released_by="agent", agent="anna"), at_s=110.0)
    assert play.lines("agent_free") and play.lines("call_ended")
    record = play.sent(msg.CallLegRecord)[0]
    assert (record.released_by, record.talked_s > 0) == ("agent", True)
    assert play.daemon.view(110.0).calls == ()


def test_data_handed_in_reaches_nirc_and_the_agent() -> None:
    play = led().event(offered(data=b'{"a":1}'))
    play.event(base.CallConnected(call_id="c1", agent="anna", queue="sales"))
    play.event(DataHandedIn(call_id="c1", data=b'{"b":2}'))
    assert play.sent(msg.DataPut)[0].data == b'{"a":1,"b":2}'
    assert play.one(base.GiveData).data == b'{"a":1,"b":2}'


def test_bad_data_is_dropped_and_the_call_goes_on() -> None:
    play = led().event(offered(data=b"nonsense"))
    assert play.sent(msg.RouteRequest)[0].data_version == 0
    assert play.daemon.view(play.now_s).alarms[0].code == "data_refused"


def test_unknown_calls_change_nothing() -> None:
    play = led()
    play.event(base.CallEnded(call_id="?", released_by="caller"))
    play.event(base.CallConnected(call_id="?", agent="anna", queue="sales"))
    play.event(base.CallAnswered(call_id="?"))
    play.event(DataHandedIn(call_id="?", data=b"{}"))
    assert play.left == []


def test_a_second_offer_of_a_call_changes_nothing() -> None:
    play = led().event(offered()).event(offered())
    assert not play.lines("call_offered")


def test_what_the_caller_hears_is_written() -> None:
    play = led().event(offered())
    play.event(base.CallSilent(call_id="?", silent=True))
    play.event(base.CallAnswered(call_id="c1"))
    assert [line["interaction"] for line in play.lines("call_answered")] == ["i-c1"]
    assert not play.event(base.CallAnswered(call_id="c1")).lines("call_answered")
    play.event(base.CallSilent(call_id="c1", silent=True))
    assert len(play.lines("silence_begun")) == 1 and not play.lines("silence_ended")
    play.event(base.CallSilent(call_id="c1", silent=False))
    assert len(play.lines("silence_ended")) == 1
