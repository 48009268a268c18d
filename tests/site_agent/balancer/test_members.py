"""Who gets a call or a log-in, and who is there."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from site_agent.balancer.members import Members, Standing
from site_agent.balancer.settings import BalancerSettings, MemberSettings

SETTINGS = BalancerSettings(name="lisbon", doors=())
ONE = MemberSettings(name="one", addresses={"carrier": ("10.0.0.1", 5060)})
TWO = MemberSettings(name="two", addresses={"carrier": ("10.0.0.2", 5060)}, weight=3)
THREE = MemberSettings(name="three", addresses={"phones": ("10.0.0.3", 5060)})


@pytest.fixture
def members() -> Members:
    found = Members(SETTINGS, [ONE, TWO, THREE])
    for one in found:
        found.answered(one, 200)
    return found


def names(members: Members, count: int, but: str = "") -> list[str]:
    chosen = (members.for_call("carrier", but) for _ in range(count))
    return [one.settings.name for one in chosen if one is not None]


def test_calls_go_round_by_weight_and_not_in_rows(members: Members) -> None:
    assert names(members, 8) == ["two", "one", "two", "two", "two", "one", "two", "two"]


def test_a_member_without_the_door_gets_nothing_from_it(members: Members) -> None:
    assert "three" not in names(members, 40)


def test_an_agent_comes_back_to_the_same_member_and_all_are_shared(members: Members) -> None:
    agents = [f"agent{number}" for number in range(2000)]

    def homes() -> dict[str, str]:
        found = {name: members.for_agent("carrier", name) for name in agents}
        return {name: one.settings.name for name, one in found.items() if one is not None}

    before = homes()
    assert homes() == before
    assert 0.20 < Counter(before.values())["one"] / 2000 < 0.30, "a quarter of the weight"
    members.use([ONE, TWO, replace(THREE, addresses={"carrier": ("10.0.0.3", 5060)})])
    moved = {name for name, home in homes().items() if home != before[name]}
    assert {homes()[name] for name in moved} == {"three"}, "nobody moves between the others"


def test_who_drains_is_down_or_takes_no_calls_gets_none(members: Members) -> None:
    one, two, _three = list(members)
    members.use([ONE, replace(TWO, draining=True)])
    assert set(names(members, 4)) == {"one"}
    members.use([ONE, TWO])
    members.answered(two, 503)
    assert two.standing is Standing.BUSY
    assert set(names(members, 4)) == {"one"}
    members.answered(two, 200)
    for _ in range(SETTINGS.probes_missed_max):
        members.not_answered(one)
    assert set(names(members, 4)) == {"two"}
    for _ in range(SETTINGS.probes_missed_max):
        members.not_answered(two)
    assert names(members, 1) == []


def test_calls_that_get_no_answer_at_all_bring_a_member_down(members: Members) -> None:
    one = next(iter(members))
    members.kept_silent(one)
    members.said(one)
    members.kept_silent(one)
    assert one.standing is Standing.UP
    members.kept_silent(one)
    assert one.standing is Standing.DOWN
    members.answered(one, 200)
    assert one.standing is Standing.UP


def test_another_than_the_one_that_failed_is_tried_if_there_is_one(members: Members) -> None:
    assert names(members, 3, but="two") == ["one"] * 3
    members.use([TWO])
    assert names(members, 1, but="two") == ["two"]


def test_what_is_known_of_members_that_stay_is_kept(members: Members) -> None:
    assert members.use([TWO]) == ["one", "three"]
    assert next(iter(members)).standing is Standing.UP
    assert members.speaks("udp", ("10.0.0.2", 5060))
    assert not members.speaks("udp", ("10.0.0.2", 5061))
    assert members.speaks("tcp", ("10.0.0.2", 40000))
    assert not members.speaks("tcp", ("10.0.0.1", 40000))
