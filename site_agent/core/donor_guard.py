"""The donor guard: a queue whose own callers wait too long takes no new loans.

Rule of this file: pure. The figures are the queue's own over 15 minutes, as it reports them; before
any call was offered there is nothing to guard.
"""

from __future__ import annotations


def guard_of(floor: float | None, offered_count: int, in_time_count: int) -> str:
    """Why nothing is lent now, or empty.

    >>> guard_of(0.8, 100, 75)
    'own service level 0.75 is under its floor 0.80'
    >>> guard_of(0.8, 0, 0)
    ''
    """
    if floor is None or offered_count <= 0:
        return ""
    level = in_time_count / offered_count
    if level >= floor:
        return ""
    return f"own service level {level:.2f} is under its floor {floor:.2f}"
