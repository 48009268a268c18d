"""A playbook: events in, actions out, read as a script. Timers are kept and fired on demand.

play(router).event(SiteAlive(site="porto"), at_s=10.0).nothing_more()
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeVar

from nirc.core.actions import Action, SendToSite, StartTimer, StopTimer
from nirc.core.events import Event, TimerFired
from nirc.core.router import Router

A = TypeVar("A")


class Playbook:
    """A router, the time, its timers, and the actions nobody looked at yet."""

    def __init__(self, router: Router, start_s: float) -> None:
        self.router = router
        self.now_s = start_s
        self.timers: dict[str, float] = {}
        self.left: list[Action] = []

    def event(self, event: Event, at_s: float | None = None) -> Playbook:
        """The event happens; what was left over from before is forgotten."""
        self.now_s = self.now_s if at_s is None else at_s
        self.left = []
        self._do(event)
        return self

    def wait_until(self, at_s: float) -> Playbook:
        """Time passes; timers fire at their instants."""
        self.left = []
        while self.timers and min(self.timers.values()) <= at_s:
            name = min(self.timers, key=lambda n: (self.timers[n], n))
            self.now_s = max(self.now_s, self.timers.pop(name))
            self._do(TimerFired(name=name))
        self.now_s = at_s
        return self

    def action(self, kind: type[A], **fields: object) -> Playbook:
        """Among the actions left is one of this kind with these fields; it is taken out."""
        self.take(kind, **fields)
        return self

    def take(self, kind: type[A], **fields: object) -> A:
        """As `action`, and gives it back."""
        for action in self.left:
            if isinstance(action, kind) and _has(action, fields):
                self.left.remove(action)
                return action
        raise AssertionError(f"no {kind.__name__} with {fields} among {self.left}")

    def sent(self, site: str, kind: type[A], **fields: object) -> A:
        """A message of this kind was sent to the site; gives it back."""
        for action in self.left:
            if isinstance(action, SendToSite) and action.site == site:
                message: Any = action.message
                if isinstance(message, kind) and _has(message, fields):
                    self.left.remove(action)
                    return message
        raise AssertionError(f"no {kind.__name__} with {fields} to {site} among {self.left}")

    def messages(self, kind: type[A]) -> Iterator[tuple[str, A]]:
        """Every message of this kind left, with its site."""
        for action in self.left:
            if isinstance(action, SendToSite) and isinstance(action.message, kind):
                yield action.site, action.message

    def nothing_more(self) -> Playbook:
        """Nothing else was done."""
        assert self.left == []
        return self

    def _do(self, event: Event) -> None:
        for action in self.router.handle(event, self.now_s):
            if isinstance(action, StartTimer):
                self.timers[action.name] = action.at_s
            elif isinstance(action, StopTimer):
                self.timers.pop(action.name, None)
            else:
                self.left.append(action)


def play(router: Router, start_s: float = 100.0) -> Playbook:
    """Begins a playbook."""
    return Playbook(router, start_s)


def _has(thing: object, fields: dict[str, object]) -> bool:
    return all(getattr(thing, name) == value for name, value in fields.items())
