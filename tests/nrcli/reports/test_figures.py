import pytest
from report_facts import figures, stay, work

from nrcli.reports.facts import End, Facts
from nrcli.reports.figures import MICRO, cost_per_call, share
from nrcli.reports.tally import Tally

HUNDRED = Facts(
    stays=(
        *(stay(End.ANSWERED, 0, 10) for _ in range(70)),
        *(stay(End.ABANDONED, 0, 15) for _ in range(10)),
        *(stay(End.ANSWERED, 0, 40) for _ in range(12)),
        *(stay(End.ABANDONED, 0, 60) for _ in range(8)),
    )
)
"70 answered in time, 10 gone in time, 20 answered or gone late."


@pytest.mark.parametrize(
    ("formula", "expected"), [("ignore", 70 / 90), ("negative", 0.7), ("positive", 0.8)]
)
def test_the_three_service_levels_of_the_worked_example(formula: str, expected: float) -> None:
    assert figures(HUNDRED)[f"service_level_{formula}"] == pytest.approx(expected)


def test_waits_of_the_worked_example() -> None:
    found = figures(HUNDRED)
    assert found["asa_s"] == pytest.approx((70 * 10 + 12 * 40) / 82)
    assert found["wait_mean_s"] == pytest.approx((70 * 10 + 10 * 15 + 12 * 40 + 8 * 60) / 100)
    assert found["wait_max_s"] == 60.0
    assert found["abandon_mean_s"] == pytest.approx((10 * 15 + 8 * 60) / 18)
    assert (found["answered_rate"], found["abandonment"]) == (0.82, 0.18)


def test_short_abandons_count_in_neither_rate() -> None:
    stays = (
        *(stay(End.ANSWERED) for _ in range(9)),
        stay(End.ABANDONED, 0, 30),
        stay(End.ABANDONED, 0, 2),
    )
    found = figures(Facts(stays=stays))
    assert (found["answered_rate"], found["abandonment"]) == (0.9, 0.1)
    assert (found["abandoned"], found["abandoned_short"]) == (2, 1)


def test_of_nothing_there_is_no_figure() -> None:
    found = figures(Facts(works=(work(10, answered=False),)))
    assert found["rings_unanswered"] == 1
    assert found["offered"] == 0
    empty = ("answered_rate", "service_level_negative", "asa_s", "wait_max_s", "aht_s", "occupancy")
    assert [found[name] for name in empty] == [None] * len(empty)
    assert share(0, 0) is None


def test_money_is_counted_in_millionths() -> None:
    tally = Tally()
    tally.add("cost_micro", 3 * MICRO // 2)
    tally.add("answered", 3)
    assert cost_per_call(tally, 1) == 0.5
