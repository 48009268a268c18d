"""Faults of a host's machine: a starved processor, a slow disk, a full disk, a clock that jumps.

Rule of this file: each is a context that undoes itself. What this machine can not do raises
`NotHere`, and the row says so.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

CGROUPS = Path("/sys/fs/cgroup")
PERIOD_US = 100_000


class NotHere(Exception):
    """This machine can not have that fault; the text says what is missing."""


@contextlib.contextmanager
def starved(pid: int, cores: float) -> Iterator[None]:
    """A process, with all its threads, gets this share of one core."""
    old = CGROUPS / "cpu"
    root = old if old.is_dir() else CGROUPS
    group = root / f"nircrun-{os.getpid()}-{pid}"
    quota_us = int(cores * PERIOD_US)
    try:
        group.mkdir()
        if old.is_dir():
            (group / "cpu.cfs_period_us").write_text(str(PERIOD_US))
            (group / "cpu.cfs_quota_us").write_text(str(quota_us))
        else:
            (group / "cpu.max").write_text(f"{quota_us} {PERIOD_US}")
        (group / "cgroup.procs").write_text(str(pid))
    except OSError as error:
        with contextlib.suppress(OSError):
            group.rmdir()
        raise NotHere(f"no control group for processor time: {error}") from error
    try:
        yield
    finally:
        with contextlib.suppress(OSError):
            (root / "cgroup.procs").write_text(str(pid))
        with contextlib.suppress(OSError):
            group.rmdir()


@contextlib.contextmanager
def slow_disk(pids: Sequence[int], delay_ms: float) -> Iterator[None]:
    """Every fsync and fdatasync of these processes takes longer."""
    strace = shutil.which("strace")
    if strace is None:
        raise NotHere("strace is not on PATH (Debian: strace)")
    calls = "fsync,fdatasync"
    what = ("-e", f"trace={calls}", "-e", f"inject={calls}:delay_exit={int(delay_ms * 1000)}")
    tracers = [
        subprocess.Popen(
            [strace, "-f", "-qq", "-p", str(pid), "-o", "/dev/null", *what],
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        for pid in pids
    ]
    time.sleep(0.5)  # until every thread is attached to
    if any(tracer.poll() is not None for tracer in tracers):
        _end(tracers)
        raise NotHere("strace may not attach to a process here")
    try:
        yield
    finally:
        _end(tracers)


def _end(tracers: Sequence[subprocess.Popen[bytes]]) -> None:
    for tracer in tracers:
        tracer.terminate()
    for tracer in tracers:
        tracer.wait()


@contextlib.contextmanager
def full_disk(folder: Path) -> Iterator[None]:
    """The file system of `folder`, a small one of its own, has no byte left."""
    ballast = folder / "ballast"
    try:
        with contextlib.suppress(OSError), ballast.open("wb") as file:
            while True:
                file.write(bytes(65_536))
        yield
    finally:
        ballast.unlink(missing_ok=True)


@contextlib.contextmanager
def small_disk(folder: Path, megabytes: int) -> Iterator[None]:
    """`folder` on a file system of its own."""
    folder.mkdir(parents=True, exist_ok=True)
    size = f"size={megabytes}m,mode=0700"
    command = ["mount", "-t", "tmpfs", "-o", size, "tmpfs", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise NotHere(f"no small file system can be mounted: {done.stderr.strip()}")
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", str(folder)], capture_output=True, check=False)


def faked_clock(offset_file: Path) -> dict[str, str]:
    """Environment of a process whose wall clock is moved by what stands in a file (seconds)."""
    found = sorted(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"))
    if not found:
        raise NotHere("libfaketime is not installed (Debian: faketime)")
    offset_file.write_text("+0\n")
    return {
        "LD_PRELOAD": str(found[0]),
        "FAKETIME_TIMESTAMP_FILE": str(offset_file),
        "FAKETIME_NO_CACHE": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
    }
