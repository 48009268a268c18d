"""Keeps the word of the site's own people that nothing is lent, and ends it at its time.

Rule of this file: the site's word alone, with NIRC and without; no node can change it. Who is held
for a call already, or on the way here, is not touched. What cannot be read changes nothing.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from nrcli.wire.messages import SiteAlarm
from site_agent.core.events import LendingRead
from site_agent.core.outbox import Outbox

OFF_ALARM = "lending_off"
BROKEN_ALARM = "lending_unreadable"
WORDS_MAX = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """Lend nothing."""

    who: str
    reason: str
    since_unix_s: float
    until_unix_s: float | None = None
    "None: until somebody says otherwise."

    def over(self, unix_s: float) -> bool:
        """Has it ended by itself?"""
        return self.until_unix_s is not None and unix_s >= self.until_unix_s

    def text(self) -> str:
        """As it is kept in its file."""
        return json.dumps(
            {
                "lending": "off",
                "who": self.who,
                "reason": self.reason,
                "since_unix_s": self.since_unix_s,
                "until_unix_s": self.until_unix_s,
            }
        )


def order_of(text: str) -> Order | None:
    """What a file says; None for an empty one: lend. Raises ValueError."""
    if not text.strip():
        return None
    try:
        read: Any = json.loads(text)
        until = read["until_unix_s"]
        if read["lending"] != "off":
            raise ValueError(f"says lending {read['lending']!r}")
        return Order(
            who=str(read["who"])[:WORDS_MAX],
            reason=str(read["reason"])[:WORDS_MAX],
            since_unix_s=float(read["since_unix_s"]),
            until_unix_s=None if until is None else float(until),
        )
    except (KeyError, TypeError, RecursionError) as error:
        raise ValueError(f"is no order about lending ({error!r})") from error


class LendingOrder:
    """The order that stands, if one does."""

    __slots__ = ("_changed", "_order", "_out", "_site", "_unix_s")

    def __init__(self, site: str, out: Outbox, changed: Callable[[], None]) -> None:
        """`changed`: what is lent is to be worked out anew."""
        self._site = site
        self._out = out
        self._changed = changed
        self._order: Order | None = None
        self._unix_s = 0.0

    @property
    def off(self) -> bool:
        """Is nothing lent now?"""
        return self._order is not None

    def read(self, event: LendingRead) -> None:
        """The file was read: at the start, and when it changed."""
        try:
            if event.problem:
                raise ValueError(event.problem)
            order = order_of(event.text)
        except ValueError as error:
            text = f"{event.source}: {error}; as before: say `site-agent lending on` or `off` again"
            self._out.alarm(BROKEN_ALARM, self._site, text)
            return
        self._out.clear(BROKEN_ALARM, self._site)
        self._put(None if order is not None and order.over(self._unix_s) else order)

    def look(self, unix_s: float) -> None:
        """Each second: has it ended?"""
        self._unix_s = unix_s
        if self._order is not None and self._order.over(unix_s):
            self._put(None)

    def told(self) -> tuple[SiteAlarm, ...]:
        """For the nodes: the network's people see it, too."""
        return () if self._order is None else (SiteAlarm(code=OFF_ALARM, text=self.why),)

    @property
    def why(self) -> str:
        """Who wants it and why; empty while the site lends."""
        one = self._order
        return "" if one is None else f"this site lends nobody, by {one.who}: {one.reason}"

    def _put(self, order: Order | None) -> None:
        was, self._order = self._order, order
        if was == order:
            return
        if order is None:
            self._out.clear(OFF_ALARM, self._site)
        else:
            self._out.alarm(OFF_ALARM, self._site, self.why)
        if (was is None) != (order is None):
            self._out.count("lending_on" if order is None else "lending_off")
            self._out.write("lending", off=order is not None, why=self.why)
            self._changed()
