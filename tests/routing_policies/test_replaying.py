"""Another policy than the one that decided is found out; the right one stands in tests/replays."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from decision_replay import policy_of

from routing_policies.replaying import can_be_replayed, differences, recorded

DECISIONS: list[dict[str, Any]] = json.loads(
    (Path("tests") / "replays" / "decisions.json").read_text(encoding="utf-8")
)
RANKED = next(one for one in DECISIONS if len(recorded(one["record"]).ranked) > 1)


def changed(place: str, value: Any) -> list[str]:
    record = copy.deepcopy(RANKED["record"])
    record["replay"][place] = value
    return differences(record, policy_of(RANKED["policy_text"], record["policy_version"]))


def test_the_same_numbers_give_the_same_answer() -> None:
    assert changed("rows", RANKED["record"]["replay"]["rows"]) == []


def test_other_places_are_told() -> None:
    rows = [[site + "x", queue] for site, queue in RANKED["record"]["replay"]["rows"]]
    assert any(one.startswith("order: was") for one in changed("rows", rows))


@pytest.mark.parametrize("number", range(0, len(DECISIONS), 7))
def test_another_policy_answers_otherwise_or_the_same_and_never_breaks(number: int) -> None:
    other = DECISIONS[(number + 3) % len(DECISIONS)]
    record = DECISIONS[number]["record"]
    try:
        told = differences(record, policy_of(other["policy_text"], 1))
    except KeyError as error:
        pytest.fail(f"a missing column is no crash: {error}")
    assert isinstance(told, list)


def test_without_a_note_nothing_can_be_replayed() -> None:
    assert can_be_replayed(RANKED["record"]) and not can_be_replayed({"replay": None})
