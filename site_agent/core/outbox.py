"""What one turn of the site daemon wants done, gathered in order, and how often what happened.

Rule of this file: it decides nothing. All parts of a daemon write into one outbox, so that actions
leave in the order in which they were decided.
"""

from __future__ import annotations

from nrcli.wire.messages import SiteMessage
from site_agent.core.actions import (
    Action,
    ClearAlarm,
    RaiseAlarm,
    SendToNode,
    StartTimer,
    StopTimer,
    WriteHistory,
)


class Outbox:
    """Actions of the turn, counters and standing alarms."""

    __slots__ = ("_actions", "alarms", "counters")

    def __init__(self) -> None:
        self._actions: list[Action] = []
        self.counters: dict[str, int] = {}
        self.alarms: dict[tuple[str, str], str] = {}

    def do(self, action: Action) -> None:
        """Add one action."""
        self._actions.append(action)

    def send(self, node: str, message: SiteMessage) -> None:
        """Add a message to one node; an empty name sends nothing."""
        if node:
            self._actions.append(SendToNode(node=node, message=message))

    def write(self, kind: str, **fields: str | int | float | bool) -> None:
        """Add one line of history."""
        self._actions.append(WriteHistory(kind=kind, fields=fields))

    def start(self, name: str, at_s: float) -> None:
        """Start or move a timer."""
        self._actions.append(StartTimer(name=name, at_s=at_s))

    def stop(self, name: str) -> None:
        """Forget a timer."""
        self._actions.append(StopTimer(name=name))

    def count(self, name: str) -> None:
        """One more of `name`."""
        self.counters[name] = self.counters.get(name, 0) + 1

    def alarm(self, code: str, place: str, text: str) -> None:
        """Raise an alarm, once while it stands with the same text."""
        if self.alarms.get((code, place)) != text:
            self.alarms[(code, place)] = text
            self._actions.append(RaiseAlarm(code=code, place=place, text=text))

    def clear(self, code: str, place: str) -> None:
        """Clear an alarm if it stands."""
        if self.alarms.pop((code, place), None) is not None:
            self._actions.append(ClearAlarm(code=code, place=place))

    def take(self) -> list[Action]:
        """The actions gathered so far; the outbox is empty afterwards."""
        actions, self._actions = self._actions, []
        return actions
