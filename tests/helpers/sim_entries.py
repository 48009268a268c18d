"""Entries of the network queue made by hand, in a run of the networked loop that has begun."""

from __future__ import annotations

from sim_networked import Bench, begun

from simulator.compiled import networked_layout as n
from simulator.compiled.networked_heap import leave_request, take_request
from simulator.compiled.networked_queue import admitted, seen

QUEUED = """kind: RoutingPolicy
metadata: {name: default}
spec:
  rules:
    - {name: anywhere, select: longest_available, action: route}
  otherwise: {action: network_queue}
"""


def queued_bench(agents: tuple[int, ...] = (1, 1)) -> Bench:
    """A run whose policy ends in the network queue; nothing has happened."""
    return begun(agents, policy=QUEUED)


def entry(world: n.World, *, site: int = 0, number: int = 0, prio: int = 0) -> int:
    """A call of a site is answered that it waits in the network queue; 0: it does not."""
    request = take_request(world)
    asked = world.requests[request]
    asked[n.R_SITE] = asked[n.R_ROW] = site
    asked[n.R_TRUNK] = 2 * site
    asked[n.R_INGRESS] = site
    asked[n.R_ID] = number
    asked[n.R_PRIO] = prio
    ticket = int(asked[n.R_TICKET]) if admitted(world, request) else 0
    leave_request(world, request)
    return ticket


def believed(world: n.World, since_s: float, **kinds: int) -> int:
    """An entry that its site's state shows."""
    ticket = entry(world, **kinds)
    world.tickets[ticket, n.K_REFS] += 1  # the report that shows it
    seen(world, ticket, 1, since_s, 0, 0)
    world.tickets[ticket, n.K_REFS] -= 1
    return ticket
