"""What is marked is looked at once a turn; what differs is written, and no more."""

from typing import Any

import pytest

from site_agent.core.actions import JournalDrop, JournalPut
from site_agent.core.journal import Journal


def joined(values: dict[str, Any], kind: str = "hold") -> Journal:
    journal = Journal()
    journal.join({kind: values.get})
    return journal


def test_only_what_differs_is_written() -> None:
    values: dict[str, Any] = {"t": {"state": "live"}}
    journal = joined(values)
    journal.begin(())
    journal.mark("reservation", "t")
    journal.mark("hold", "t")
    journal.mark("queue", "sales")
    journal.mark("hold", "")
    (put,) = journal.take()
    assert put == JournalPut(kind="hold", key="t", value={"state": "live"})
    journal.mark("hold", "t")
    assert journal.take() == []
    del values["t"]
    journal.mark("hold", "t")
    assert journal.take() == [JournalDrop(kind="hold", key="t")]
    assert len(journal) == 0


def test_without_a_journal_to_read_none_is_kept() -> None:
    journal = joined({"t": {"state": "live"}})
    journal.mark("hold", "t")
    assert journal.take() == []


def test_what_was_read_is_on_disk_already_and_what_is_gone_is_dropped() -> None:
    journal = joined({"t": {"state": "live"}})
    journal.begin([("hold", "t", {"state": "live"}), ("hold", "old", {}), ("acd_call", "c", {})])
    assert journal.take() == [JournalDrop(kind="hold", key="old")]


@pytest.mark.parametrize(
    ("kind", "before", "after", "sync"),
    [
        ("hold", None, {"state": "live"}, False),
        ("hold", {"state": "live"}, {"state": "taken"}, False),
        ("hold", {"state": "live"}, {"state": "cancelled"}, True),
        ("move", None, {"state": "referring"}, True),
        ("move", {"state": "referring"}, {"state": "taken"}, False),
        ("tombstone", None, {}, True),
        ("call", None, {}, False),
        ("hold", {"state": "live"}, {"state": "live", "dialed": "dialing"}, True),
        (
            "hold",
            {"state": "live", "dialed": "dialing"},
            {"state": "taken", "dialed": "answered"},
            True,
        ),
        (
            "hold",
            {"state": "live", "dialed": "dialing"},
            {"state": "lapsed", "dialed": "busy"},
            False,
        ),
        ("callback", None, {"state": "pledged"}, True),
        ("callback", {"state": "pledged"}, {"state": "due"}, False),
        ("callback", {"state": "holding"}, {"state": "dialing"}, True),
        ("callback", {"state": "dialing", "tries": 1}, {"state": "dialing", "tries": 2}, False),
        ("callback", {"state": "dialing"}, {"state": "resting"}, False),
    ],
)
def test_what_must_survive_a_power_cut(kind: str, before: Any, after: Any, sync: bool) -> None:
    journal = joined({"t": after}, kind)
    journal.begin([] if before is None else [(kind, "t", before)])
    journal.mark(kind, "t")
    (put,) = journal.take()
    assert isinstance(put, JournalPut) and put.sync is sync


def test_the_end_of_a_promise_to_call_back_survives_a_power_cut() -> None:
    values: dict[str, Any] = {}
    journal = joined(values, "callback")
    journal.begin([("callback", "cb-1", {"state": "dialing"})])
    assert journal.take() == [JournalDrop(kind="callback", key="cb-1", sync=True)]
