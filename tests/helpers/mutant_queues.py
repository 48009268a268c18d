"""The network queue while leaders come and go: who waits at a site is known to whoever leads.

Once a second it is looked at: an entry that a site has, and the node that leads it for a while
does not know, has lost its place (`entry lost`).
"""

from __future__ import annotations

from nrcli.wire.messages import DOMAIN_FIRST
from simulator.model.instants import US
from simulator.world.engine import WorldEngine
from simulator.world.fault_case import FaultCase
from simulator.world.world import World

UNKNOWN_LOOKS_MAX = 4
"Seconds: a report and its acknowledgement are there long before."
POLICY = """kind: RoutingPolicy
metadata: {name: default}
spec:
  rules:
    - {name: last, select: longest_available, action: route}
  otherwise: {action: network_queue}
"""


def run(case: FaultCase) -> tuple[str, ...]:
    """Problems of a run."""
    model = case.model()
    run = WorldEngine(seed=case.seed).start(model)
    unknown: dict[tuple[str, str, str, int], int] = {}
    lost: list[str] = []
    run.feed(case.table(), US)
    for second in range(2, int(case.for_s) + 1):
        run.world.timeline.run(second * US)
        unknown = {key: unknown.get(key, 0) + 1 for key in _unknown(run.world)}
        for (node, site, entry, _), looks in unknown.items():
            if looks == UNKNOWN_LOOKS_MAX:
                lost.append(f"{second:.6f} s: entry lost: {entry} of {site} is unknown to {node}")
    run.finish()
    return (*run.problems, *lost)


def _unknown(world: World) -> list[tuple[str, str, str, int]]:
    """(leading node, site, entry, stream) of entries that it should know, and does not."""
    found = []
    for node in world.nodes.values():
        if not node.running:
            continue
        parts = node.router._parts
        acked = parts.leadership.acked_by(DOMAIN_FIRST)
        if not parts.leadership.leads(DOMAIN_FIRST, world.now_s()):
            continue
        for site in world.sites:
            if not site.running or site.name not in acked or not parts.network.synced(site.name):
                continue
            for call in site.daemon._parts.calls.waiting():
                if call.entry_id and parts.queue.get(call.entry_id) is None:
                    found.append((node.name, site.name, call.entry_id, node.life))
    return found
