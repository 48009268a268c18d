"""Number lists of tenants, ready for quick questions.

Rule of this file: whether a number is on a list, and what follows from it; whether the number may
be trusted is asked by the caller (`needs_verified`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from routing_policies.network_kinds import NumberList


class NumberIndex:
    """Numbers, and beginnings of numbers (`+351210*`), found in time of the number's length."""

    __slots__ = ("_lengths", "_numbers", "_prefixes")

    def __init__(self, written: Iterable[str]) -> None:
        all_written = tuple(written)
        self._numbers = frozenset(one for one in all_written if not one.endswith("*"))
        self._prefixes = frozenset(one[:-1] for one in all_written if one.endswith("*"))
        self._lengths = tuple(sorted({len(one) for one in self._prefixes}))

    def __contains__(self, number: object) -> bool:
        if not isinstance(number, str) or not number:
            return False
        return number in self._numbers or any(
            number[:length] in self._prefixes for length in self._lengths if length <= len(number)
        )

    def __len__(self) -> int:
        return len(self._numbers) + len(self._prefixes)


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexedList:
    """One list of a tenant; the fields mean what they mean in `NumberList`."""

    name: str
    priority: int
    blocked: bool
    needs_verified: bool
    numbers: NumberIndex

    def holds(self, number: str, *, verified: bool) -> bool:
        """Is the number on the list, and trusted as far as the list wants it?

        A blocked number is blocked without proof: it gains nothing by claiming to be another.
        """
        return (verified or self.blocked or not self.needs_verified) and number in self.numbers


def indexed(written: NumberList) -> IndexedList:
    """A tenant's list as it is asked."""
    return IndexedList(
        name=written.name,
        priority=written.priority,
        blocked=written.blocked,
        needs_verified=written.needs_verified,
        numbers=NumberIndex(written.numbers),
    )
