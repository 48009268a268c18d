"""Shows values of documents, and tells how a list was put in another order.

Rule of this file: words only; what is compared with what is decided in `diff`.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from typing import Any

TEXT_SHOWN_MAX = 80


def amount(name: str, value: float) -> str:
    """A number with the unit its name ends in; yes and no as they are written.

    >>> amount("min_gain_s", 5.0), amount("max_loan", 3), amount("proven", True)
    ('5 s', '3', 'true')
    """
    if isinstance(value, bool):
        return str(value).lower()
    plain = f"{value:.15g}"
    return f"{plain} s" if name.endswith("_s") or "_s_" in name else plain


def shown_value(value: Any) -> str:
    """Any other value."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple):
        return "[" + ", ".join(map(str, value)) + "]"
    if isinstance(value, Mapping):
        inside = ", ".join(f"{key}: {shown_value(inner)}" for key, inner in value.items())
        return f"{{{inside}}}"
    text = str(value)
    if text and " " not in text and "\n" not in text:
        return text
    text = " ".join(text.split())
    return f'"{text if len(text) <= TEXT_SHOWN_MAX else text[: TEXT_SHOWN_MAX - 3] + "..."}"'


def moves(old: Sequence[str], new: Sequence[str]) -> list[str]:
    """How the same names came into another order: `s `a` and `b` swapped`, ` `c` moved first`."""
    if list(old) == list(new):
        return []
    apart = [i for i, (a, b) in enumerate(zip(old, new, strict=True)) if a != b]
    if len(apart) == 2:
        return [f"s `{old[apart[0]]}` and `{old[apart[1]]}` swapped"]
    places = {name: i for i, name in enumerate(old)}
    stayed = _longest_rising([places[name] for name in new])
    told: list[str] = []
    for i, name in enumerate(new):
        if places[name] not in stayed:
            told.append(f" `{name}` moved " + (f"after `{new[i - 1]}`" if i else "to the front"))
    return told


def _longest_rising(numbers: Sequence[int]) -> set[int]:
    """The most numbers that stand in rising order: these did not move."""
    ends: list[int] = []
    before: list[int] = []
    last_at: list[int] = []
    for i, number in enumerate(numbers):
        length = bisect_left(ends, number)
        ends[length : length + 1] = [number]
        last_at[length : length + 1] = [i]
        before.append(last_at[length - 1] if length else -1)
    found: set[int] = set()
    at = last_at[-1] if last_at else -1
    while at >= 0:
        found.add(numbers[at])
        at = before[at]
    return found
