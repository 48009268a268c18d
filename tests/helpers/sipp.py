"""Runs sipp as a caller or as an agent's phone, with limits that end it whatever happens.

Rule of this file: every run has `-timeout` with `-timeout_error` and `-nostdin`; a sipp that
serves is ended by its own id. Exit codes of sipp: 0 passed, 1 a call failed, 255 time over or no
port.
"""

from __future__ import annotations

import shutil
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

SCENARIOS = Path(__file__).resolve().parents[1] / "services" / "scenarios"
LIMIT_S = 60


def sipp_program() -> str:
    """sipp on PATH. Raises RuntimeError with the remedy."""
    found = shutil.which("sipp")
    if not found:
        raise RuntimeError("sipp is missing: install Debian's sip-tester (make test does it)")
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class SippRun:
    """How a caller's run ended."""

    exit_code: int
    output: str

    def assert_passed(self) -> None:
        """Fail with sipp's own words."""
        assert self.exit_code == 0, f"sipp ended with {self.exit_code}\n{self.output}"


class Sipp:
    """One sipp process: start it, then `finish` a caller or let the context end an agent."""

    def __init__(
        self,
        folder: Path,
        *,
        name: str,
        scenario: str,
        local: tuple[str, int],
        remote: str = "",
        number: str = "+351210000001",
        calls: int = 1,
        pause_ms: int | None = None,
        more: Sequence[str] = (),
    ) -> None:
        self.folder = folder / name
        self.folder.mkdir(parents=True, exist_ok=True)
        built_in = not scenario.endswith(".xml")
        command = [
            sipp_program(),
            *(("-sn", scenario) if built_in else ("-sf", str(SCENARIOS / scenario))),
            *("-i", local[0], "-p", str(local[1]), "-s", number),
            *("-timeout", f"{LIMIT_S}s", "-timeout_error", "-nostdin"),
            *("-trace_err", "-error_file", str(self.folder / "errors.log")),
            *("-trace_logs", "-log_file", str(self.folder / "actions.log")),
            *("-trace_msg", "-message_file", str(self.folder / "messages.log")),
            *(("-m", str(calls)) if remote else ()),
            *(("-d", str(pause_ms)) if pause_ms is not None else ()),
            *more,
            *((remote,) if remote else ()),
        ]
        with (self.folder / "screen.log").open("wb") as screen:
            self.process = subprocess.Popen(
                command,
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=screen,
                stderr=screen,
                start_new_session=True,
            )

    def __enter__(self) -> Sipp:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def finish(self) -> SippRun:
        """Wait until a caller's calls are over."""
        code = self.process.wait(timeout=LIMIT_S + 15)
        return SippRun(exit_code=code, output=self.words())

    def stop(self) -> None:
        """End it by its own id, if it still runs."""
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait(timeout=10)

    def words(self) -> str:
        """What sipp wrote: errors, then the end of the messages."""
        return "\n".join(
            f"-- {name}\n{self.text(name)[-4000:]}" for name in ("errors.log", "messages.log")
        )

    def text(self, name: str) -> str:
        """One of its files; empty if it was never written."""
        try:
            return (self.folder / name).read_text(errors="replace")
        except OSError:
            return ""

    def wait_for_message(self, text: str, *, within_s: float = LIMIT_S) -> None:
        """Wait until its message trace holds a text. Raises TimeoutError."""
        until = time.monotonic() + within_s
        while time.monotonic() < until:
            if text in self.text("messages.log"):
                return
            time.sleep(0.05)
        raise TimeoutError(f"sipp saw no {text!r}\n{self.words()}")
