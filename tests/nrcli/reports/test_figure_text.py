import pytest

from nrcli.reports.figure_table import FIGURES
from nrcli.reports.figure_text import figure_text


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("offered", 12345, "12,345"),
        ("answered_rate", 0.8766, "87.7 %"),
        ("asa_s", 12.34, "12.3"),
        ("cost_per_call", 0.056, "0.06"),
        ("asa_s", None, "-"),
        ("still_waiting", -2, "-2"),
    ],
)
def test_values_as_people_read_them(name: str, value: float | None, text: str) -> None:
    assert figure_text(FIGURES[name], value) == text
