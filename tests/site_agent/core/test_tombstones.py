"""Cancelled tokens are remembered for a time, and not without bound."""

from site_agent.core.tombstones import Tombstones


def test_a_token_is_forgotten_after_its_time() -> None:
    stones = Tombstones(count_max=5, life_s=60.0)
    stones.bury("a", 0.0)
    stones.bury("b", 10.0)
    stones.forget(60.0)
    assert "a" not in stones and "b" in stones and len(stones) == 1


def test_the_oldest_goes_first_and_one_spoken_of_again_is_the_newest() -> None:
    stones = Tombstones(count_max=2, life_s=60.0)
    assert [stones.bury(token, 0.0) for token in "abac"] == [False, False, False, True]
    assert "a" in stones and "c" in stones and "b" not in stones
