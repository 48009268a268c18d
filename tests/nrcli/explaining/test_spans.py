"""Times in sentences."""

import pytest

from nrcli.explaining.spans import clock_told, span_told


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (-1.0, "0 ms"),
        (0.0994, "99 ms"),
        (0.1, "0.1 s"),
        (59.96, "1 min 0 s"),
        (3599.7, "1 h 0 min"),
    ],
)
def test_how_long(seconds: float, words: str) -> None:
    assert span_told(seconds) == words


def test_when() -> None:
    assert clock_told(0.9) == "00:00:00 UTC"
