"""Measures what traces of calls cost the leader, against what it spends on the decisions.

    make bench ONLY=telemetry_cost_percent

The router's core alone decides, as in bench_router_core.py. Processor time is read where it is
spent: around each hand-over in the deciding thread, and around each batch in the thread that sends.
So the machine's moods, which are larger than the cost, fall on none of them. The collector is a
process of its own. Rounds without, with 1 % of calls and with all calls take turns; what waits is
sent once for 3,000 decisions, as at 3,000 a second with the default `send_every_s`.
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from time import thread_time
from typing import Any

from bench_report import report
from bench_router_core import AGENTS, SITES, Clocked, Deltas, decide
from router_network import FakeSite, leading

from nirc.core.actions import Action, RecordDecision
from nirc.core.settings import RouterSettings
from nirc.telemetry.decision_log import LoggedDecision
from nirc.telemetry.exporting import export_decision
from nrcli.telemetry.exporting import Exporter
from nrcli.telemetry.otlp_config import OtlpConfig
from nrcli.wire import messages as msg

NAMES = ("telemetry_cost_percent", "telemetry_cost_all_percent", "telemetry_us_per_span")
SHARES = {"off": 0.0, "sampled": 0.01, "all": 1.0}
ROUNDS = 6
DECISIONS = 500
"Of a round."
COLLECTOR = """
import time
from otlp_receiver import Receiver, otlp_receiver
Receiver.take = lambda self, path, body: None
with otlp_receiver() as receiver:
    print(receiver.url, flush=True)
    time.sleep(600)
"""


class Traced(Clocked):
    """A router whose decisions are handed to an exporter, as a node does."""

    exporter: Exporter
    handed_s = 0.0

    def said(self, site: str, message: msg.SiteMessage, now_s: float) -> list[Action]:
        actions = super().said(site, message, now_s)
        for action in actions:
            if isinstance(action, RecordDecision):
                logged = LoggedDecision(at_unix_s=now_s, record=action.record)
                began_s = thread_time()
                export_decision(self.exporter, logged)
                self.handed_s += thread_time() - began_s
        return actions


class Sending:
    """Processor time of an exporter's threads."""

    def __init__(self, exporter: Exporter) -> None:
        self.spent_s = 0.0
        for box in exporter._outboxes:
            box._send = partial(self._timed, box._send)

    def _timed(self, send: Callable[[list[Any]], str], batch: list[Any]) -> str:
        began_s = thread_time()
        try:
            return send(batch)
        finally:
            self.spent_s += thread_time() - began_s


@contextmanager
def collector() -> Iterator[str]:
    command = [sys.executable, "-c", COLLECTOR]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield process.stdout.readline().strip()
        process.kill()


async def main() -> None:
    settings = RouterSettings(requests_per_site_per_s=1e9, requests_per_site_burst=1e9)
    sites = {
        f"site{i:02}": FakeSite(f"site{i:02}", {f"a{j}": 1.0 * j for j in range(AGENTS)})
        for i in range(SITES)
    }
    traced = Traced(leading(FakeSite("origin", waiting_count=5), *sites.values(),
                            settings=settings).router)  # fmt: skip
    deltas = {name: Deltas(site, 100.0) for name, site in sites.items()}
    spent = dict.fromkeys(SHARES, 0.0)
    with collector() as url:
        exporters = {name: exporter(url, share) for name, share in SHARES.items()}
        sending = {name: Sending(one) for name, one in exporters.items()}
        for one in exporters.values():
            one.start(list)
        for number in range(ROUNDS * DECISIONS * len(SHARES)):
            name = list(SHARES)[number // DECISIONS % len(SHARES)]
            traced.exporter, before_s = exporters[name], traced.handed_s
            decide(traced, deltas, f"r{number}", 101.0 + number * 0.0005)
            spent[name] += traced.handed_s - before_s
        for one in exporters.values():
            for box in one._outboxes:
                await asyncio.to_thread(box.stop, 60.0)  # sends what waits
            await one.stop()
    decided = ROUNDS * DECISIONS
    base_s = traced.decision_s / len(SHARES)
    extra = {name: spent[name] + sending[name].spent_s - spent["off"] for name in SHARES}
    print(f"{base_s / decided * 1e6:.1f} us of processor time a decision")
    print(f"{spent['off'] / decided * 1e6:.2f} us to hand it to an exporter that is off")
    report(NAMES[0], extra["sampled"] / base_s * 100, "%", 5.0, "lower")
    report(NAMES[1], extra["all"] / base_s * 100, "%", 200.0, "lower")
    report(NAMES[2], extra["all"] / decided * 1e6, "us", 150.0, "lower")


def exporter(url: str, share: float) -> Exporter:
    config = OtlpConfig(
        endpoint=url, sample_share=share, metrics=False, send_every_s=60.0, waiting_max=1_000_000
    )
    return Exporter(
        config, service="nirc-node", instance="n1", version="bench", unix_s=time.monotonic
    )


if __name__ == "__main__":
    asyncio.run(main())
