"""A process that speaks for one site and floods: requests and reports as fast as it is told.

`flood_client.py SITE REQUESTS_PER_S SECONDS NODE=HOST:PORT...` says `ready` once it is linked, then
waits for a line, floods, and tells as JSON what it sent and what was turned away.
"""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "helpers")]

from link_driver import DrivenSite  # noqa: E402

from nrcli.wire.link_stream import boottime_s  # noqa: E402

REPORTS_PER_REQUEST = 2


async def flood(site: DrivenSite, per_s: float, for_s: float) -> dict[str, int]:
    """Send at a steady rate, whatever comes back."""
    begun_s, sent_count = boottime_s(), 0
    while boottime_s() - begun_s < for_s:
        due_count = int((boottime_s() - begun_s) * per_s)
        while sent_count < due_count:
            site.ask(boottime_s())
            for _ in range(REPORTS_PER_REQUEST):
                site.report_change()
            sent_count += 1
        await asyncio.sleep(0.002)
    await asyncio.sleep(0.5)
    reasons = [asked.answer.reason for asked in site.done if asked.answer is not None]
    shed = sum(reason.startswith("overload") for reason in reasons)
    return {"sent": sent_count, "answered": len(reasons), "shed": shed}


async def main() -> None:
    name, per_s, for_s, *nodes = sys.argv[1:]
    site = DrivenSite(name, dict(node.split("=", 1) for node in nodes), None, 0)
    await site.start()
    while not (site.leader and len(site.up) == len(nodes)):  # noqa: ASYNC110
        await asyncio.sleep(0.05)
    print("ready", flush=True)
    await asyncio.to_thread(sys.stdin.readline)
    told = await flood(site, float(per_s), float(for_s))
    print(json.dumps(told), flush=True)


if __name__ == "__main__":
    asyncio.run(main())
