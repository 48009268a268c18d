"""A call's stay at a site."""

from span_lines import OFFSET_S, SESSION, TOKEN, all_spans, ended, hold, line, of_call, offered
from span_lines import spans_of as spans

from nrcli.telemetry.call_traces import Side, call_span, hold_span, move_span


def arriving(verdict: str, at_s: float = 2.0, call: str = "c2"):
    more = {"verdict": verdict, "invite": "x", "trunk_group": "network", "token": TOKEN}
    return of_call(at_s, "call_arriving", call, **more)


def test_a_call_that_is_served_at_home() -> None:
    found = spans(
        offered(1.0),
        of_call(2.0, "call_answered"),
        of_call(3.0, "announcement", name="patience"),
        of_call(5.0, "call_connected", agent="ana"),
        ended(9.0),
    )
    call, talk = found["call"], found["talk"]
    assert f"{call.trace:032x}" == SESSION and call.parent == 0
    assert call.id == call_span("lisbon", "c1") and talk.parent == call.id
    assert (call.began_unix_s, call.ended_unix_s) == (OFFSET_S + 1.0, OFFSET_S + 9.0)
    assert (talk.began_unix_s, talk.ended_unix_s) == (OFFSET_S + 5.0, OFFSET_S + 9.0)
    assert [event.name for event in call.events] == ["call_answered", "announcement"]
    assert call.attributes["nirc.released_by"] == "caller"
    assert "ana" not in str(found)


def test_a_moved_caller_is_a_child_of_the_move() -> None:
    call = spans(arriving("accepted"), ended(9.0, "c2"), site="porto")["call"]
    assert call.parent == move_span(TOKEN) and call.side is Side.SERVER
    assert TOKEN not in str(call)


def test_an_arrival_that_is_refused_ends_at_once() -> None:
    call = spans(arriving("refused"), site="porto")["call"]
    assert call.problem and call.began_unix_s == call.ended_unix_s


def test_an_unknown_token_belongs_to_no_call() -> None:
    unknown = line(2.0, "call_arriving", call="c2", token="x", verdict="refused", interaction="")
    assert not all_spans(unknown)


def test_who_came_back_is_a_child_of_their_first_stay() -> None:
    first, back = all_spans(
        offered(1.0), ended(2.0, by="moved"), arriving("returned", 3.0), ended(4.0, "c2")
    )
    assert back.parent == first.id


def test_a_caller_who_is_passed_on_waits_again() -> None:
    found = all_spans(
        offered(1.0),
        of_call(2.0, "call_connected", agent="ana"),
        of_call(3.0, "transfer_begun", agent="ana", service="billing", number="+351912345678"),
        offered(3.0),
        of_call(4.0, "call_connected", agent="rui"),
        ended(9.0),
    )
    assert [span.name for span in found] == ["talk", "talk", "call"]
    assert len({span.id for span in found}) == 3
    assert [event.name for event in found[-1].events] == ["transfer_begun", "call_offered"]
    assert "+3519" not in str(found)


def test_a_call_of_before_goes_on() -> None:
    more = {"agent": "ana", "token": TOKEN}
    call = spans(of_call(1.0, "call_resumed", **more), ended(9.0))["call"]
    assert call.attributes["nirc.resumed"] is True and call.parent == move_span(TOKEN)


def test_who_is_called_back_is_a_child_of_what_was_held() -> None:
    dialed = of_call(2.0, "callback_dialed", "c3", token=TOKEN, agent="dora", expires_s=9.0)
    found = spans(hold(1.0), dialed, offered(3.0, "c3"), ended(9.0, "c3"), site="porto")
    assert found["call"].parent == hold_span(TOKEN)
    own = of_call(2.0, "callback_dialed", "c3", token="", agent="ana", expires_s=9.0)
    first, again = all_spans(offered(), ended(1.5), own, offered(3.0, "c3"), ended(9.0, "c3"))
    assert again.parent == first.id
