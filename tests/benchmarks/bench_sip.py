"""How many calls per second the SIP core moves, with real sipp as the load over loopback UDP.

The server is a process of its own with uvloop and a fixed answer, no routing: a call to `redirect`
is answered 302; a call to `refer` is answered 200, moved with REFER and ended with BYE when the
NOTIFY tells of success. The rate rises step by step; the figure is the highest rate at which every
call succeeded and retransmissions stayed under 1 % of the calls.
"""

import asyncio
import csv
import gc
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from itertools import count
from pathlib import Path

from bench_report import report

from nrcli.sip.sip_transport import SipTransport
from site_agent.sip.settings import SipSettings
from site_agent.sip.signals import (
    AckMissing,
    AckReceived,
    InviteReceived,
    LegLost,
    Peer,
    ReferNotified,
    SendBytes,
)
from site_agent.sip.user_agent import UserAgent

NAMES = ("sip_302_cps", "sip_refer_cps")

HERE = Path(__file__).resolve().parent
GOALS = {"sip_302_cps": 3_000.0, "sip_refer_cps": 600.0}
STEPS = {
    "sip_302_cps": (1_000, 2_000, 2_500, 3_000, 3_500, 4_000, 4_500, 5_000, 5_500, 6_000),
    "sip_refer_cps": (300, 500, 600, 700, 800, 900, 1_000, 1_200, 1_400),
}
SCENARIOS = {"sip_302_cps": "redirect", "sip_refer_cps": "refer"}
STEP_S = 5
RETRANSMISSIONS_SHARE_MAX = 0.01
SDP = (
    b"v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n"
    b"m=audio 9 RTP/AVP 8\r\n"
)


class Server:
    """The shell: sockets, one timer, and an owner with fixed answers."""

    def __init__(self) -> None:
        numbers = count(1)
        self.agent = UserAgent(SipSettings(), lambda: f"{next(numbers):x}n")
        self.transport = SipTransport(self._on_data, self._on_failed)
        self._loop = asyncio.get_running_loop()
        self._timer: asyncio.TimerHandle | None = None
        self._timer_at_s = 0.0

    async def listen(self) -> int:
        return (await self.transport.listen("127.0.0.1", 0))[1]

    def _on_data(self, data: bytes, peer: Peer) -> None:
        now_s = time.clock_gettime(time.CLOCK_BOOTTIME)
        self._carry_out(self.agent.receive(data, peer, now_s), now_s)

    def _on_failed(self, peer: Peer) -> None:
        now_s = time.clock_gettime(time.CLOCK_BOOTTIME)
        self._carry_out(self.agent.send_failed(peer, now_s), now_s)

    def _fire(self) -> None:
        self._timer = None
        now_s = time.clock_gettime(time.CLOCK_BOOTTIME)
        self._carry_out(self.agent.fire(now_s), now_s)

    def _carry_out(self, outputs: list, now_s: float) -> None:
        for output in outputs:
            if type(output) is SendBytes:
                self.transport.send(output.peer, output.data)
            else:
                self._carry_out(self._decide(output, now_s), now_s)
        at_s = self.agent.next_timer_s()
        if at_s is not None and (self._timer is None or at_s < self._timer_at_s):
            if self._timer is not None:
                self._timer.cancel()
            self._timer_at_s = at_s
            self._timer = self._loop.call_later(max(0.0, at_s - now_s), self._fire)

    def _decide(self, event: object, now_s: float) -> list:
        agent = self.agent
        match event:
            case InviteReceived(leg=leg, request=request):
                if request.uri.user == "redirect":
                    contact = ("Contact", "<sip:nirc-token@127.0.0.1:9;q=1.0>")
                    return agent.reject(leg, 302, now_s, headers=(contact,))
                return agent.answer(leg, SDP, now_s)
            case AckReceived(leg=leg):
                return agent.refer(leg, "<sip:nirc-token@127.0.0.1:9>", now_s)
            case ReferNotified(leg=leg, status=status, terminated=True) if status >= 200:
                return agent.bye(leg, now_s)
            case AckMissing(leg=leg):
                return agent.bye(leg, now_s)
            case LegLost():
                return []
        return []


async def serve() -> None:
    server = Server()
    print(await server.listen(), flush=True)
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 50, 50)
    await asyncio.Event().wait()


def run_server() -> None:
    """Serve until killed."""
    try:
        import uvloop
    except ImportError:
        asyncio.run(serve())
    else:
        uvloop.run(serve())


def run_sipp(name: str, port: int, rate: int, folder: Path) -> tuple[bool, int]:
    """One step of load; whether all calls succeeded, and how many retransmissions it took."""
    calls = rate * STEP_S
    command = [
        "sipp", f"127.0.0.1:{port}", "-sf", str(HERE / "sipp" / f"{SCENARIOS[name]}.xml"),
        "-i", "127.0.0.1", "-s", SCENARIOS[name], "-r", str(rate), "-m", str(calls), "-l", "30000",
        "-timeout", f"{STEP_S * 2 + 20}s", "-timeout_error", "-nostdin", "-trace_stat",
        "-stf", str(folder / "stat.csv"), "-fd", "1", "-buff_size", "4194304",
    ]  # fmt: skip
    began = time.monotonic()
    done = subprocess.run(command, cwd=folder, capture_output=True, check=False)
    took_s = time.monotonic() - began
    with (folder / "stat.csv").open() as file:
        last = list(csv.DictReader(file, delimiter=";"))[-1]
    failed, again = int(last["FailedCall(C)"]), int(last["Retransmissions(C)"])
    well = done.returncode == 0 and not failed and again <= calls * RETRANSMISSIONS_SHARE_MAX
    well = well and took_s < STEP_S * 1.2 + 1.5
    print(
        f"{name} at {rate}/s: {calls} calls in {took_s:.1f} s, failed {failed},"
        f" retransmissions {again}, sipp ended with {done.returncode}"
        f" {'' if well else '<- not clean'}",
        flush=True,
    )
    return well, again


def with_server(act: Callable[[int], bool]) -> bool:
    """A fresh server for each step, ended by its own handle."""
    with subprocess.Popen(
        [sys.executable, __file__, "serve"], stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stdout is not None
            return act(int(process.stdout.readline()))
        finally:
            process.terminate()
            process.wait()


def measure(name: str) -> float:
    """Raise the rate until a step is not clean three times in a row."""
    best = 0
    for rate in STEPS[name]:
        for _ in range(3):
            with tempfile.TemporaryDirectory() as folder:
                path = Path(folder)
                well = with_server(lambda port: run_sipp(name, port, rate, path)[0])  # noqa: B023
            if well:
                best = rate
                break
        else:
            break
    return float(best)


def main() -> int:
    """Measure both figures."""
    if shutil.which("sipp") is None:
        print("sipp is not installed: apt-get install sip-tester", file=sys.stderr)
        return 1
    for name in NAMES:
        report(name, measure(name), "calls/s", GOALS[name], "higher")
    return 0


if __name__ == "__main__":
    if sys.argv[1:] == ["serve"]:
        run_server()
    else:
        sys.exit(main())
