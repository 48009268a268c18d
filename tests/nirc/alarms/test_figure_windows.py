"""Counts become what they grew by within a window; memory stays bounded."""

import pytest

from nirc.alarms.figure_windows import PARTS, Sample, Window


def test_grown_within_the_window() -> None:
    window = Window(60.0)
    for second in range(0, 181, 10):
        window.add(Sample(float(second), second * 2.0), float(second))
    assert window.grown() == Sample(60.0, 120.0)


def test_a_program_that_began_anew_is_not_a_fall() -> None:
    window = Window(60.0)
    window.add(Sample(100.0), 0.0)
    window.add(Sample(110.0), 10.0)
    assert window.add(Sample(3.0), 20.0)
    assert window.grown().value == 0.0
    window.add(Sample(5.0), 30.0)
    assert window.grown().value == 2.0


def test_whole_only_after_its_time() -> None:
    window = Window(60.0)
    assert not window.is_whole(0.0)
    window.add(Sample(0.0), 0.0)
    assert not window.is_whole(59.0) and window.is_whole(60.0)


@pytest.mark.parametrize("every_s", [0.1, 5.0])
def test_bounded(every_s: float) -> None:
    window = Window(60.0)
    for number in range(2_000):
        window.add(Sample(float(number)), number * every_s)
    assert len(window._seen) <= 2 * PARTS
    assert window.grown().value == pytest.approx(60.0 / every_s, rel=0.05)
