"""Figures as a person reads them: `81.4 %`, `12.3 s`, `3.1 points`.

Rule of this file: numbers to text, nothing else. Programs take the numbers.
"""

from __future__ import annotations

from simulator.measures.estimates import Estimate
from simulator.measures.figures import Figure

WORDS = {
    "calls": "calls", "agents": "agents", "channels": "channels", "moves": "moves",
    "requests": "requests", "rings": "rings", "s": "s", "agent_s": "agent-s", "share": "%",
}  # fmt: skip
NOTHING = "-"
SMALL = 0.001
"What is smaller is told as 0.000."


def number_told(value: float) -> str:
    """Three places that count, whole numbers whole, thousands apart; next to nothing is 0.000.

    >>> number_told(1234567.0), number_told(12.345), number_told(0.01234), number_told(40.0)
    ('1,234,567', '12.3', '0.0123', '40')
    >>> number_told(0.0000267)
    '0.000'
    """
    size = abs(value)
    if size >= 100 or value == int(value):
        return f"{value:,.0f}"
    if size >= 10:
        return f"{value:.1f}"
    if size >= 1:
        return f"{value:.2f}"
    return f"{value:.3g}" if size >= SMALL else "0.000"


def told(figure: Figure, value: float | None) -> str:
    """A figure with its unit.

    >>> from simulator.measures.figures import FIGURES
    >>> told(FIGURES["occupancy"], 0.8137), told(FIGURES["asa_s"], 12.34)
    ('81.4 %', '12.3 s')
    """
    if value is None:
        return NOTHING
    if figure.unit == "share":
        return f"{value * 100:.1f} %"
    return f"{number_told(value)} {WORDS[figure.unit]}" if _has_word(figure) else number_told(value)


def estimate_told(figure: Figure, found: Estimate | None) -> str:
    """A mean with its interval: `81.4 % (80.2 to 82.6)`."""
    if found is None:
        return NOTHING
    text = told(figure, found.mean)
    return text if found.low is None else f"{text} ({interval_told(figure, found)})"


def interval_told(figure: Figure, found: Estimate) -> str:
    """`80.2 to 82.6`, without a unit."""
    if found.low is None or found.high is None:
        return NOTHING
    if figure.unit == "share":
        return f"{found.low * 100:.1f} to {found.high * 100:.1f}"
    return f"{number_told(found.low)} to {number_told(found.high)}"


def difference_told(figure: Figure, value: float) -> str:
    """A difference: of shares in points. One that is rounded to nothing has no sign.

    >>> from simulator.measures.figures import FIGURES
    >>> difference_told(FIGURES["occupancy"], 0.031)
    '3.1 points'
    """
    if figure.unit == "share":
        points = f"{value * 100:.1f}"
        return f"{'0.0' if points == '-0.0' else points} points"
    return f"{number_told(value)} {WORDS[figure.unit]}"


def _has_word(figure: Figure) -> bool:
    """Counts of calls and the like are read by their title."""
    return figure.unit in ("s", "agent_s", "agents")
