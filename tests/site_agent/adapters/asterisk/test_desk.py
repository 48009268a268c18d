"""The books: positions by age, trunk groups by endpoint, ids of questions, changes once a turn."""

from asterisk_site import SETTINGS

from site_agent.adapters import base
from site_agent.adapters.asterisk.asterisk_protocol import action
from site_agent.adapters.asterisk.desk import ASKED_MAX, Desk, Say
from site_agent.adapters.asterisk.state import Call, Place


def desk() -> Desk:
    made = Desk(SETTINGS, lambda: "id")
    made.connected = True
    return made


def waits(made: Desk, name: str, at_s: float, place: Place = Place.QUEUED) -> Call:
    call = Call(name, name, "PJSIP/carrier-1", "carrier")
    call.queue, call.offered_at_s, call.place = "sales", at_s, place
    made.calls[name] = made.channels[name] = call
    return call


def test_the_position_is_counted_among_those_in_the_queue() -> None:
    made = desk()
    waits(made, "a", 1.0)
    waits(made, "moving", 2.0, Place.MOVING)
    waits(made, "rung", 3.0, Place.RINGING)
    late = waits(made, "late", 9.0)
    assert made.position(waits(made, "x", 4.0)) == "3"
    assert made.position(late) == "4"
    late.head = True
    assert made.position(late) == "1"
    assert len(made.waiting("sales")) == 5


def test_the_endpoint_names_the_trunk_group_before_the_dialplan_does() -> None:
    made = desk()
    assert made.trunk_group_of("PJSIP/carrier-0000001", "other") == "carrier"
    assert made.trunk_group_of("Local/x@y;1", "carrier") == "carrier"
    assert made.trunk_group_of("Local/x@y;1", "unknown") == ""


def test_questions_are_remembered_and_bounded() -> None:
    made = desk()
    first = made.ask("held", "h1")
    assert made.asked(first, keep=True) == made.asked(first) == ("held", "h1")
    assert made.asked(first) == ("", "")
    oldest = made.ask("held", "h2")
    for _ in range(ASKED_MAX):
        made.ask("redirect", "c")
    assert made.asked(oldest) == ("", "")


def test_nothing_is_said_without_a_line_and_changes_are_told_once() -> None:
    made = desk()
    made.say(action("Ping"))
    made.connected = False
    made.say(action("Ping"))
    made.touched_queues.update({"sales", "unknown"})
    made.touched_trunks.add("carrier")
    out = made.take_out()
    assert [type(one) for one in out] == [Say, base.QueueChanged, base.TrunkChanged]
    made.touched_queues.add("sales")
    assert made.take_out() == []
