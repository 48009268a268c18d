"""Entries are what sites say of waiting calls; the order of messages changes no rank."""

from __future__ import annotations

from itertools import permutations

import pytest
from router_network import ask

from nirc.core.network_queue import NetworkQueue
from nirc.core.paths import CALLBACK
from nirc.core.settings import RouterSettings
from nirc.core.site_state import Change
from nrcli.wire.messages import WaitingCallReport


def waits(name: str, waited_s: float = 0.0, **fields: object) -> Change:
    values: dict[str, object] = {
        "call_id": f"c-{name}",
        "interaction_id": f"i-{name}",
        "queue": "sales",
        "service": "sales",
        "priority": 0,
        "entry_id": name,
    }
    report = WaitingCallReport(waited_s=waited_s, **(values | fields))  # type: ignore[arg-type]
    return Change(("waiting", report.call_id), None, report)


def gone(name: str) -> Change:
    return Change(("waiting", f"c-{name}"), None, None)


def queue_of(**limits: int) -> NetworkQueue:
    return NetworkQueue(RouterSettings(**limits))  # type: ignore[arg-type]


def order(queue: NetworkQueue) -> list[str]:
    (group,) = queue.groups()
    return [name for _, name in group.places]


@pytest.mark.parametrize("given", list(permutations([("a", 9.0), ("b", 5.0), ("c", 1.0)])))
def test_rank_is_time_waited_whatever_came_first(given: tuple[tuple[str, float], ...]) -> None:
    queue = queue_of()
    for name, waited_s in given:
        queue.changed("porto", [waits(name, waited_s)], 100.0)
    assert order(queue) == ["a", "b", "c"]


def test_a_late_message_makes_nobody_younger() -> None:
    queue = queue_of()
    queue.changed("porto", [waits("a", 10.0)], 100.0)
    queue.changed("porto", [waits("a", 10.0)], 103.0)
    entry = queue.get("a")
    assert entry is not None and entry.since_s == 90.0


def test_what_waits_at_its_site_alone_is_no_entry() -> None:
    queue = queue_of()
    assert queue.changed("porto", [waits("a", entry_id="")], 100.0) == []
    assert len(queue) == 0


def test_an_entry_ends_with_its_waiting_and_leaves_nothing() -> None:
    queue = queue_of()
    queue.changed("porto", [waits("a"), waits("b")], 100.0)
    assert queue.counts() == {"sales": 2} and queue.waiting_here("porto", "sales") == 2
    queue.changed("porto", [gone("a"), waits("b", entry_id="")], 101.0)
    assert (len(queue), queue.groups(), queue.counts()) == (0, [], {})


def test_the_same_call_under_a_new_entry_takes_the_place_of_the_old_one() -> None:
    queue = queue_of()
    queue.changed("porto", [waits("a", 5.0)], 100.0)
    queue.changed("porto", [waits("a", 6.0, entry_id="other")], 101.0)
    assert queue.get("a") is None
    entry = queue.of_call("porto", "c-a")
    assert entry is not None and (entry.id, entry.since_s) == ("other", 95.0)


def test_an_entry_that_comes_back_under_another_call_is_one_entry() -> None:
    queue = queue_of()
    queue.changed("porto", [waits("a")], 100.0)
    queue.changed("porto", [waits("a", call_id="c-back")], 101.0)
    assert len(queue) == 1 and order(queue) == ["a"]


def test_only_what_may_change_who_takes_the_call_is_news() -> None:
    queue = queue_of()
    assert [entry.id for entry in queue.changed("porto", [waits("a")], 100.0)] == ["a"]
    assert queue.changed("porto", [waits("a", 3.0)], 103.0) == []
    assert queue.changed("porto", [waits("a", 4.0, answered=True)], 104.0)


def test_the_question_is_the_one_that_the_origin_would_ask() -> None:
    queue = queue_of()
    told = {"trunk_group": "carrier", "ani": "+351", "moves_count": 1, "refused_targets": ("faro",)}
    queue.changed("porto", [waits("a", 8.0, **told)], 100.0)
    entry = queue.get("a")
    assert entry is not None
    asked = entry.request("r9", 102.0, ["braga"])
    assert (asked.request_id, asked.waited_s, asked.entry_id) == ("r9", 10.0, "a")
    assert (asked.trunk_group, asked.ani, asked.moves_count) == ("carrier", "+351", 1)
    assert asked.refused_targets == ("faro", "braga")


@pytest.mark.parametrize(
    ("limits", "told"),
    [
        ({"queue_entries_max": 2}, "it is full"),
        ({"queue_entries_per_site_max": 2}, "full for this site"),
        ({"queue_entries_per_service_max": 2}, "full for this service"),
    ],
)
def test_over_a_bound_no_more_come_and_those_who_are_in_stay(
    limits: dict[str, int], told: str
) -> None:
    queue = queue_of(**limits)
    queue.changed("porto", [waits("a")], 100.0)
    assert queue.refuses("porto", ask("r1"), 100.0) == ""
    assert told in queue.refuses("porto", ask("r2"), 101.0), "r1 is counted before it is reported"
    assert queue.refuses("porto", ask("r3", entry_id="a"), 101.0) == ""
    assert queue.refuses("porto", ask("r4"), 106.0) == "", "r1 never came"


def test_a_site_of_an_older_version_has_no_entries() -> None:
    queue = queue_of()
    queue.link_up("porto", 2)
    assert "older version" in queue.refuses("porto", ask(), 100.0)
    queue.link_up("porto", 3)
    assert queue.refuses("porto", ask(), 100.0) == ""


def called_back(name: str, state: str, **fields: object) -> Change:
    known = {"entry_id": "", "callback_state": state, "ani": "+351911111111", "call_id": name}
    return waits(name, 9.0, **(known | fields))


def test_a_callback_is_an_entry_that_is_matched_only_while_it_is_due() -> None:
    queue = queue_of()
    (entry,) = queue.changed("porto", [called_back("cb-1", "due")], 100.0)
    assert (entry.id, entry.group.callback, entry.group.trunk_group) == ("cb-1", "due", CALLBACK)
    assert entry.request("r1", 100.0).callback and entry.group.question().callback
    assert queue.callback_counts() == {"sales": 1} and queue.counts_by_site() == {"porto": 1}
    for state in ("resting", "dialing"):
        (entry,) = queue.changed("porto", [called_back("cb-1", state)], 101.0)
        assert entry.group.callback == "resting" and len(queue) == 1
    assert entry.since_s == 91.0, "with its rank"
    queue.changed("porto", [Change(("waiting", "cb-1"), None, None)], 102.0)
    assert len(queue) == 0 and queue.callback_counts() == {}
