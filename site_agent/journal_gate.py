"""Lets nothing leave before the journal has what it is about.

Rule of this file: what a turn keeps is in the file before anything of the turn leaves; what must
survive a power cut is on the disk before it leaves, all turns that wait sharing one sync, made
beside the loop. A disk that is slow or full delays by `sync_s_max` at the most: then it is told,
and the site goes on without.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor

from site_agent.adapters.acd_restart import ALIVE_KIND
from site_agent.adapters.base import AcdCommand, KeepForRestart
from site_agent.core.actions import JournalDrop, JournalPut, SendToNode, TellCti
from site_agent.core.events import Event, JournalTold
from site_agent.journal_file import JournalFile

AGAIN_S = 30.0
"A journal that could not be written is tried again this often."
Leaving = AcdCommand | SendToNode | TellCti
"Actions that somebody else sees."
Carry = Callable[[Leaving, float], Iterable[Event]]
Post = Callable[[Callable[[float], Iterable[Event]]], object]


class JournalGate:
    """Between what the daemon decides and what is carried out."""

    def __init__(
        self,
        file: JournalFile,
        *,
        sync_s_max: float,
        carry: Carry,
        before: Callable[[], None],
        post_first: Post,
    ) -> None:
        self._before = before
        self._file = file
        self._sync_s_max = sync_s_max
        self._carry = carry
        self._post = post_first
        self._held: deque[tuple[int, Leaving]] = deque()
        self._wanted = 0
        self._done = 0
        self._job: asyncio.Task[None] | None = None
        self._again: asyncio.TimerHandle | None = None
        self._threads = ThreadPoolExecutor(1, thread_name_prefix="journal")
        self._trouble = ""
        self.syncs_count = 0
        self.held_count = 0

    def start(self) -> None:
        """Write the journal anew: what a process before this one left is in it again."""
        try:
            self._file.start_anew()
        except OSError as error:
            self._failed(error)

    def keep(self, action: JournalPut | JournalDrop) -> None:
        """One record; it is in the file before anything else is carried out."""
        self._file.add(action)
        if action.sync and self._file.works:
            self._wanted += 1

    def alive(self, now_s: float) -> None:
        """Say when this process last lived: the next one knows how long nobody was there."""
        self.keep(JournalPut(kind=ALIVE_KIND, key="", value={"at_s": now_s}))

    def keep_now(self, kept: Sequence[KeepForRestart]) -> None:
        """What the ACD keeps of its calls: in the file before its own bytes leave."""
        for one in kept:
            if one.value is None:
                self._file.add(JournalDrop(kind=one.kind, key=one.key))
            else:
                self._file.add(JournalPut(kind=one.kind, key=one.key, value=one.value))
        self._write()

    def carry_out(self, action: Leaving, now_s: float) -> Iterable[Event]:
        """Do an action, or hold it back until the disk has what it is about."""
        self._write()
        if self._held or self._wanted > self._done:
            self._held.append((self._wanted, action))
            self.held_count += 1
            return ()
        return self._carry(action, now_s)

    def turn_ends(self) -> None:
        """The turn is over: one sync for all that waits for it."""
        self._write()
        self._begin_job()

    def stop(self) -> None:
        """The process ends: what is held back leaves."""
        if self._again is not None:
            self._again.cancel()
        self._threads.shutdown(wait=True)
        self._done = self._wanted
        self._file.close()

    # ---- inner -----------------------------------------------------------------------------

    def _write(self) -> None:
        if not self._file.has_pending:
            return
        self._before()
        try:
            self._file.write()
        except OSError as error:
            self._failed(error)

    def _begin_job(self) -> None:
        if self._job is not None or not self._file.works:
            return
        if self._wanted > self._done:
            self._job = asyncio.ensure_future(self._sync(self._wanted))
        elif self._file.wants_anew():
            self._job = asyncio.ensure_future(self._write_anew())

    async def _sync(self, wanted: int) -> None:
        loop = asyncio.get_running_loop()
        late = loop.call_later(self._sync_s_max, self._late)
        try:
            await loop.run_in_executor(self._threads, self._file.sync)
            self.syncs_count += 1
            self._tell("")
        except OSError as error:
            self._failed(error)
        finally:
            late.cancel()
            self._job = None
        self._release(wanted)
        self._begin_job()

    async def _write_anew(self) -> None:
        loop = asyncio.get_running_loop()
        data = self._file.begin_anew()
        try:
            file = await loop.run_in_executor(self._threads, self._file.write_beside, data)
            self._file.take_place(file, len(data))
            self._tell("")
        except OSError as error:
            self._failed(error)
        finally:
            self._job = None
        self._begin_job()

    def _late(self) -> None:
        self._tell(
            f"the disk takes longer than {self._sync_s_max:g} s: moves go on without waiting for"
            " it; look at this disk"
        )
        self._release(self._wanted)

    def _failed(self, error: OSError) -> None:
        self._file.give_up()
        self._tell(f"cannot be written: {error}; after a restart nothing is resumed; free the disk")
        self._release(self._wanted)
        if self._again is None:
            self._again = asyncio.get_event_loop().call_later(AGAIN_S, self._try_again)

    def _try_again(self) -> None:
        self._again = None
        if not self._file.works and self._job is None:
            self._job = asyncio.ensure_future(self._write_anew())

    def _release(self, done: int) -> None:
        self._done = max(self._done, done)
        if self._held:
            self._post(self._let_go)

    def _let_go(self, now_s: float) -> list[Event]:
        events: list[Event] = []
        while self._held and self._held[0][0] <= self._done:
            events.extend(self._carry(self._held.popleft()[1], now_s))
        return events

    def _tell(self, trouble: str) -> None:
        if trouble != self._trouble:
            self._trouble = trouble
            self._post(lambda now_s: [JournalTold(problem=trouble)])
