"""Looks up and ends processes of this machine by number and start: the other one of a pair.

Rule of this file: a number alone is never trusted, for the kernel gives numbers away again; what is
ended is the very process that was looked up.
"""

from __future__ import annotations

import os
import select
import signal
import socket
from dataclasses import dataclass
from pathlib import Path

from site_agent.core.pair_words import Holder
from site_agent.journal_file import UNKNOWN_BOOT, boot_id

END_S_MAX = 2.0
"How long the kernel may take to end a process."
ENDED_STATES = frozenset("ZX")
"""A process that is over and only waits for its parent to notice; or its first thread is, and the
others still have its sockets and locks."""


def this_process(name: str, life: str) -> Holder:
    """This very process, as the other one of the pair has to know it."""
    found = _look_up(os.getpid())
    boot = boot_id()
    return Holder(
        name=name,
        life=life,
        host=socket.gethostname(),
        boot="" if boot == UNKNOWN_BOOT else boot,
        space=_space() if found else "",
        pid=os.getpid(),
        started=found.started if found else 0,
    )


def is_gone(holder: Holder) -> bool:
    """Is this process, which ran beside us, over with all its threads? Then its sockets and locks
    are free."""
    found = _look_up(holder.pid)
    if found is None or found.started != holder.started:
        return True
    return found.state in ENDED_STATES and found.threads <= 1


def end(holder: Holder) -> str:
    """End this process, at once and for good; empty, or why it could not be."""
    try:
        handle = os.pidfd_open(holder.pid)
    except ProcessLookupError:
        return ""
    except OSError as error:
        return f"pid {holder.pid} cannot be looked up: {error.strerror}"
    try:
        if is_gone(holder):
            return ""
        signal.pidfd_send_signal(handle, signal.SIGKILL)
        poll = select.poll()
        poll.register(handle, select.POLLIN)
        if not poll.poll(END_S_MAX * 1000):
            return f"pid {holder.pid} does not end: it waits for a disk? Restart this machine"
    except ProcessLookupError:
        return ""
    except OSError as error:
        return (
            f"pid {holder.pid} does not renew its lease and cannot be ended ({error.strerror}): end"
            " it by hand; run both of a pair as the same user"
        )
    finally:
        os.close(handle)
    return ""


@dataclass(frozen=True, slots=True)
class _Found:
    """What the kernel says of a process: proc(5), fields 3, 20 and 22."""

    state: str
    threads: int
    started: int


def _look_up(pid: int) -> _Found | None:
    """None if there is no such process."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
    fields = text.rpartition(")")[2].split()
    return _Found(fields[0], int(fields[17]), int(fields[19]))


def _space() -> str:
    try:
        return str(Path("/proc/self/ns/pid").readlink())
    except OSError:
        return ""
