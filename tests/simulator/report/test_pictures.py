import pytest

from simulator.report.pictures import Series


def test_what_is_to_be_drawn_does_not_change() -> None:
    with pytest.raises(AttributeError):
        Series(name="a", mean=[1.0]).name = "b"  # type: ignore[misc]
