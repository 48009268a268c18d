"""How far a long command is, and how long it will still take.

Rule of this file: nothing is said of what takes less than two seconds, and nothing on standard
output. The time left is the time spent, in the proportion of what is left to what is done; until
something is done it is not guessed.
"""

from __future__ import annotations

import sys
import threading
from time import monotonic
from types import TracebackType
from typing import Self

SILENT_S = 2.0
TICK_S = 0.5
LINE_EVERY_S = 10.0
"Where standard error is no terminal: a new line this often, and half as often with each."


class Progress:
    """A line on standard error while a command works; called with the share that is done."""

    def __init__(self, what: str) -> None:
        self._what = what
        self._share = 0.0
        self._began_s = monotonic()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._tick, daemon=True)
        self._terminal = sys.stderr is not None and sys.stderr.isatty()
        self._drawn = False

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._ended.set()
        self._thread.join(timeout=TICK_S)
        if self._drawn and self._terminal:
            _write("\r\x1b[2K")

    def __call__(self, share: float) -> None:
        """So much is done, 0 to 1."""
        self._share = share

    def begin(self, what: str) -> None:
        """Something new is done; the clock starts again."""
        self._what, self._share, self._began_s = what, 0.0, monotonic()

    def _tick(self) -> None:
        next_s, pause_s = self._began_s + SILENT_S, LINE_EVERY_S
        while not self._ended.wait(TICK_S):
            now_s = monotonic()
            if now_s < next_s or now_s - self._began_s < SILENT_S:
                continue
            line = told(self._what, self._share, now_s - self._began_s)
            if self._terminal:
                _write(f"\r\x1b[2K{line}")
            else:
                _write(f"{line}\n")
                next_s, pause_s = now_s + pause_s, pause_s * 2
            self._drawn = True


def told(what: str, share: float, spent_s: float) -> str:
    """One line: what is done, how far it is, and the time left.

    >>> told("run", 0.25, 30.0)
    'run: 25 % done after 30 s, about 1 min 30 s left'
    """
    if share <= 0.0:
        return f"{what}: {lasting(spent_s)} spent, time left not known yet"
    left_s = spent_s * (1.0 - min(share, 1.0)) / share
    return (
        f"{what}: {share:.0%} done after {lasting(spent_s)}, about {lasting(left_s)} left".replace(
            "%", " %"
        )
    )


def lasting(seconds: float) -> str:
    """A length of time for a person.

    >>> lasting(9.6), lasting(61), lasting(7300), lasting(28 * 86400)
    ('10 s', '1 min 1 s', '2 h 1 min', '28 days')
    """
    whole = int(seconds + 0.5)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    if whole < 3 * 86_400:
        return f"{whole // 3600} h {whole % 3600 // 60} min"
    hours = whole % 86_400 // 3600
    return f"{whole // 86_400} days" + (f" {hours} h" if hours else "")


def _write(text: str) -> None:
    try:
        sys.stderr.write(text)
        sys.stderr.flush()
    except (OSError, ValueError):
        return
