"""Says the value of a figure as people read it.

Rule of this file: a value and its unit in, words out; what was not measured is a dash.
"""

from __future__ import annotations

from nrcli.reports.figures import Figure

NOT_MEASURED = "-"
_DIGITS = {"agents": 1, "channels": 2, "money": 2, "s": 1}


def figure_text(figure: Figure, value: float | None) -> str:
    """Shares as per cent, times in seconds with one digit behind the point."""
    if value is None:
        return NOT_MEASURED
    if figure.unit == "share":
        return f"{value * 100:.1f} %"
    return f"{value:,.{_DIGITS.get(figure.unit, 0)}f}"
