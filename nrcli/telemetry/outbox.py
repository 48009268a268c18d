"""What waits to be sent to a collector: bounded, sent from a thread, never waited for.

Rule of this file: `put` costs an append and returns. What finds no place, and what the collector
does not take, is dropped and counted; a collector that is away is told of once.
"""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from threading import Event, Thread
from typing import Generic, TypeVar

log = logging.getLogger(__name__)
T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxCounts:
    """What became of everything that was put in."""

    sent_count: int
    dropped_count: int
    "For want of a place."
    failed_count: int
    "The collector did not take it."
    waiting_count: int


class Outbox(Generic[T]):
    """One kind of things. `start`, then `stop`; both once."""

    def __init__(
        self,
        kind: str,
        send: Callable[[list[T]], str],
        *,
        waiting_max: int,
        batch_max: int,
        every_s: float,
    ) -> None:
        """`send` gives a batch to the collector and says what is wrong, or nothing; it may take
        long, and is called from a thread of its own. `every_s`: how often is looked."""
        self.kind = kind
        self._send = send
        self._waiting_max = waiting_max
        self._batch_max = batch_max
        self._every_s = every_s
        self._waiting: deque[T] = deque()
        self._sent_count = self._dropped_count = self._failed_count = 0
        self._problem = ""
        self._stopping = Event()
        self._thread = Thread(target=self._run, name=f"otlp-{kind}", daemon=True)

    @property
    def counts(self) -> OutboxCounts:
        """So far."""
        return OutboxCounts(
            sent_count=self._sent_count,
            dropped_count=self._dropped_count,
            failed_count=self._failed_count,
            waiting_count=len(self._waiting),
        )

    def start(self) -> None:
        """Send from now on."""
        self._thread.start()

    def put(self, item: T) -> None:
        """Have one thing sent, or drop it; only ever called by one thread."""
        if len(self._waiting) >= self._waiting_max:
            self._dropped_count += 1
        else:
            self._waiting.append(item)

    def stop(self, wait_s: float) -> None:
        """Send what waits, for at most so long; call it beside the loop."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(wait_s)

    def _run(self) -> None:
        while not self._stopping.wait(self._every_s):
            self._send_all()
        self._send_all()

    def _send_all(self) -> None:
        while self._waiting:
            batch = self._batch()
            try:
                problem = self._send(batch)
            except Exception as error:
                problem = f"{type(error).__name__}: {error}"
            if problem:
                self._failed_count += len(batch)
            else:
                self._sent_count += len(batch)
            self._tell(problem)
            if problem and self._stopping.is_set():
                return

    def _batch(self) -> list[T]:
        count = min(len(self._waiting), self._batch_max)
        return [self._waiting.popleft() for _ in range(count)]

    def _tell(self, problem: str) -> None:
        if problem and not self._problem:
            log.warning("no %s reach the collector, and are dropped: %s", self.kind, problem)
        elif self._problem and not problem:
            log.warning("%s reach the collector again", self.kind)
        self._problem = problem
