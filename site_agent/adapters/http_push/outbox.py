"""Numbered commands on their way to a CTI: kept until they are acknowledged, told again if not.

Rule of this file: a number belongs to one command of one session for ever; nothing is taken out but
by an acknowledgement or the end of the session.
"""

from __future__ import annotations

from collections.abc import Iterable

from site_agent.adapters.acd_commands import (
    Announce,
    DialCaller,
    HoldAgent,
    HoldPlace,
    PlayAnnouncement,
    ProbeCaller,
    SetAgeing,
    StartMove,
)
from site_agent.adapters.http_push.said_to_cti import (
    PushCommand,
    ScreenPop,
    SendSnapshot,
    TestOrder,
)

OF_THE_MOMENT = (
    Announce,
    DialCaller,
    HoldAgent,
    HoldPlace,
    PlayAnnouncement,
    ProbeCaller,
    ScreenPop,
    SendSnapshot,
    SetAgeing,
    StartMove,
    TestOrder,
)
"Commands that mean nothing to a CTI that was away: a new session does not begin with them."


class Entry:
    """One command that is not acknowledged."""

    __slots__ = ("command", "number", "put_at_s", "sent_at_s")

    def __init__(self, number: int, command: PushCommand, now_s: float) -> None:
        self.number = number
        self.command = command
        self.put_at_s = now_s
        self.sent_at_s: float | None = None


class Outbox:
    """The commands of one session."""

    def __init__(self, *, resend_s: float, count_max: int) -> None:
        self._resend_s = resend_s
        self._count_max = count_max
        self._entries: dict[int, Entry] = {}
        self._next = 1
        self.refused_count = 0

    def __len__(self) -> int:
        return len(self._entries)

    @property
    def last_number(self) -> int:
        """The highest number that was given; 0: none."""
        return self._next - 1

    def put(self, command: PushCommand, now_s: float) -> bool:
        """Number a command; False: too many wait, and it is not taken."""
        if len(self._entries) >= self._count_max:
            self.refused_count += 1
            return False
        self._entries[self._next] = Entry(self._next, command, now_s)
        self._next += 1
        return True

    def acknowledge(self, up_to: int) -> None:
        """Let go of every command up to this number."""
        for number in [number for number in self._entries if number <= up_to]:
            del self._entries[number]

    def get(self, number: int) -> PushCommand | None:
        """The command of a number, while it is not acknowledged."""
        entry = self._entries.get(number)
        return entry.command if entry else None

    def after(self, number: int, now_s: float) -> list[tuple[int, PushCommand]]:
        """All that a reader does not have who has everything up to `number`."""
        return self._sent([e for e in self._entries.values() if e.number > number], now_s)

    def due(self, now_s: float) -> list[tuple[int, PushCommand]]:
        """What was never sent, or was sent and not acknowledged in time."""
        return self._sent([e for e in self._entries.values() if self._due_s(e) <= now_s], now_s)

    def next_s(self) -> float | None:
        """When `due` is needed next."""
        return min((self._due_s(entry) for entry in self._entries.values()), default=None)

    def oldest_s(self) -> float | None:
        """Since when the oldest command waits for its acknowledgement."""
        return next((entry.put_at_s for entry in self._entries.values()), None)

    def begin_anew(self, first: Iterable[PushCommand], now_s: float) -> None:
        """A new session: what still means something is numbered from 1, after `first`."""
        kept = [
            entry.command
            for entry in self._entries.values()
            if not isinstance(entry.command, OF_THE_MOMENT)
        ]
        self._entries, self._next = {}, 1
        for command in (*first, *kept):
            self.put(command, now_s)

    def _due_s(self, entry: Entry) -> float:
        return entry.put_at_s if entry.sent_at_s is None else entry.sent_at_s + self._resend_s

    @staticmethod
    def _sent(entries: list[Entry], now_s: float) -> list[tuple[int, PushCommand]]:
        for entry in entries:
            entry.sent_at_s = now_s
        return [(entry.number, entry.command) for entry in entries]
