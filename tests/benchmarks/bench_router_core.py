"""Measures what the router's core spends on one decision: request, reservation, grant, outcome.

    make bench ONLY=router_core_us_per_decision

Twenty sites of 50 agents, one queue each, two state deltas of the target after every decision.
"""

from __future__ import annotations

from time import thread_time

from bench_report import report
from router_network import FakeSite, ask, leading

from nirc.core.actions import Action, SendToSite
from nirc.core.events import SiteSaid
from nirc.core.router import Router
from nirc.core.settings import RouterSettings
from nrcli.wire import messages as msg

NAMES = ("router_core_us_per_decision", "router_core_us_per_delta")
SITES = 20
AGENTS = 50
DECISIONS = 5_000


class Clocked:
    """A router whose time per kind of event is added up."""

    def __init__(self, router: Router) -> None:
        self.router = router
        self.decision_s = 0.0
        self.delta_s = 0.0

    def said(self, site: str, message: msg.SiteMessage, now_s: float) -> list[Action]:
        event = SiteSaid(site=site, message=message)
        began = thread_time()
        actions = self.router.handle(event, now_s)
        took_s = thread_time() - began
        if isinstance(message, msg.StateDelta):
            self.delta_s += took_s
        else:
            self.decision_s += took_s
        return actions


class Deltas:
    """A site's deltas, with the checksum of the whole kept as it goes."""

    def __init__(self, site: FakeSite, now_s: float) -> None:
        self.site = site
        entities = site.entities(now_s)
        self.hashes = {msg.entity_key(e): msg.entity_hash(e) for e in entities}

    def delta(self, agent: str, state: msg.AgentState, token: str, held: bool) -> msg.StateDelta:
        """One agent changed state, one reservation came or went."""
        site = self.site
        reserved = int(state is msg.AgentState.RESERVED)
        queue = msg.QueueReport(
            queue="sales",
            ready_count=AGENTS - reserved,
            reserved_count=reserved,
            **site.queue,  # type: ignore[arg-type]
        )
        queues = (msg.AgentQueue(queue="sales"),)
        entities: tuple[msg.Entity, ...] = (
            queue,
            msg.AgentReport(agent=agent, state=state, in_state_s=0.0, queues=queues),
        )
        removed: tuple[msg.Removed, ...] = ()
        if held:
            entities += (reservation(token, agent),)
        else:
            removed = (msg.Removed(kind="reservation", name=token),)
            del self.hashes[("reservation", token)]
        self.hashes.update((msg.entity_key(e), msg.entity_hash(e)) for e in entities)
        site.version += 1
        return msg.StateDelta(
            incarnation=1,
            base_version=site.version - 1,
            version=site.version,
            checksum=sum(self.hashes.values()) % 2**64,
            entities=entities,
            removed=removed,
        )


def reservation(token: str, agent: str) -> msg.ReservationReport:
    return msg.ReservationReport(
        token=token,
        request_id=f"r-{token}",
        queue="sales",
        agent=agent,
        origin_site="origin",
        taken=False,
        expires_in_s=5.0,
    )


def main() -> None:
    settings = RouterSettings(requests_per_site_per_s=1e9, requests_per_site_burst=1e9)
    sites = {
        f"site{i:02}": FakeSite(f"site{i:02}", {f"a{j}": 1.0 * j for j in range(AGENTS)})
        for i in range(SITES)
    }
    origin = FakeSite("origin", waiting_count=5)
    clocked = Clocked(leading(origin, *sites.values(), settings=settings).router)
    deltas = {name: Deltas(site, 100.0) for name, site in sites.items()}
    for number in range(DECISIONS):
        decide(clocked, deltas, f"r{number}", 101.0 + number * 0.0005)
    moved = clocked.router.view(200.0).counters["moves.answered"]
    assert moved == DECISIONS, moved
    report(NAMES[0], clocked.decision_s / DECISIONS * 1e6, "us", 150.0, "lower")
    report(NAMES[1], clocked.delta_s / DECISIONS / 2 * 1e6, "us", 50.0, "lower")


def decide(clocked: Clocked, deltas: dict[str, Deltas], request_id: str, now_s: float) -> None:
    """One call from question to outcome."""
    for action in clocked.said("origin", ask(request_id, answered=True), now_s):
        if isinstance(action, SendToSite) and isinstance(action.message, msg.Reserve):
            name, reserve = action.site, action.message
    site = deltas[name].site
    (grant,) = site.hear(reserve, now_s)
    assert isinstance(grant, msg.ReserveGranted)
    clocked.said(name, grant, now_s)
    outcome = msg.TransferOutcome(
        request_id=request_id,
        token=grant.token,
        target_site=name,
        method=msg.TransferMethod.REFER,
        outcome=msg.MoveOutcome.ARRIVED,
    )
    clocked.said("origin", outcome, now_s)
    site.held.clear()
    site.agents[grant.agent] = (msg.AgentState.READY, now_s)
    for state, held in ((msg.AgentState.RESERVED, True), (msg.AgentState.READY, False)):
        delta = deltas[name].delta(grant.agent, state, grant.token, held)
        clocked.said(name, delta, now_s)


if __name__ == "__main__":
    main()
