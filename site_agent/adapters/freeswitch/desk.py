"""What the parts of the adapter share: settings, time, timers, the conversation, what is told.

Rule of this file: it holds and hands on; what happens is decided by the parts.
"""

from __future__ import annotations

from collections.abc import Callable

from site_agent.adapters import base
from site_agent.adapters.freeswitch.conversation import Conversation
from site_agent.adapters.freeswitch.settings import FreeswitchSettings
from site_agent.adapters.freeswitch.timers import Timers


class Desk:
    """One turn after another."""

    def __init__(
        self, settings: FreeswitchSettings, line: Conversation, new_id: Callable[[], str]
    ) -> None:
        self.settings = settings
        self.line = line
        self.timers = Timers()
        self.new_id = new_id
        self.now_s = 0.0
        self.synced = False
        "All was read since the connection came up."
        self.version = (0, 0, 0)
        self._epoch_at_s: float | None = None
        self._events: list[base.AcdEvent] = []

    def begin(self, now_s: float) -> None:
        """A turn begins."""
        self.now_s = self.line.now_s = now_s

    def tell(self, event: base.AcdEvent) -> None:
        """One more event of this turn."""
        self._events.append(event)

    def taken(self) -> list[base.AcdEvent]:
        """The turn's events; asked for once."""
        events, self._events = self._events, []
        return events

    def read_epoch(self, epoch_s: float) -> None:
        """FreeSWITCH's own wall time, now."""
        self._epoch_at_s = self.now_s - epoch_s

    def at_s(self, epoch_s: float) -> float:
        """An instant of FreeSWITCH's wall time by our clock; long ago while its time is unknown."""
        return -1e9 if self._epoch_at_s is None or not epoch_s else epoch_s + self._epoch_at_s

    def epoch(self, at_s: float) -> int:
        """An instant of our clock by FreeSWITCH's wall time, 0 while that is unknown."""
        return 0 if self._epoch_at_s is None else int(at_s - self._epoch_at_s + 0.999)

    @property
    def keeps_after_refer(self) -> bool:
        """May a REFER be sent? Before 1.10.7 FreeSWITCH ends the call whatever the answer is."""
        return self.settings.refer and self.version >= (1, 10, 7)
