"""What carriers do on broken paths."""

from collections import Counter

from simulator.world.dice import Dice
from simulator.world.ways import SHARES, Way, drawn


def test_every_way_is_drawn_about_as_often_as_said() -> None:
    dice = Dice(3)
    seen = Counter(drawn(dice).way for _ in range(2000))
    for way, share in SHARES:
        assert abs(seen[way] / 2000 - share) < 0.05
    assert seen[Way.WELL] > 0


def test_only_the_late_are_late() -> None:
    dice = Dice(3)
    goings = [drawn(dice) for _ in range(200)]
    assert all((going.more_us > 0) == (going.way is Way.LATE) for going in goings)
