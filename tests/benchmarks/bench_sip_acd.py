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

from nrcli.wire.messages import TransferMethod
from site_agent.acd_shells import new_id
from site_agent.adapters.base import (
    AcdEvent,
    CallAnswered,
    CallOffered,
    EndMoved,
    MoveProgress,
    MoveSign,
    StartMove,
)
from site_agent.adapters.sip_acd.settings import (
    LimitSettings,
    QueueSettings,
    SipAcdSettings,
    TrunkGroupSettings,
)
from site_agent.sip_acd_shell import SipAcdShell

NAMES = ("sip_acd_302_cps", "sip_acd_302_p99_ms", "sip_acd_refer_cps", "sip_acd_refer_p99_ms")

HERE = Path(__file__).resolve().parent
GOALS = {"redirect": 3_000.0, "refer": 600.0}
P99_MS_GOAL = 50.0
STEPS = {
    "redirect": (250, 500, 750, 1_000, 1_500, 2_000, 2_500, 3_000, 3_500),
    "refer": (100, 200, 300, 400, 500, 600, 700),
}
FINAL = {"redirect": "302", "refer": "200"}
FIGURES = {"redirect": "sip_acd_302", "refer": "sip_acd_refer"}
STEP_S = 5
MANY = 100_000
TARGET = "sip:nirc-token@127.0.0.1:9"


def settings() -> SipAcdSettings:
    group = TrunkGroupSettings(
        name="carrier",
        listen=("127.0.0.1", 0),
        peers=("127.0.0.0/8",),
        numbers={"redirect": "redirect", "refer": "refer"},
        channels_max=MANY,
        calls_per_s_per_source=MANY,
        answer_after_s=0.0,
    )
    return SipAcdSettings(
        trunk_groups=(group,),
        queues=tuple(QueueSettings(name=name, places_max=MANY) for name in GOALS),
        limits=LimitSettings(redirect_options_s=0.0, calls_max=MANY),
    )


class Site:
    """The ACD, and a daemon that moves every call at once."""

    def __init__(self) -> None:
        self.shell = SipAcdShell(settings(), new_id, self._post, _now)
        self._refers: set[str] = set()

    def _post(self, item: Callable[[float], list[AcdEvent]]) -> bool:
        self._take(item(_now()))
        return True

    def _take(self, events: list[AcdEvent]) -> None:
        for event in events:
            for command in self._decide(event):
                self._take(self.shell.command(command, _now()))

    def _decide(self, event: AcdEvent) -> list[Any]:
        match event:
            case CallOffered(call_id=call_id, service="redirect"):
                return [_move(call_id, TransferMethod.REDIRECT_302)]
            case CallAnswered(call_id=call_id):
                return [_move(call_id, TransferMethod.REFER)]
            case MoveProgress(call_id=call_id, sign=MoveSign.NOTIFIED):
                return [EndMoved(call_id=call_id)]
        return []

    async def serve(self) -> None:
        print((await self.shell.start())["carrier"][1], flush=True)
        gc.collect()
        gc.freeze()
        gc.set_threshold(50_000, 50, 50)
        while True:
            await asyncio.sleep(0.005)
            self._take(self.shell.fire(_now()))


def _move(call_id: str, method: TransferMethod) -> StartMove:
    return StartMove(call_id=call_id, move_id=call_id, method=method, address=TARGET)


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


def one_run(kind: str, rate: int) -> tuple[bool, float]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder)

        def act(port: int, pid: int) -> tuple[bool, float]:
            before_us = cpu_us(pid)
            found = run_sipp(kind, port, rate, path)
            per_call_us = (cpu_us(pid) - before_us) / (rate * STEP_S)
            print(f"    the server took {per_call_us:.0f} us of processor time a call", flush=True)
            return found

        found: tuple[bool, float] = with_server(act)
        return found


def cpu_us(pid: int) -> float:
    """Processor time that a process has taken, in microseconds."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK") * 1e6


def measure(kind: str) -> tuple[float, float]:
    """The best rate, and the p99 at half of it."""
    best = 0
    for rate in STEPS[kind]:
        if not any(one_run(kind, rate)[0] for _ in range(2)):
            break
        best = rate
    return float(best), min(one_run(kind, max(best // 2, 1))[1] for _ in range(2))


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
        best, p99_ms = measure(kind)
        report(f"{FIGURES[kind]}_cps", best, "calls/s", goal, "higher")
        report(f"{FIGURES[kind]}_p99_ms", p99_ms, "ms", P99_MS_GOAL, "lower")
    return 0


if __name__ == "__main__":
    if sys.argv[1:] == ["serve"]:
        run_server()
    elif sys.argv[1:2] == ["memory"]:
        memory(float(sys.argv[2]), int(sys.argv[3]))
    else:
        sys.exit(main())
