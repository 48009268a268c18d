"""Holds are found by hold, request and token until they are forgotten."""

from site_playbook import reserve

from site_agent.core.hold import Hold, HoldState
from site_agent.core.hold_book import HoldBook


def test_a_dead_hold_is_forgotten_and_a_newer_one_of_the_request_stays() -> None:
    book = HoldBook()
    old, new = Hold("h1", reserve(agent="anna"), "n1"), Hold("h2", reserve(agent="anna"), "n1")
    old.token, old.state, old.forget_at_s = "t1", HoldState.LAPSED, 10.0
    book.add(old)
    book.add(new)
    assert [message.agent for message in book.pending_agents()] == ["anna"]
    assert book.forget_dead(9.0) == []
    assert book.forget_dead(10.0) == [old]
    assert (list(book.by_hold_id), book.by_token) == (["h2"], {})
    assert book.by_request["r1"] is new
