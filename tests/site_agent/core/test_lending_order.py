"""The site's own word that nothing is lent: with NIRC and without, and it ends by itself."""

import pytest
from site_playbook import held, led, reserve

from nrcli.wire import messages as msg
from site_agent.core.actions import ClearAlarm, RaiseAlarm
from site_agent.core.events import LendingRead, NodeSaid, WallTimeRead
from site_agent.core.lending_order import Order, order_of

AT = 1_000_000.0
OFF = Order(who="rui@porto", reason="fire drill", since_unix_s=AT, until_unix_s=AT + 60)


def read(text: str = OFF.text(), problem: str = "") -> LendingRead:
    return LendingRead(source="lending.json", text=text, problem=problem)


def lent(play):
    return play.daemon._parts.model.queue_report("sales")[0].shared


def asked(play):
    play.event(NodeSaid(node="n1", message=reserve("r9", agent="")))
    return play.sent(msg.ReserveRefused)


def test_nothing_is_lent_until_its_end_and_nodes_hear_of_it() -> None:
    play = led()
    play.event(WallTimeRead(unix_s=AT))
    assert lent(play)
    alarm = play.event(read()).one(RaiseAlarm)
    assert alarm.code == "lending_off" and "rui@porto: fire drill" in alarm.text
    assert not lent(play)
    (refused,) = asked(play)
    assert refused.reason is msg.ReserveRefusal.NOT_SHARED
    play.event(WallTimeRead(unix_s=AT + 1)).wait(1.0)
    reports = play.sent(msg.StateDelta)
    assert any(not one.shared for d in reports for one in d.entities if hasattr(one, "shared"))
    standing = [one for d in reports for one in d.standing]
    assert [(one.code, one.text) for one in standing[-1].alarms] == [
        ("lending_off", "this site lends nobody, by rui@porto: fire drill")
    ]
    play.event(WallTimeRead(unix_s=AT + 60))
    assert play.one(ClearAlarm).code == "lending_off" and lent(play)


def test_who_is_held_for_a_call_stays_held() -> None:
    play = led()
    token = held(play)
    play.event(WallTimeRead(unix_s=AT)).event(read())
    assert token in play.daemon._parts.holds.book.by_token
    assert play.daemon.view(play.now_s).holds_open_count == 1


def test_an_empty_file_lends_again_and_an_old_order_is_over_at_once() -> None:
    play = led()
    play.event(WallTimeRead(unix_s=AT)).event(read())
    play.event(read(""))
    assert play.one(ClearAlarm).code == "lending_off" and lent(play)
    play.event(WallTimeRead(unix_s=AT + 61)).event(read())
    assert lent(play)


@pytest.mark.parametrize(
    "text", ["{", "[]", "null", '{"lending": "off"}', OFF.text().replace("off", "on"), "[" * 9999]
)
def test_a_broken_file_changes_nothing_and_is_told(text: str) -> None:
    play = led()
    play.event(WallTimeRead(unix_s=AT)).event(read())
    alarm = play.event(read(text)).one(RaiseAlarm)
    assert alarm.code == "lending_unreadable" and "site-agent lending on" in alarm.text
    assert not lent(play), "it is as before"
    assert play.event(read()).one(ClearAlarm).code == "lending_unreadable"


def test_it_is_read_as_it_was_written() -> None:
    assert order_of(OFF.text()) == OFF and order_of(" \n") is None
    for_good = Order(who="rui", reason="x", since_unix_s=AT)
    assert order_of(for_good.text()) == for_good and not for_good.over(AT * 9)
