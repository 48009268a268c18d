"""A site's own rules: taken whole, refused whole, kept within the guard rails."""

from site_playbook import led, reserve
from site_rules import read_rules, rules, told

from nrcli.wire import messages as msg
from site_agent.core.actions import ClearAlarm, RaiseAlarm
from site_agent.core.events import OverflowRulesRead

GOOD = rules("[{queue: sales, lend: {max_loan: 1, min_reserve: 2}}]")


def lent(play):
    report = play.daemon._parts.model.queue_report("sales")[0]
    return report.shared, report.max_loan, report.min_reserve


def test_a_good_file_says_what_is_lent_and_is_reported() -> None:
    play = led()
    assert lent(play) == (True, 2, 0)
    read_rules(play, GOOD).wait(1.0)
    assert lent(play) == (True, 1, 2)
    assert any(e.max_loan == 1 for d in play.sent(msg.StateDelta) for e in d.entities)


def test_a_broken_file_is_refused_with_line_and_caret_and_the_last_good_one_stays() -> None:
    play = read_rules(led(), GOOD)
    read_rules(play, GOOD.replace("max_loan: 1", "max_laon: 1"))
    alarm = play.one(RaiseAlarm)
    assert alarm.code == "overflow_rules_refused" and "rules.yaml:5:" in alarm.text
    assert "max_laon" in alarm.text and "^" in alarm.text and "last good rules stay" in alarm.text
    assert lent(play) == (True, 1, 2)
    assert "max_laon" in play.daemon.view(play.now_s).overflow_rules.problem
    assert read_rules(play, GOOD).one(ClearAlarm).code == "overflow_rules_refused"
    assert play.daemon.view(play.now_s).overflow_rules.problem == ""


def test_every_mistake_is_told_at_once() -> None:
    text = rules(
        '[{queue: sales, ask: [{name: a, when: "queue.ewt > 30"},'
        ' {name: b, when: "call.waited_s + queue.waiting_count > 3"}]}]'
    )
    alarm = read_rules(led(), text).one(RaiseAlarm)
    for words in ("did you mean queue.ewt_s", "only likes meet", "settings hold"):
        assert words in alarm.text, alarm.text
    assert len([line for line in alarm.text.splitlines() if set(line.strip()) == {"^"}]) == 2


def test_names_that_are_not_this_sites_are_refused_with_the_ones_that_are_meant() -> None:
    alarm = read_rules(led(), rules("[{queue: salse}]", site="porto")).one(RaiseAlarm)
    for words in ("did you mean sales?", "write lisbon"):
        assert words in alarm.text, alarm.text
    assert "one of sales" in read_rules(led(), rules("[{queue: xyz}]")).one(RaiseAlarm).text


def test_another_kind_and_an_unreadable_file_are_refused() -> None:
    play = led()
    other = "apiVersion: nirc/v1\nkind: Tenant\nmetadata: {name: x}\nspec: {}\n"
    assert "give OverflowRules" in read_rules(play, other).one(RaiseAlarm).text
    play.event(OverflowRulesRead(source="rules.yaml", problem="cannot be read: gone"))
    assert "cannot be read: gone" in play.one(RaiseAlarm).text


def test_guard_rails_clamp_and_tell_and_let_go() -> None:
    wide = rules(
        "[{queue: sales, requery_s: 2, lend: {max_loan: 0, min_reserve: 9,"
        " service_level_floor: 0.99}}]"
    )
    play = read_rules(led(), wide)
    assert lent(play) == (True, 0, 9)
    rails = (
        "  guard_rails: {requery_s_min: 4, max_loan_min: 1, max_loan_max: 5, min_reserve_max: 3,"
        " service_level_floor_max: 0.9}\n"
    )
    told(play, spec=rails)
    alarm = play.one(RaiseAlarm)
    assert alarm.code == "overflow_rules_clamped"
    for words in ("requery_s 2 -> 4", "max_loan 0 -> 1", "min_reserve 9 -> 3", "0.99 -> 0.9"):
        assert words in alarm.text, alarm.text
    assert lent(play) == (True, 1, 3)
    found = play.daemon._parts.rules
    assert (found.requery_s("sales"), found.service_level_floor("sales")) == (4, 0.9)
    assert len(play.daemon.view(play.now_s).overflow_rules.clamped) == 4
    assert told(play, revision=2).one(ClearAlarm).code == "overflow_rules_clamped"


def test_a_queue_not_shared_by_its_rules_lends_nothing_and_star_is_for_the_others() -> None:
    play = read_rules(led(), rules('[{queue: "*", lend: {shared: false}}]'))
    assert play.said(reserve()).sent(msg.ReserveRefused)[0].reason is msg.ReserveRefusal.NOT_SHARED
    read_rules(play, rules('[{queue: "*", lend: {shared: false}}, {queue: sales}]'))
    assert lent(play)[0]
