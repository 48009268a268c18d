"""Measures what the router's core spends on one decision: request, reservation, grant, answer.

    python tests/benchmarks/bench_router_core.py [sites] [agents per site]

Twenty sites by default, one queue each, a state delta of the target after every decision.
"""

from __future__ import annotations

import sys
from pathlib import Path
from time import perf_counter

sys.path[:0] = [str(Path(__file__).parents[2]), str(Path(__file__).parents[1] / "helpers")]

from nirc.core.events import SiteSaid
from nirc.core.settings import RouterSettings
from nrcli.wire import messages as msg
from router_network import FakeSite, ask, leading

DECISIONS = 5_000


def main() -> None:
    site_count, agent_count = (int(a) for a in (*sys.argv[1:], "20", "50")[:2])
    origin = FakeSite("origin", waiting_count=5)
    sites = {
        f"site{i:02}": FakeSite(f"site{i:02}", {f"a{j}": 1.0 * j for j in range(agent_count)})
        for i in range(site_count)
    }
    settings = RouterSettings(requests_per_site_per_s=1e9, requests_per_site_burst=1e9)
    book = leading(origin, *sites.values(), settings=settings)
    router = book.router
    took_s = 0.0
    now_s = 101.0
    for number in range(DECISIONS):
        now_s += 0.0005
        request_id = f"r{number}"
        asked = SiteSaid(site="origin", message=ask(request_id, answered=True))
        began = perf_counter()
        actions = router.handle(asked, now_s)
        took_s += perf_counter() - began
        sent = next(a for a in actions if isinstance(getattr(a, "message", None), msg.Reserve))
        site = sites[sent.site]
        agent = sent.message.agent
        grant = SiteSaid(site=site.name, message=site.hear(sent.message, now_s)[0])
        held = msg.ReservationReport(
            token=grant.message.token,
            request_id=request_id,
            queue="sales",
            agent=agent,
            origin_site="origin",
            taken=False,
            expires_in_s=5.0,
        )
        deltas = [delta(router, site, agent, msg.AgentState.RESERVED, now_s, (held,))]
        deltas.append(
            delta(router, site, agent, msg.AgentState.READY, now_s, (), removed=(held.token,))
        )
        outcome = msg.TransferOutcome(
            request_id=request_id,
            token=grant.message.token,
            target_site=site.name,
            method=msg.TransferMethod.REFER,
            outcome=msg.MoveOutcome.ARRIVED,
        )
        began = perf_counter()
        router.handle(grant, now_s)
        router.handle(SiteSaid(site="origin", message=outcome), now_s)
        took_s += perf_counter() - began
        site.held.clear()
        site.agents[agent] = (msg.AgentState.READY, now_s)
        for message in deltas:
            said = SiteSaid(site=site.name, message=message)
            began = perf_counter()
            router.handle(said, now_s)
            DELTA_S.append(perf_counter() - began)
    counters = router.view(now_s).counters
    assert counters["moves.answered"] == DECISIONS, counters
    print(f"router_core_us_per_decision {took_s / DECISIONS * 1e6:.0f} us, {site_count} sites")
    print(f"router_core_us_per_delta {sum(DELTA_S) / len(DELTA_S) * 1e6:.0f} us")


DELTA_S: list[float] = []
SUMS: dict[str, dict[tuple[str, str], int]] = {}


def delta(router, site, agent, state, now_s, extra, removed=()):  # type: ignore[no-untyped-def]
    """The next delta of a site in which one agent changed, with its checksum kept as it goes."""
    hashes = SUMS.get(site.name)
    if hashes is None:
        hashes = SUMS[site.name] = {
            msg.entity_key(e): msg.entity_hash(e)
            for e in router._parts.network.state_of(site.name).entities()
        }
    ready = len(site.agents) - (state is msg.AgentState.RESERVED)
    queue = msg.QueueReport(
        queue="sales", ready_count=ready, reserved_count=len(site.agents) - ready, **site.queue
    )
    report = msg.AgentReport(
        agent=agent, state=state, in_state_s=0.0, queues=(msg.AgentQueue(queue="sales"),)
    )
    entities = (queue, report, *extra)
    hashes.update((msg.entity_key(e), msg.entity_hash(e)) for e in entities)
    for token in removed:
        del hashes[("reservation", token)]
    site.version += 1
    return msg.StateDelta(
        incarnation=1,
        base_version=site.version - 1,
        version=site.version,
        checksum=sum(hashes.values()) % 2**64,
        entities=entities,
        removed=tuple(msg.Removed(kind="reservation", name=t) for t in removed),
    )


if __name__ == "__main__":
    main()
