"""Questions, moves and holds."""

from span_lines import TOKEN, Line, all_spans, ended, hold, line, of_call, offered
from span_lines import spans_of as spans

from nrcli.telemetry.call_traces import (
    Side,
    decide_span,
    entry_span,
    hold_span,
    move_span,
    route_span,
)


def begun(at_s: float = 2.0) -> Line:
    more = {"request": "r1", "about": "", "entry": "", "deadline_s": 3.0, "ready_count": 0}
    return of_call(at_s, "request_begun", **more)


def answer(at_s: float = 2.1) -> Line:
    more = {"policy": "p", "version": 3, "decision": "d1", "reason": "idle elsewhere"}
    return line(at_s, "answer", request="r1", outcome="move", **more)


def started(at_s: float = 2.1, method: str = "refer") -> Line:
    more = {"token": TOKEN, "target": "porto", "limit_s": 9.0}
    return of_call(at_s, "move_started", method=method, **more)


def over(outcome: str = "arrived", at_s: float = 2.5) -> Line:
    more = {"token": TOKEN, "target": "porto", "method": "refer", "sip_status": 200}
    return of_call(at_s, "move_ended", outcome=outcome, **more)


def routed(at_s: float = 2.1, how: str = "routed", why: str = "move") -> Line:
    return of_call(at_s, "request_ended", request="r1", how=how, why=why)


def test_a_move_is_a_child_of_the_question_it_answers() -> None:
    found = spans(offered(), begun(), answer(), started(), routed(), over(), ended(2.5))
    call, route, move = found["call"], found["route"], found["move"]
    assert (route.id, route.parent, route.side) == (route_span("r1"), call.id, Side.CLIENT)
    assert route.attributes["nirc.decision"] == "d1" and route.attributes["nirc.how"] == "routed"
    assert (move.id, move.parent, move.side) == (move_span(TOKEN), route.id, Side.CLIENT)
    assert move.attributes["nirc.outcome"] == "arrived" and not move.problem
    assert TOKEN not in str(found)


def test_each_rung_is_an_event_of_the_one_move() -> None:
    found = spans(offered(), started(), started(2.2, method="bridge"), over("busy"), routed())
    methods = [event.attributes["nirc.method"] for event in found["move"].events]
    assert methods == ["refer", "bridge"] and found["move"].problem == "busy"


def test_a_question_that_failed() -> None:
    found = spans(offered(), begun(), routed(how="failed", why="deadline"))
    assert found["route"].problem == "deadline"


def test_an_agent_found_unasked_is_a_child_of_the_wait() -> None:
    more = {"entry": "e1", "service": "sales", "trunk_group": "carrier", "priority": 2}
    waits = of_call(2.2, "entry_begun", since_s=1.0, **more)
    overflowed = routed(2.2, how="overflowed", why="network_queue")
    found = spans(offered(), begun(), waits, overflowed, started(3.0), over(), ended(3.5))
    assert found["move"].parent == found["network queue"].id == entry_span("e1")
    assert found["network queue"].parent == found["call"].id


def test_under_the_peer_plan_nobody_was_asked() -> None:
    withdrawn = routed(2.0, how="local", why="no leader")
    found = spans(offered(), begun(1.5), withdrawn, started(), over(), ended(3.0))
    assert found["move"].parent == found["call"].id


def test_a_hold_is_a_child_of_the_leaders_decision() -> None:
    held = spans(hold(1.0), line(2.0, "hold_ended", token=TOKEN, agent="dora", why="used"))["hold"]
    assert (held.id, held.parent) == (hold_span(TOKEN), decide_span("r1", 1, 5))
    assert held.side is Side.SERVER and held.attributes["nirc.why"] == "used"
    assert "dora" not in str(held) and "+351" not in str(held) and TOKEN not in str(held)


def test_what_belongs_to_no_traced_call_is_left_out() -> None:
    probe = hold(1.0)
    probe[2]["interaction"] = ""
    assert not all_spans(probe, line(2.0, "hold_ended", token=TOKEN, agent="", why="used"))
    assert not all_spans(begun(), answer(), started(), routed(), over())
