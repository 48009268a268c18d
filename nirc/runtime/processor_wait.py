"""How much of its time a thread was ready to run and was given no processor.

Rule of this file: it reads what the kernel counts of the calling thread, and judges nothing. A
kernel that does not count says nothing, and so do we.

Format: Linux, Documentation/scheduler/sched-stats.rst, /proc/<pid>/schedstat (nanoseconds run,
nanoseconds waited, time slices).
"""

from __future__ import annotations

from pathlib import Path

SCHEDSTAT = Path("/proc/thread-self/schedstat")


class ProcessorWait:
    """Of the thread that calls `share`: always the same one."""

    def __init__(self, now_s: float, schedstat: Path = SCHEDSTAT) -> None:
        self._schedstat = schedstat
        self._at_s = now_s
        self._waited_s = self._read_s()

    def share(self, now_s: float) -> float:
        """Since the last call, 0 to 1."""
        waited_s, passed_s = self._read_s(), now_s - self._at_s
        grown_s = waited_s - self._waited_s
        self._at_s, self._waited_s = now_s, waited_s
        return min(max(grown_s / passed_s, 0.0), 1.0) if passed_s > 0 else 0.0

    def _read_s(self) -> float:
        try:
            return int(self._schedstat.read_text(encoding="ascii").split()[1]) / 1e9
        except (OSError, ValueError, IndexError):
            return 0.0
