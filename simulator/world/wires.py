"""One connection between two ends: streams that keep their order, are cut, torn and made anew.

Rule of this file: within a stream no message overtakes another. What meets a cut waits for its end,
as a transport that repeats what is lost does, if the stream still stands then; a torn stream brings
nothing more that way. Each end has its own belief of which stream stands, so that an old one may
still stand at one end while the other has given it up.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Any

from simulator.model.instants import US
from simulator.world.dice import Dice
from simulator.world.timeline import REPLY, Timeline

JITTER_SHARE = 0.5
"Mean of what a message takes beyond the link's delay, as a share of it."
BEAT = -1
"Kind of a heartbeat, which takes the link's delay and no more: there are many of them."
HELD_MAX = 10_000
"More messages than this do not wait in a cut: the stream is torn."
Going = tuple[str, int, Callable[[Any], object], Any]
"To which end, on which stream, and what happens there."


class Wire:
    """A connection between `a`, who dials, and `b`."""

    __slots__ = (
        "_dice",
        "_held",
        "_last_us",
        "_timeline",
        "_torn",
        "at",
        "cuts",
        "delay_us",
        "dialing",
        "ends",
        "heard_us",
        "late_s",
        "loss",
        "newest",
        "other",
    )

    def __init__(
        self, timeline: Timeline, dice: Dice, ends: tuple[str, str], delay_us: int
    ) -> None:
        a, b = ends
        self.ends = ends
        self.other = {a: b, b: a}
        self.at = {a: 0, b: 0}
        "The stream that stands at each end, by its number; 0: none."
        self.newest = 0
        self.dialing = 0
        "Grows each time that `a` begins to dial."
        self.cuts = {a: 0, b: 0}
        "How many faults keep everything from each end now."
        self.late_s = {a: 0.0, b: 0.0}
        "How much longer, at the most, a message to each end takes now."
        self.loss = {a: 0.0, b: 0.0}
        "Share of messages to each end that tear the stream now."
        self.heard_us = {a: 0, b: 0}
        "When something came to each end last."
        self._timeline = timeline
        self._dice = dice
        self.delay_us = max(delay_us, 1)
        self._last_us = {a: 0, b: 0}
        self._torn = {a: 0, b: 0}
        self._held: dict[str, deque[Going]] = {a: deque(), b: deque()}

    def stands(self) -> bool:
        """Do both ends have the same stream?"""
        a, b = self.ends
        return self.at[a] == self.at[b] != 0

    def send(self, to: str, kind: int, act: Callable[[Any], object], what: Any) -> None:
        """Let `act(what)` happen at the other end, if a stream stands at this one."""
        stream = self.at[self.other[to]]
        if stream:
            self.go(to, kind, stream, act, what)

    def go(self, to: str, kind: int, stream: int, act: Callable[[Any], object], what: Any) -> None:
        """The same on a stream that the sender may have given up just now."""
        if self._torn[to] == stream:
            return
        timeline, dice = self._timeline, self._dice
        at_us = timeline.now_us + self.delay_us
        if kind != BEAT:
            at_us += int(dice.exponential(self.delay_us * JITTER_SHARE, "delay", *self.ends))
        if self.late_s[to]:
            at_us += int(dice.between(0.0, self.late_s[to], "late", *self.ends) * US)
        if self.loss[to] and dice.share("loss", *self.ends) < self.loss[to]:
            self._torn[to] = stream
            return
        at_us = max(at_us, self._last_us[to] + 1)
        self._last_us[to] = at_us
        timeline.at(at_us, REPLY if kind == BEAT else kind, self._arrive, (to, stream, act, what))

    def mended(self, to: str) -> None:
        """The last cut is over: what waited comes, in order, after a moment."""
        if self._held[to]:
            at_us = self._timeline.now_us + int(self._dice.between(0.0, 0.3, "again") * US)
            self._timeline.at(at_us, REPLY, self._flush, to)

    def _arrive(self, going: Going) -> None:
        to, stream, act, what = going
        if self.cuts[to] or self._held[to]:
            if self.at[to] == stream:
                self._hold(going)
        elif self.at[to] == stream:
            self.heard_us[to] = self._timeline.now_us
            act(what)

    def welcome(self, act: Callable[[Any], object], what: Any) -> None:
        """The newest stream's first message to `a`, where no stream stands yet."""
        a = self.ends[0]
        at_us = max(self._timeline.now_us + self.delay_us, self._last_us[a] + 1)
        self._last_us[a] = at_us
        self._timeline.at(at_us, REPLY, self._welcomed, (a, self.newest, act, what))

    def _welcomed(self, going: Going) -> None:
        to, stream, act, what = going
        if not self.cuts[to] and stream == self.newest and not self.at[to]:
            self._held[to].clear()
            act(what)

    def _hold(self, going: Going) -> None:
        held = self._held[going[0]]
        if len(held) >= HELD_MAX:
            self._torn[going[0]] = going[1]
        else:
            held.append(going)

    def _flush(self, to: str) -> None:
        held = self._held[to]
        while held and not self.cuts[to]:
            _, stream, act, what = held.popleft()
            if self.at[to] == stream:
                self.heard_us[to] = self._timeline.now_us
                act(what)
