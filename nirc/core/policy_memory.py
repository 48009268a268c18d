"""Keeps what policies remember between decisions: rotary positions, weights, hysteresis.

Rule of this file: one memory per version of a policy; a shadow has its own, so that it never writes
what the live one reads. A change of leadership begins anew, for the next leader cannot know.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from routing_policies.compiler import CompiledPolicy
from routing_policies.model import Memory

Key = tuple[str, int, bool]
"(policy, version, is it a shadow)"


class PolicyMemory:
    """Memories by policy and version."""

    __slots__ = ("_memories",)

    def __init__(self) -> None:
        self._memories: dict[Key, Memory] = {}

    def of(self, policy: CompiledPolicy, row_count: int, *, shadow: bool = False) -> Memory:
        """The memory of a version, large enough for `row_count` rows."""
        key = (policy.name, policy.version, shadow)
        memory = self._memories.get(key)
        if memory is None:
            memory = self._memories[key] = Memory()
        memory.fit(policy.kept_count, policy.row_kept_count, row_count)
        return memory

    def reset(self) -> None:
        """Leadership changed: everything is forgotten."""
        self._memories.clear()

    def keep(self, in_use: Iterable[CompiledPolicy]) -> None:
        """Forgets versions that are in use no more."""
        names = {(policy.name, policy.version) for policy in in_use}
        self._memories = {k: m for k, m in self._memories.items() if k[:2] in names}


def snapshot(memory: Memory, rows: Sequence[int], most: int) -> tuple[float, ...]:
    """What a record keeps: the policy's own numbers, then each per-row one at `rows`; nothing where
    that would be more than `most`."""
    if len(memory.kept) + len(memory.row_kept) * len(rows) > most:
        return ()
    kept = list(memory.kept)
    for column in memory.row_kept:
        kept.extend(column[row] for row in rows)
    return tuple(kept)
