"""Questions are counted once, and what is held for them is timed."""

from sim_world import try_of

from simulator.model.instants import US
from simulator.world.acd_state import Hold
from simulator.world.request_book import RequestBook
from simulator.world.timeline import Timeline


def test_questions_and_refusals_are_counted_once() -> None:
    book, asker = RequestBook(Timeline()), try_of(6)
    book.asked("r", asker)
    book.asked("r", asker)
    book.refused_by("r")
    book.refused_by("unknown")
    assert (asker.asked, asker.refused) == (1, 1)
    assert book.get("r") == (asker, 0)
    book.forget(asker)
    assert len(book) == 0


def test_what_is_held_counts_until_it_is_over_or_the_call_is() -> None:
    timeline, asker = Timeline(), try_of(6)
    book = RequestBook(timeline)
    book.asked("r", asker)
    first, second = (Hold(name, 0, None, "r", 0) for name in ("a", "b"))
    book.held(first)
    book.held(second)
    timeline.run(US)
    book.hold_over(first)
    timeline.run(3 * US)
    book.forget(asker)
    book.hold_over(second)
    book.held(Hold("c", 0, None, "unknown", 0))
    assert asker.held_us == 4 * US


def test_what_the_leader_asks_for_the_network_queue_is_no_question_of_the_site() -> None:
    book, waiter = RequestBook(Timeline()), try_of(6)
    book.offered("m", waiter)
    book.offered("m", waiter)
    book.offered("n", None)
    book.refused_by("m")
    assert (waiter.asked, waiter.refused, len(book)) == (0, 1, 1)
    book.forget(waiter)
    assert len(book) == 0
