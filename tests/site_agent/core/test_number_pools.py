"""Numbers: lent to one at a time, rested, the longest idle first, and told before they run out."""

from __future__ import annotations

from number_plays import ONE, TWO, pool
from site_playbook import outbox

from site_agent.core.actions import RaiseAlarm
from site_agent.core.number_pools import EXHAUSTED, LOW, NumberPools
from site_agent.core.outbox import Outbox


def pools(**fields: object) -> tuple[NumberPools, Outbox, list[str]]:
    out, marked = outbox(), []
    found = NumberPools("lisbon", out, lambda kind, key: marked.append(f"{kind} {key}"))
    found.use([pool(**fields)])
    return found, out, marked


def test_each_number_is_lent_to_one_and_the_longest_idle_first() -> None:
    found, _, marked = pools(quarantine_s=60)
    assert [found.lend("network", f"h{i}", 10.0) for i in (1, 2, 3)] == [ONE, TWO, ""]
    assert found.lend("carrier", "h4", 10.0) == ""
    assert marked == [f"number {ONE}", f"number {TWO}"]
    found.rest(TWO, "h2", 20.0)
    found.rest(ONE, "h1", 21.0)
    found.rest(ONE, "h2", 90.0)  # of somebody else's hold: nothing
    assert found.lend("network", "h5", 79.9) == ""
    assert found.lend("network", "h5", 82.0) == TWO  # rested first
    assert found.lend("network", "h6", 82.0) == ONE


def test_a_number_nobody_was_told_of_is_free_at_once() -> None:
    found, _, _ = pools()
    assert found.lend("network", "h1", 10.0) == ONE
    found.unused(ONE, 10.1)
    assert found.lend("network", "h2", 10.2) == ONE
    found.unused("+1", 10.3)


def test_a_number_whose_caller_must_still_be_refused_is_not_lent_again() -> None:
    found, _, _ = pools(numbers=[ONE])
    found.lend("network", "h1", 10.0)
    found.rest(ONE, "h1", 11.0)
    found.still_refused = lambda hold_id, now_s: hold_id == "h1" and now_s < 200.0
    assert found.lend("network", "h2", 199.0) == ""
    assert found.lend("network", "h2", 200.0) == ONE


def test_one_that_was_lent_too_long_rests() -> None:
    found, _, _ = pools(hold_s=30)
    found.lend("network", "h1", 10.0)
    found.look(39.0)
    assert found.owner(ONE, "network").lent  # type: ignore[union-attr]
    found.look(40.0)
    assert not found.owner(ONE, "network").lent  # type: ignore[union-attr]
    assert found.owner(ONE, "carrier") is None and found.owner("+1", "network") is None


def test_exhaustion_is_told_before_it_happens_and_when_it_did() -> None:
    many = [f"+3512100000{i:02d}" for i in range(20)]
    found, out, _ = pools(numbers=many)
    for i in range(10):  # one each 3 s: twenty are away for 105 s each
        found.lend("network", f"h{i}", 10.0 + 3 * i)
        found.look(10.0 + 3 * i)
    assert (LOW, "moves") in out.alarms and (EXHAUSTED, "moves") not in out.alarms
    told = next(one for one in out.take() if isinstance(one, RaiseAlarm))
    assert "are used up in" in told.text and "nrcli pool size" in told.text
    for i in range(10, 21):
        found.lend("network", f"h{i}", 40.0)
    assert "are lent or rest" in found.why_none("network")
    assert (EXHAUSTED, "moves") in out.alarms
    shown = found.shown(40.0)[0]
    assert (shown.numbers_count, shown.lent_count, shown.lent_per_minute) == (20, 20, 20)
    for i in range(20):
        found.rest(many[i], f"h{i}", 50.0)
    found.look(200.0)
    assert out.alarms == {}
    assert found.why_none("isdn").startswith("no NumberPool of lisbon")


def test_a_steady_trickle_is_no_reason_for_alarm() -> None:
    found, out, _ = pools()
    found.lend("network", "h1", 10.0)
    found.look(11.0)
    assert out.alarms == {}


def test_pools_of_others_and_numbers_that_go() -> None:
    found, _, marked = pools()
    found.lend("network", "h1", 10.0)
    found.use([pool(site="porto")])
    assert len(found) == 0 and found.value(ONE) is None and found.straggler_service(ONE) == ""
    assert f"number {TWO}" in marked
    found.rest(ONE, "h1", 11.0)
    found.restore(ONE, {}, 0.0)


def test_what_is_kept_comes_back() -> None:
    old, _, _ = pools()
    old.lend("network", "h1", 10.0, to="porto", interaction="i1")
    old.lend("network", "h2", 10.0)
    old.rest(TWO, "h2", 11.0)
    new, _, _ = pools()
    for number in (ONE, TWO):
        new.restore(number, old.value(number) or {}, 100.0)
    new.restored(lambda hold_id: hold_id == "h1", 112.0, sure=True)
    whose = {"to": "porto", "interaction": "i1"}
    assert new.value(ONE) == {"hold": "h1", "lent": True, "until_s": 155.0} | whose
    rests = {"hold": "h2", "lent": False, "until_s": 171.0}
    assert new.value(TWO) == rests | {"to": "", "interaction": ""}
    new.restore(TWO, rests, 0.0)  # of a journal of the version before
    assert new.lend("network", "h3", 113.0) == ""


def test_where_the_journal_is_not_sure_every_number_rests_first() -> None:
    new, _, _ = pools(quarantine_s=60)
    new.restored(lambda hold_id: False, 100.0, sure=False)
    assert new.lend("network", "h1", 159.0) == ""
    assert new.lend("network", "h1", 160.0) == ONE


def test_it_is_shown_which_number_is_lent_to_whom_and_who_found_none() -> None:
    found, _, _ = pools(quarantine_s=60, hold_s=30)
    assert found.look(9.0) and not found.look(9.5)
    found.lend("network", "h1", 10.0, to="porto", interaction="i1")
    found.lend("network", "h2", 10.0, to="faro")
    found.rest(ONE, "h1", 20.0)
    assert found.look(20.0) and not found.look(20.5)
    assert found.lend("network", "h3", 25.0, to="faro") == ""
    assert found.look(25.0)
    (shown,) = found.shown(30.0)
    assert (shown.trunk_group, shown.numbers_count, shown.lent_count) == ("network", 2, 1)
    assert (shown.refused_count, shown.refused_for_s, shown.refused_to) == (1, 5.0, "faro")
    told = [(one.number, one.resting, one.lent_to, one.back_in_s) for one in shown.numbers]
    assert told == [(TWO, False, "faro", 70.0), (ONE, True, "porto", 50.0)]
    assert shown.numbers[1].interaction_id == "i1"
