"""How many calls per second the whole built-in ACD moves: its shell, queues, trunks and SIP core.

As bench_sip, with `SipAcdShell` in the place of a bare user agent: every call is offered, moved by
a fixed command and told as it ends; only NIRC is left out. The rate rises while every call succeeds
(retransmissions are counted and may come); then half of the best rate is run once more for the
time from INVITE to its final answer. `bench_sip_acd.py memory SECONDS RATE` lets calls run at one
rate and prints what the process holds.
"""

import asyncio
import csv
import gc
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench_report import report
from scripted_callers import acd_settings, moves_for

from site_agent.acd_shells import new_id
from site_agent.adapters.base import AcdEvent
from site_agent.sip_acd_shell import SipAcdShell

NAMES = (
    "sip_acd_302_cps",
    "sip_acd_302_p99_ms",
    "sip_acd_302_cpu_us_per_call",
    "sip_acd_refer_cps",
    "sip_acd_refer_p99_ms",
    "sip_acd_refer_cpu_us_per_call",
)

HERE = Path(__file__).resolve().parent
GOALS = {"redirect": 3_000.0, "refer": 600.0}
P99_MS_GOAL = 50.0
CPU_US_GOALS = {"redirect": 300.0, "refer": 1_000.0}
STEPS = {
    "redirect": (250, 500, 750, 1_000, 1_500, 2_000, 2_500, 3_000, 3_500),
    "refer": (100, 200, 300, 400, 500, 600, 700),
}
FINAL = {"redirect": "302", "refer": "200"}
FIGURES = {"redirect": "sip_acd_302", "refer": "sip_acd_refer"}
STEP_S = 5


class Site:
    """The ACD, and a daemon that moves every call at once."""

    def __init__(self) -> None:
        self.shell = SipAcdShell(acd_settings(("127.0.0.1", 0)), new_id, self._post, _now)

    def _post(self, item: Callable[[float], list[AcdEvent]]) -> bool:
        self._take(item(_now()))
        return True

    def _take(self, events: list[AcdEvent]) -> None:
        for event in events:
            for command in moves_for(event):
                self._take(self.shell.command(command, _now()))

    async def serve(self) -> None:
        print((await self.shell.start())["carrier"][1], flush=True)
        gc.collect()
        gc.freeze()
        gc.set_threshold(50_000, 50, 50)
        while True:
            await asyncio.sleep(0.005)
            self._take(self.shell.fire(_now()))


def _now() -> float:
    return time.clock_gettime(time.CLOCK_BOOTTIME)


def run_server() -> None:
    """Serve until killed."""
    resource.setrlimit(resource.RLIMIT_NOFILE, (4096, 4096))
    try:
        import uvloop
    except ImportError:
        asyncio.run(Site().serve())
    else:
        uvloop.run(Site().serve())


def run_sipp(
    kind: str, port: int, rate: int, folder: Path, *, calls: int = 0
) -> tuple[bool, float]:
    """One run of load: whether all calls succeeded in time, and the p99 of the answer in ms."""
    calls = calls or rate * STEP_S
    text = (HERE / "sipp" / f"{kind}.xml").read_text(encoding="utf-8")
    ringing = '<recv response="100" optional="true" />'
    text = text.replace(ringing, ringing + ringing.replace("100", "180"), 1)
    text = text.replace('<send retrans="500">', '<send retrans="500" start_rtd="1">', 1)
    text = text.replace(
        f'<recv response="{FINAL[kind]}"', f'<recv response="{FINAL[kind]}" rtd="1"', 1
    )
    (folder / "scenario.xml").write_text(text, encoding="utf-8")
    limit_s = calls / rate * 2 + 20
    command = [
        "sipp", f"127.0.0.1:{port}", "-sf", "scenario.xml", "-i", "127.0.0.1", "-s", kind,
        "-r", str(rate), "-m", str(calls), "-l", "30000", "-timeout", f"{limit_s:.0f}s",
        "-timeout_error", "-nostdin", "-trace_stat", "-stf", str(folder / "stat.csv"), "-fd", "1",
        "-buff_size", "4194304", "-trace_rtt", "-rtt_freq", "50",
    ]  # fmt: skip
    began = time.monotonic()
    done = subprocess.run(command, cwd=folder, capture_output=True, check=False)
    took_s = time.monotonic() - began
    with (folder / "stat.csv").open() as file:
        last = list(csv.DictReader(file, delimiter=";"))[-1]
    failed, again = int(last["FailedCall(C)"]), int(last["Retransmissions(C)"])
    p99_ms = _p99_ms(folder)
    well = done.returncode == 0 and not failed and took_s < calls / rate * 1.2 + 1.5
    print(
        f"{kind} at {rate}/s: {calls} calls in {took_s:.1f} s, failed {failed}, retransmissions"
        f" {again}, p99 {p99_ms:.1f} ms {'' if well else '<- not good'}",
        flush=True,
    )
    return well, p99_ms


def _p99_ms(folder: Path) -> float:
    times: list[float] = []
    for path in folder.glob("*_rtt.csv"):
        lines = path.read_text(encoding="utf-8").splitlines()[1:]
        times += [float(line.split(";")[1]) for line in lines if line.count(";") >= 2]
    return sorted(times)[len(times) * 99 // 100] if times else float("nan")


def with_server(act: Callable[[int, int], Any]) -> Any:
    """A fresh server for each run, ended by its own handle; told its port and process id."""
    with subprocess.Popen(
        [sys.executable, __file__, "serve"], stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stdout is not None
            return act(int(process.stdout.readline()), process.pid)
        finally:
            process.terminate()
            process.wait()


def one_run(kind: str, rate: int) -> tuple[bool, float, float]:
    """As `run_sipp`, and the processor time of a call in us."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder)

        def act(port: int, pid: int) -> tuple[bool, float, float]:
            before_us = cpu_us(pid)
            found = run_sipp(kind, port, rate, path)
            per_call_us = (cpu_us(pid) - before_us) / (rate * STEP_S)
            print(f"    the server took {per_call_us:.0f} us of processor time a call", flush=True)
            return *found, per_call_us

        found: tuple[bool, float, float] = with_server(act)
        return found


def cpu_us(pid: int) -> float:
    """Processor time that a process has taken, in microseconds."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK") * 1e6


def measure(kind: str) -> tuple[float, float, float]:
    """The best rate; p99 and processor time of a call at half of it."""
    best = 0
    for rate in STEPS[kind]:
        if not any(one_run(kind, rate)[0] for _ in range(2)):
            break
        best = rate
    halves = [one_run(kind, max(best // 2, 1)) for _ in range(2)]
    return float(best), min(half[1] for half in halves), min(half[2] for half in halves)


def memory(seconds: float, rate: int) -> None:
    """Calls at one rate; what the process holds after each tenth of the time."""

    def act(port: int, pid: int) -> None:
        per_part, done = int(rate * seconds / 10), 0
        for _ in range(10):
            with tempfile.TemporaryDirectory() as folder:
                run_sipp("redirect", port, rate, Path(folder), calls=per_part)
            done += per_part
            status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
            held = next(line for line in status.splitlines() if line.startswith("VmRSS"))
            print(f"after {done} calls: {int(held.split()[1]) / 1024:.1f} MB", flush=True)

    with_server(act)


def main() -> int:
    """Measure both figures and both times."""
    if shutil.which("sipp") is None:
        print("sipp is not installed: apt-get install sip-tester", file=sys.stderr)
        return 1
    for kind, goal in GOALS.items():
        best, p99_ms, us = measure(kind)
        report(f"{FIGURES[kind]}_cps", best, "calls/s", goal, "higher")
        report(f"{FIGURES[kind]}_p99_ms", p99_ms, "ms", P99_MS_GOAL, "lower")
        report(f"{FIGURES[kind]}_cpu_us_per_call", us, "us", CPU_US_GOALS[kind], "lower")
    return 0


if __name__ == "__main__":
    if sys.argv[1:] == ["serve"]:
        run_server()
    elif sys.argv[1:2] == ["memory"]:
        memory(float(sys.argv[2]), int(sys.argv[3]))
    else:
        sys.exit(main())
