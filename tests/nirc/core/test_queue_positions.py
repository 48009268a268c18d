"""Positions are told to origins, with a range that holds what it says, and not too often."""

from __future__ import annotations

from playbook import Playbook
from router_network import FakeSite, documents, leading, policy_text, report

from nirc.core.settings import RouterSettings
from nirc.core.told_waits import ToldWaits
from nrcli.wire import messages as msg

QUEUED = policy_text(
    "{name: anywhere, select: longest_available, action: route}", otherwise="network_queue"
)


def queued(**settings: float) -> tuple[Playbook, FakeSite, FakeSite]:
    docs = documents(["lisbon", "porto"], more={"RoutingPolicy/default": QUEUED})
    lisbon, porto = FakeSite("lisbon", staffed_count=2), FakeSite("porto", staffed_count=4)
    given = RouterSettings(**settings)  # type: ignore[arg-type]
    book = leading(lisbon, porto, docs=docs, settings=given)
    for number, site in enumerate((lisbon, porto, lisbon)):
        site.wait(f"e{number}", 90.0 + number)
    report(book, lisbon)
    report(book, porto)
    return book, lisbon, porto


def told(book: Playbook) -> dict[str, int]:
    return {m.entry_id: m.position for _, m in book.messages(msg.QueuePosition)}


def test_each_origin_is_told_how_its_callers_stand() -> None:
    book, *_ = queued()
    book.wait_until(100.5)
    assert told(book) == {"e0": 1, "e1": 2, "e2": 3}
    sites = {m.entry_id: site for site, m in book.messages(msg.QueuePosition)}
    assert sites == {"e0": "lisbon", "e1": "porto", "e2": "lisbon"}


def test_the_wait_is_that_of_all_who_work_for_the_service() -> None:
    book, *_ = queued()
    book.wait_until(100.5)
    waits = {m.entry_id: (m.ewt_low_s, m.ewt_high_s) for _, m in book.messages(msg.QueuePosition)}
    low, high = waits["e2"]
    assert (low, high) == ToldWaits().range_s(2, 6 / 60.0)
    assert low < 30.0 < high, "the third of six agents' calls of 60 s ends after 30 s"


def test_a_change_is_told_after_a_while_and_no_change_never() -> None:
    book, lisbon, _ = queued(queue_told_every_s=10.0)
    book.wait_until(100.5)
    lisbon.waiting.pop("c-e0")
    report(book, lisbon)
    book.wait_until(109.0)
    assert told(book) == {}
    book.wait_until(115.0)
    assert told(book) == {"e1": 1, "e2": 2}
    book.wait_until(200.0)
    assert told(book) == {}


def test_no_more_are_told_at_once_than_allowed() -> None:
    book, *_ = queued(queue_told_max=1)
    book.wait_until(100.5)
    assert told(book) == {"e0": 1}
    book.wait_until(107.0)
    assert told(book) == {"e1": 2, "e2": 3}
