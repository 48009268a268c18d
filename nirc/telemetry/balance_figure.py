"""Asks whether the records of the last whole hour but one are in balance, in a process of its own.

Rule of this file: reading files of records takes a processor for seconds, so the own process of a
node never does it: `nrcli report balance` is run beside it, at low priority, bounded in time. What
cannot be found out gives no value.
"""

import asyncio
import json
import logging
import os
import sys
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from nirc.alarms.figure_windows import Sample

log = logging.getLogger(__name__)

EVERY_S = 900.0
HOUR_S = 3600.0
WAIT_S_MAX = 120.0
NICE = 15
ANSWER_BYTES_MAX = 8 << 20
PROGRAM = "from nrcli.commands.main import main; main()"


class BalanceFigure:
    """The files of one folder. `run` until cancelled; `value` is the newest that is known."""

    def __init__(
        self, folder: Path, *, leads: Callable[[], bool], wall_unix_s: Callable[[], float]
    ) -> None:
        self._folder = folder
        self._leads = leads
        self._wall_unix_s = wall_unix_s
        self.value: Sample | None = None

    async def run(self) -> None:
        """Look now and then, while this node leads."""
        while True:
            if self._leads():
                await self.look()
            else:
                self.value = None
            await asyncio.sleep(EVERY_S)

    async def look(self) -> None:
        """Ask once. Calls may end, and files be written, for an hour after the hour looked at."""
        end_unix_s = self._wall_unix_s() // HOUR_S * HOUR_S - HOUR_S
        words = ["--json", "report", "balance", "--records", str(self._folder)]
        words += ["--from", _told(end_unix_s - HOUR_S), "--to", _told(end_unix_s)]
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-c", PROGRAM, *words),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            limit=ANSWER_BYTES_MAX,
        )
        _step_back(process.pid)
        assert process.stdout is not None
        try:
            async with asyncio.timeout(WAIT_S_MAX):
                text = await process.stdout.read()
                await process.wait()
            self.value = Sample(float(len(json.loads(text)["findings"])))
        except (TimeoutError, ValueError, KeyError, TypeError) as error:
            log.warning("the balance of records is not known: %s", type(error).__name__)
            self.value = None
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()


def _step_back(pid: int) -> None:
    """Calls go before; a process that has ended already needs none."""
    with suppress(OSError):
        os.setpriority(os.PRIO_PROCESS, pid, NICE)


def _told(unix_s: float) -> str:
    return datetime.fromtimestamp(unix_s, UTC).strftime("%Y-%m-%dT%H:%M")
