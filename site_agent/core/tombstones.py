"""Tokens that an origin cancelled before this site knew them.

Rule of this file: each is remembered for a time after it was last spoken of, and their number is
bounded: the oldest go first.
"""

from __future__ import annotations

from collections.abc import Callable


class Tombstones:
    """Cancelled tokens, oldest first, with the instant at which each is forgotten."""

    __slots__ = ("_count_max", "_life_s", "_mark", "_until_s")

    def __init__(
        self,
        *,
        count_max: int,
        life_s: float,
        mark: Callable[[str], None] = lambda token: None,
    ) -> None:
        self._mark = mark
        self._count_max = count_max
        self._life_s = life_s
        self._until_s: dict[str, float] = {}

    def __len__(self) -> int:
        return len(self._until_s)

    def __contains__(self, token: str) -> bool:
        return token in self._until_s

    def bury(self, token: str, now_s: float) -> bool:
        """Remember a token anew. True: the oldest had to be let go for it."""
        self._until_s.pop(token, None)
        self._until_s[token] = now_s + self._life_s
        self._mark(token)
        if len(self._until_s) <= self._count_max:
            return False
        self._let_go(next(iter(self._until_s)))
        return True

    def forget(self, now_s: float) -> None:
        """Let go of those that nobody has spoken of for long."""
        while self._until_s and next(iter(self._until_s.values())) <= now_s:
            self._let_go(next(iter(self._until_s)))

    def _let_go(self, token: str) -> None:
        del self._until_s[token]
        self._mark(token)
