"""What a call costs the core of the built-in ACD, and what is left of a million of them.

The real adapter and user agent behind callers that are bytes (`scripted_callers`), without sockets;
their clock runs as fast as the calls are handled, at so many calls a second of its own, so that
everything that lingers for a while lingers here too. Two figures: processor time of a call moved
by 302 and by REFER. `bench_sip_acd_core.py calls 1000000` lets both kinds run, nine to one, and
prints memory, objects and the sizes of every table after each tenth; it ends with 1 where the last
tenth holds more than the second.
"""

import gc
import itertools
import os
import sys
import time
from pathlib import Path

from bench_report import report
from scripted_callers import ScriptedCallers, Site

NAMES = ("sip_acd_core_302_us", "sip_acd_core_refer_us")

GOALS_US = {"redirect": 200.0, "refer": 600.0}
FIGURES = {"redirect": "sip_acd_core_302_us", "refer": "sip_acd_core_refer_us"}
CALLS = {"redirect": 20_000, "refer": 8_000}
CALLS_PER_S = 2_000
ROUNDS = 3
REFER_EVERY = 10
"In the long run one call of so many is answered and moved by REFER."
GROWTH_SHARE_MAX = 0.03


class Load:
    """Callers, the site, and their clock."""

    def __init__(self) -> None:
        self.callers = ScriptedCallers()
        numbers = itertools.count(1)
        self.site = Site(lambda: f"{next(numbers):032x}", self.callers.hear)
        self.now_s = 1_000.0

    def run(self, service: str, count: int) -> None:
        """So many calls, one after the other begun."""
        callers, site = self.callers, self.site
        for _ in range(count):
            self.now_s += 1 / CALLS_PER_S
            callers.call(service)
            self.settle()
            site.fire(self.now_s)
            self.settle()

    def settle(self) -> None:
        """Until nobody has anything to say."""
        said = self.callers.said
        while said:
            self.site.receive(said.popleft(), self.now_s)

    def drain(self) -> None:
        """Let what lingers end."""
        for _ in range(100_000):
            at_s = self.site.acd.next_timer_s()
            if at_s is None:
                return
            self.now_s = max(self.now_s, at_s)
            self.site.fire(self.now_s)
            self.settle()

    def sizes(self) -> dict[str, int]:
        """Everything that is kept of calls."""
        agent, desk = self.site.user_agent, self.site.acd._desk
        timers = agent._timers
        return {
            "legs": len(agent._legs),
            "transactions": len(agent._transactions),
            "timers": len(timers._heap) + sum(map(len, timers._lanes.values())),
            "merged": len(agent._merged),
            "calls": len(desk.calls),
            "call timers": len(desk.timers._heap),
            "waiting": sum(len(line._oldest) for line in desk.queueing.lines.values()),
        }


def us_of_call(service: str) -> float:
    """Processor time of one call, callers included (they are a twentieth of it)."""
    load = Load()
    load.run(service, CALLS[service] // 4)
    gc.collect()
    began_s = time.process_time()
    load.run(service, CALLS[service])
    return (time.process_time() - began_s) / CALLS[service] * 1e6


def rss_mb() -> float:
    """What this process holds."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def many(count: int) -> int:
    """A long run; 1 if something grew."""
    load, held = Load(), list[tuple[float, int]]()
    began_s, done = time.process_time(), 0
    for tenth in range(10):
        for _ in range(count // 10 // REFER_EVERY):
            load.run("redirect", REFER_EVERY - 1)
            load.run("refer", 1)
        done += count // 10
        gc.collect()
        held.append((rss_mb(), len(gc.get_objects())))
        sizes = ", ".join(f"{name} {size}" for name, size in load.sizes().items())
        us = (time.process_time() - began_s) / done * 1e6
        print(
            f"after {done} calls: {held[tenth][0]:.1f} MB, {held[tenth][1]} objects ({sizes}),"
            f" {us:.0f} us a call",
            flush=True,
        )
    load.drain()
    gc.collect()
    sizes = ", ".join(f"{name} {size}" for name, size in load.sizes().items())
    print(f"after quiet: {rss_mb():.1f} MB, {len(gc.get_objects())} objects ({sizes})")
    lost = done - load.callers.done_count
    grew = any(
        last > early * (1 + GROWTH_SHARE_MAX) for early, last in zip(*held[1::8], strict=True)
    )
    print(f"{lost} calls did not end" if lost else "every call ended", "; it grew" * grew)
    return int(grew or bool(lost))


def main() -> int:
    """Measure both figures."""
    for service, goal_us in GOALS_US.items():
        best = min(us_of_call(service) for _ in range(ROUNDS))
        report(FIGURES[service], best, "us", goal_us, "lower")
    return 0


if __name__ == "__main__":
    if sys.argv[1:2] == ["calls"]:
        sys.exit(many(int(sys.argv[2])))
    sys.exit(main())
