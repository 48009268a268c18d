"""What is ordinary is told now and then, anything else at once."""

from typing import Any

from nrcli.wire.messages import StateAck
from simulator.world.state_words import StateWords


def told(*acks: tuple[float, str, int, int]) -> list[tuple[Any, ...]]:
    lines: list[tuple[Any, ...]] = []
    words = StateWords(
        "n1.1", lambda kind, **f: lines.append((f["via"], f["incarnation"], f["version"]))
    )
    for at_s, via, incarnation, version in acks:
        words.acked("porto", via, StateAck(incarnation=incarnation, version=version), at_s)
    return lines


def test_versions_that_grow_are_told_now_and_then() -> None:
    found = told((0.0, "porto", 1, 1), (1.0, "porto", 1, 2), (6.0, "porto", 1, 9))
    assert found == [("porto", 1, 1), ("porto", 1, 9)]


def test_a_step_back_is_told_with_what_stood_before() -> None:
    found = told((0.0, "porto", 1, 1), (1.0, "porto", 1, 5), (1.1, "porto", 1, 4))
    assert found == [("porto", 1, 1), ("porto", 1, 5), ("porto", 1, 4)]


def test_another_stream_is_told() -> None:
    assert told((0.0, "porto", 1, 1), (0.1, "lisbon", 1, 1))[-1] == ("lisbon", 1, 1)
