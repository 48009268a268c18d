"""Figures of this process, under the names that every Prometheus client gives them.

Rule of this file: it reads what the kernel tells of this process, and is silent where it tells
nothing.

Format: Linux, proc(5): /proc/self/stat, /proc/self/statm, /proc/self/fd.
"""

from __future__ import annotations

import gc
import os
import resource
from collections.abc import Iterator
from pathlib import Path

from nrcli.telemetry.metric_families import MetricFamily, counter, gauge

OWN = Path("/proc/self")


def process_families(own: Path = OWN) -> Iterator[MetricFamily]:
    """Processor time, memory, descriptors, collections of garbage."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    yield counter(
        "process_cpu_seconds_total",
        "Processor time of this process.",
        [((), used.ru_utime + used.ru_stime)],
    )
    for name, help_, read in (
        ("process_resident_memory_bytes", "Memory in use.", _resident_bytes),
        ("process_open_fds", "Open files and sockets.", _open_files),
    ):
        try:
            yield gauge(name, help_, [((), read(own))])
        except (OSError, ValueError, IndexError):
            continue
    limit = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    yield gauge("process_max_fds", "Open files and sockets allowed.", [((), float(limit))])
    yield counter(
        "python_gc_collections_total",
        "Collections of garbage, by the age of what was looked at.",
        [
            ((("generation", str(age)),), float(told["collections"]))
            for age, told in enumerate(gc.get_stats())
        ],
    )


def _resident_bytes(own: Path) -> float:
    pages = int((own / "statm").read_text(encoding="ascii").split()[1])
    return float(pages * os.sysconf("SC_PAGE_SIZE"))


def _open_files(own: Path) -> float:
    return float(sum(1 for _ in (own / "fd").iterdir()))
