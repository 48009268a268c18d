"""One stream for each cause."""

from simulator.world.dice import Dice


def test_causes_do_not_move_one_another() -> None:
    one, other = Dice(7), Dice(7)
    other.share("other cause")
    assert one.share("a", "b") == other.share("a", "b")
    assert Dice(8).share("a", "b") != Dice(7).share("a", "b")


def test_words_of_chance() -> None:
    dice = Dice(1)
    assert dice.choice("x", "c") == "x"
    assert 2 <= dice.between(2, 3, "b") < 3
    assert dice.exponential(5.0, "e") > 0
