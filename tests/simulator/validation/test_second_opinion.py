"""The recursion, by hand."""

from simulator.validation.second_opinion import waits


def test_two_agents_by_hand() -> None:
    found = waits([0, 0, 1, 2], [5, 9, 3, 3], [99, 99, 2, 99], agents=2)
    assert found == [(0, True), (0, True), (2, False), (3, True)]


def test_an_agent_free_at_the_end_of_patience_answers() -> None:
    assert waits([0, 1], [4, 1], [9, 3], agents=1) == [(0, True), (3, True)]
