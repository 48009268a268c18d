import json
from collections import Counter

from site_agent.phones.plan import Door, LoadSettings, plan_calls

DOORS = (
    Door(site="lisbon", trunk_group="carrier", address=("127.0.0.1", 5061), weight=3.0),
    Door(site="porto", trunk_group="carrier", address=("127.0.0.1", 5071), weight=1.0),
)
LOAD = LoadSettings(calls=400, over_s=60.0, doors=DOORS, dialed=(("+351210000001", 1.0),))


def test_the_same_seed_gives_the_same_plan_and_another_seed_another() -> None:
    assert plan_calls(LOAD, 7) == plan_calls(LOAD, 7)
    assert plan_calls(LOAD, 7) != plan_calls(LOAD, 8)


def test_calls_are_sorted_by_time_and_stay_within_the_length() -> None:
    instants = [call.at_s for call in plan_calls(LOAD, 1)]
    assert instants == sorted(instants)
    assert 0 <= instants[0] <= instants[-1] <= LOAD.over_s


def test_busy_doors_get_their_share() -> None:
    by_site = Counter(call.door.site for call in plan_calls(LOAD, 1))
    assert 2.0 < by_site["lisbon"] / by_site["porto"] < 4.5


def test_only_calls_from_the_ivr_carry_data_and_no_two_calls_share_an_id() -> None:
    calls = plan_calls(LOAD, 3)
    assert {bool(call.data) for call in calls if call.from_ivr} == {True}
    assert {bool(call.data) for call in calls if not call.from_ivr} == {False}
    assert len({call.interaction_id for call in calls}) == len(calls)
    assert json.loads(next(call.data for call in calls if call.from_ivr))["call"] > 0


def test_one_more_door_changes_nobodys_patience() -> None:
    more = LoadSettings(
        calls=LOAD.calls,
        over_s=LOAD.over_s,
        doors=(*DOORS, Door(site="faro", trunk_group="pbx", address=("127.0.0.1", 5081))),
        dialed=LOAD.dialed,
    )
    patience = [call.patience_s for call in plan_calls(LOAD, 5)]
    assert patience == [call.patience_s for call in plan_calls(more, 5)]
