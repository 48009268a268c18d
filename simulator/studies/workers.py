"""Carries out jobs in processes of this machine, the calling one among them.

Rule of this file: the caller works too, and other processes are started only when what is left is
worth it, after the first job has shown progress: by then the engine is compiled and its cache warm.
Each other process is fed by one thread, which hands it the next job as soon as it has answered:
nothing is dealt out beforehand, and no job waits behind another. Interrupting is the caller's:
workers ignore Ctrl-C and are ended.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import sys
import threading
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection
from multiprocessing.context import BaseContext
from multiprocessing.process import BaseProcess
from time import monotonic
from typing import Any

from simulator.studies.jobs import Done, Failure, J, Mapped, R, Told, Work, guarded, raised

PRELOADED = ["simulator.studies.run"]
"What the server of new processes imports once for all of them."
READY = "ready"
TOLD_EVERY_S = 0.25
WORKERS_MAX = 256
STARTED_AFTER_S = 0.25
"What is done sooner than this starts no other process."
WORTH_S = 2.5
"Others are started when the caller alone would work for longer than this: a start takes a second."


@dataclass(slots=True)
class _Round:
    """One call of `map`, shared by the threads that feed and the caller."""

    work: Any
    jobs: Sequence[Any]
    left: deque[int]
    results: list[Any]
    shares: list[float]
    failures: list[Failure] = field(default_factory=list)
    feeders: list[threading.Thread] = field(default_factory=list)
    changed: threading.Condition = field(default_factory=threading.Condition)
    told_done: Any = None
    "Is told each result, with the number of its job."
    lost: Failure | None = None
    "A worker is gone."
    ended: threading.Event = field(default_factory=threading.Event)
    "The caller has nothing more to do itself."
    interrupted: bool = False
    """Ctrl-C was heard. What it raises can be lost where Python ignores exceptions (a finalizer, a
    callback of a library), so it is looked at again at every step."""

    def go_on(self) -> None:
        """Raises KeyboardInterrupt if Ctrl-C was heard."""
        if self.interrupted:
            raise KeyboardInterrupt

    def next(self) -> int | None:
        """The next job; None when none is left or one has failed."""
        try:
            return None if self.failures or self.lost else self.left.popleft()
        except IndexError:
            return None

    def done(self, number: int, result: Any) -> None:
        """Keep a job's result."""
        with self.changed:
            if isinstance(result, Failure):
                self.failures.append(result)
            else:
                self.results[number] = result
                if self.told_done is not None:
                    self.told_done(number, result)
            self.shares[number] = 1.0
            self.changed.notify_all()

    @property
    def share(self) -> float:
        """How much of the whole is done."""
        return sum(self.shares) / len(self.shares)


class LocalCrew:
    """Processes of this machine; none is started before there is a second job."""

    def __init__(self, workers_count: int) -> None:
        self._others_max = max(0, min(workers_count, WORKERS_MAX) - 1)
        self._others: list[tuple[BaseProcess, Connection]] = []

    def map(
        self, work: Work[J, R], jobs: Sequence[J], told: Told, done: Done[R] | None = None
    ) -> Mapped[R]:
        """Do every job; see `Crew.map`."""
        if not jobs:
            return Mapped(results=())
        count = len(jobs)
        now = _Round(
            work=work,
            jobs=jobs,
            left=deque(range(count)),
            results=[None] * count,
            shares=[0.0] * count,
            told_done=done,
        )
        others = threading.Thread(target=self._start_others, args=(now,), daemon=True)
        before = _heard(now)
        try:
            if self._others_max and count > 1:
                others.start()
            self._work_here(now, told)
            self._wait(now, others, told)
        except BaseException as error:
            now.ended.set()
            self.close()
            if isinstance(error, KeyboardInterrupt):
                return Mapped(results=tuple(now.results), interrupted=True)
            raise
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
        if now.failures:
            self.close()
            raise raised(now.failures[0])
        if now.lost:
            self.close()
        return Mapped(results=tuple(now.results), problem=now.lost)

    def close(self) -> None:
        """End the other processes, finished or not."""
        for process, connection in self._others:
            process.terminate()
            connection.close()
        for process, _ in self._others:
            process.join(timeout=5)
        self._others = []

    def _start_others(self, now: _Round) -> None:
        """Start and feed the other processes, once that is worth it."""
        _deaf_to_ctrl_c()
        began_s = monotonic()
        while not now.ended.wait(STARTED_AFTER_S) and now.left and not self._others:
            share = now.share
            if share > 0 and (monotonic() - began_s) * (1 - share) / share > WORTH_S:
                break
        with contextlib.suppress(EOFError, OSError):  # ended while others were being started
            while len(self._others) < self._others_max and now.left and not now.ended.is_set():
                self._others.append(_started())
        for other in self._others:
            thread = threading.Thread(target=_feed, args=(now, *other), daemon=True)
            now.feeders.append(thread)
            thread.start()

    def _work_here(self, now: _Round, told: Told) -> None:
        while (number := now.next()) is not None:
            mine = number

            def tell(share: float, mine: int = mine) -> None:
                now.go_on()
                now.shares[mine] = share
                told(now.share)

            now.done(number, now.work(now.jobs[number], tell))
            now.go_on()
            told(now.share)

    def _wait(self, now: _Round, others: threading.Thread, told: Told) -> None:
        """Until every feeder has ended. A wait with an end, so that Ctrl-C is heard."""
        now.ended.set()
        while others.is_alive() or any(thread.is_alive() for thread in now.feeders):
            if now.failures or now.lost:
                return
            now.go_on()
            with now.changed:
                now.changed.wait(TOLD_EVERY_S / 2)
            told(now.share)


def workers_usable() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _heard(now: _Round) -> dict[signal.Signals, Any]:
    """Notes Ctrl-C and SIGTERM for a round, before what stood there is done; what stood there."""
    before: dict[signal.Signals, Any] = {}
    if threading.current_thread() is threading.main_thread():
        for number in (signal.SIGINT, signal.SIGTERM):
            handler = signal.getsignal(number)
            if callable(handler):

                def note(got: int, frame: Any, handler: Any = handler) -> None:
                    now.interrupted = True
                    handler(got, frame)

                before[number] = handler
                signal.signal(number, note)
    return before


def _deaf_to_ctrl_c() -> None:
    """Hold Ctrl-C off this thread: processes that it starts are born so, and do not break off with
    a traceback before they have come to `_serve`. (The tracker lets go of what it finds held: it
    is started before.)"""
    if hasattr(signal, "pthread_sigmask"):
        resource_tracker.ensure_running()
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})


def _context() -> BaseContext:
    if "forkserver" in multiprocessing.get_all_start_methods():
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(PRELOADED)
        return context
    return multiprocessing.get_context("spawn")


def _started() -> tuple[BaseProcess, Connection]:
    context = _context()
    ours, theirs = context.Pipe()
    process: BaseProcess = context.Process(target=_serve, args=(theirs,), daemon=True)  # type: ignore[attr-defined]
    process.start()
    theirs.close()
    return process, ours


def _feed(now: _Round, process: BaseProcess, connection: Connection) -> None:
    """Hand one process job after job, until none is left."""
    number: int | None = None
    try:
        while not connection.poll(TOLD_EVERY_S / 5):  # until it has started
            if not now.left or not process.is_alive():
                return
        connection.recv()
        while (number := now.next()) is not None:
            connection.send((now.work, now.jobs[number]))
            while isinstance(answer := connection.recv(), float):
                now.shares[number] = answer
            now.done(number, answer[0])
        connection.send(None)  # asks for the word that it is ready, for the next round
    except (EOFError, OSError):
        if number is not None:
            process.join(timeout=1)
            why = f"a worker process ended unexpectedly (exit code {process.exitcode})"
            now.lost = Failure(problem=why, remedy="if memory ran out, use fewer --workers")


def _serve(connection: Connection) -> None:
    """A worker process: jobs from the pipe until it is closed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))  # files under way are closed
    last_s = [0.0]

    def tell(share: float) -> None:
        if (now_s := monotonic()) - last_s[0] >= TOLD_EVERY_S:
            last_s[0] = now_s
            connection.send(float(share))

    with contextlib.suppress(EOFError, OSError):
        connection.send(READY)
        while True:
            given = connection.recv()
            last_s[0] = monotonic()
            if given is None:
                connection.send(READY)
                continue
            work, job = given
            connection.send((guarded(work, job, tell),))
