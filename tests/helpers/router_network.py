"""Small networks for router tests: documents, and sites in memory that answer like real ones."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from itertools import count

from playbook import Playbook, play

from nirc.core.events import (
    CampaignWon,
    DocumentsChanged,
    SiteLinkUp,
    SiteSaid,
)
from nirc.core.router import Router
from nirc.core.settings import RouterSettings
from nrcli.wire import messages as msg
from routing_policies.document import NetworkDocuments, assemble
from routing_policies.rollout import WrittenRollout

METHODS = "[redirect_302, refer, bridge]"


def documents(
    sites: Iterable[str],
    *,
    p99_s: float = 0.5,
    proven: str = "true",
    methods: str = METHODS,
    more: Mapping[str, str] | None = None,
    rollouts: Mapping[str, WrittenRollout] | None = None,
) -> NetworkDocuments:
    """A network of these sites, one service `sales`, paths from every site's trunk `carrier`; and
    `more` documents, as `kind/name` to the text without its version."""
    texts = {
        "NetworkService/sales": "kind: NetworkService\nmetadata: {name: sales}\n"
        "spec: {queue: sales, aht_s: 60}\n",
    }
    for site in sites:
        texts[f"Site/{site}"] = f"kind: Site\nmetadata: {{name: {site}}}\n"
        texts[f"Path/{site}-out"] = (
            f"kind: Path\nmetadata: {{name: {site}-out}}\n"
            f"spec: {{from_site: {site}, trunk_group: carrier, to_site: '*', methods: {methods}, "
            f"arrives_on: network, set_up_p99_s: {p99_s}, proven: {proven}, "
            "follows_contacts: true}\n"
        )
    head = "apiVersion: nirc/v1\n"
    written = texts | dict(more or {})
    found = {key: (head + text, 1) for key, text in written.items()}
    return assemble(found, 7, rollouts or {})


def policy_text(rules: str, name: str = "default", otherwise: str = "queue_at_origin") -> str:
    """A RoutingPolicy of these rules, in flow style, without its version."""
    return (
        f"kind: RoutingPolicy\nmetadata: {{name: {name}}}\n"
        f"spec:\n  rules: [{rules}]\n  otherwise: {{action: {otherwise}}}\n"
    )


def numbered(prefix: str) -> Callable[[], str]:
    """Ids in order: `d1`, `d2`, ..."""
    numbers = count(1)
    return lambda: f"{prefix}{next(numbers)}"


class FakeSite:
    """One site: an ACD of two lines, the owner's rules of reservations, and the epoch fence."""

    def __init__(self, name: str, ready: dict[str, float] | None = None, **queue: object) -> None:
        self.name = name
        self.incarnation = 1
        self.version = 0
        self.highest = msg.NO_EPOCH
        self.agents: dict[str, tuple[msg.AgentState, float]] = {
            agent: (msg.AgentState.READY, since_s) for agent, since_s in (ready or {}).items()
        }
        self.queue: dict[str, object] = {
            "staffed_count": max(len(self.agents), 1),
            "places_max": 20,
            "max_loan": 10,
            "aht_s": 60.0,
        } | queue
        self.channels_max = 50
        self.carrier_free: int | None = None
        "Channels free on trunk group `carrier`; None: the site says nothing of that group."
        self.held: dict[str, msg.ReserveGranted] = {}
        "By request id."
        self.origins: dict[str, str] = {}
        self.waiting: dict[str, tuple[msg.WaitingCallReport, float]] = {}
        "Calls by id, with the instant they wait from."
        self._token = numbered(f"nirc-{name}-")

    # ---- state

    def wait(self, name: str, since_s: float, **fields: object) -> None:
        """A call `c-NAME` waits here as entry NAME of the network queue."""
        values: dict[str, object] = {
            "call_id": f"c-{name}",
            "interaction_id": f"i-{name}",
            "queue": "sales",
            "service": "sales",
            "priority": 0,
            "waited_s": 0.0,
            "entry_id": name,
            "domain": msg.DOMAIN_FIRST,
            "trunk_group": "carrier",
        }
        report = msg.WaitingCallReport(**(values | fields))  # type: ignore[arg-type]
        self.waiting[report.call_id] = (report, since_s)

    def entities(self, now_s: float) -> tuple[msg.Entity, ...]:
        states = [state for state, _ in self.agents.values()]
        places = sum(not grant.agent for grant in self.held.values())
        queue = msg.QueueReport(
            queue="sales",
            ready_count=states.count(msg.AgentState.READY),
            reserved_count=states.count(msg.AgentState.RESERVED),
            busy_count=states.count(msg.AgentState.BUSY),
            places_held_count=places,
            loan_count=states.count(msg.AgentState.RESERVED),
            **self.queue,  # type: ignore[arg-type]
        )
        agents = [
            msg.AgentReport(
                agent=agent,
                state=state,
                in_state_s=now_s - since_s,
                queues=(msg.AgentQueue(queue="sales"),),
            )
            for agent, (state, since_s) in sorted(self.agents.items())
        ]
        trunk = msg.TrunkReport(
            trunk_group="network",
            channels_max=self.channels_max,
            channels_reserved_count=len(self.held),
        )
        trunks = [trunk]
        if self.carrier_free is not None:
            carrier = msg.TrunkReport(trunk_group="carrier", channels_max=self.carrier_free)
            trunks.append(carrier)
        held = [
            msg.ReservationReport(
                token=grant.token,
                request_id=request_id,
                queue="sales",
                agent=grant.agent,
                origin_site=self.origins[request_id],
                taken=False,
                expires_in_s=grant.expires_s,
            )
            for request_id, grant in self.held.items()
        ]
        waiting = [
            replace(report, waited_s=now_s - since_s) for report, since_s in self.waiting.values()
        ]
        return (queue, *agents, *trunks, *held, *waiting)

    def snapshot(self, now_s: float) -> msg.StateSnapshot:
        self.version += 1
        entities = self.entities(now_s)
        return msg.StateSnapshot(
            incarnation=self.incarnation,
            version=self.version,
            checksum=msg.state_checksum(entities),
            entities=entities,
        )

    # ---- what the router tells it

    def hear(self, message: object, now_s: float) -> list[msg.SiteMessage]:
        if isinstance(message, msg.Leading):
            if message.epoch < self.highest:
                return [self._epoch_refused(message.domain, "")]
            self.highest = message.epoch
            return [msg.LeadingAck(domain=message.domain, epoch=message.epoch)]
        if isinstance(message, msg.Reserve | msg.Release):
            if message.epoch < self.highest:
                return [self._epoch_refused(message.domain, message.request_id)]
            if isinstance(message, msg.Reserve):
                return [self._reserve(message, now_s)]
            self.free(message.request_id, now_s)
        return []

    def free(self, request_id: str, now_s: float) -> None:
        grant = self.held.pop(request_id, None)
        if grant is not None and grant.agent:
            self.agents[grant.agent] = (msg.AgentState.READY, now_s)

    def _epoch_refused(self, domain: str, request_id: str) -> msg.EpochRefused:
        return msg.EpochRefused(domain=domain, highest=self.highest, request_id=request_id)

    def _reserve(
        self, message: msg.Reserve, now_s: float
    ) -> msg.ReserveGranted | msg.ReserveRefused:
        held = self.held.get(message.request_id)
        if held is not None:
            return msg.ReserveGranted(
                domain=message.domain,
                epoch=message.epoch,
                request_id=message.request_id,
                token=held.token,
                queue=held.queue,
                agent=held.agent,
                expires_s=held.expires_s,
            )
        state = self.agents.get(message.agent, (None, 0.0))[0]
        if message.agent and state is not msg.AgentState.READY:
            return msg.ReserveRefused(
                domain=message.domain,
                epoch=message.epoch,
                request_id=message.request_id,
                reason=msg.ReserveRefusal.NO_AGENT,
            )
        if message.agent:
            self.agents[message.agent] = (msg.AgentState.RESERVED, now_s)
        grant = msg.ReserveGranted(
            domain=message.domain,
            epoch=message.epoch,
            request_id=message.request_id,
            token=self._token(),
            queue=message.queue,
            agent=message.agent,
            expires_s=message.expires_s,
        )
        self.held[message.request_id] = grant
        self.origins[message.request_id] = message.origin_site
        return grant


EPOCH = msg.Epoch(generation=1, revision=10)


def leading(
    *sites: FakeSite,
    settings: RouterSettings | None = None,
    docs: NetworkDocuments | None = None,
    now_s: float = 100.0,
    ttl_s: float = 1000.0,
) -> Playbook:
    """A router that leads, has documents, and whose sites are up, synced and have acknowledged."""
    router = Router(node="n1", settings=settings or RouterSettings(), new_id=numbered("d"))
    book = play(router, now_s)
    book.event(DocumentsChanged(documents=docs or documents(s.name for s in sites)))
    won = CampaignWon(domain=msg.DOMAIN_FIRST, epoch=EPOCH, sent_at_s=now_s, ttl_s=ttl_s)
    book.event(won)
    for site in sites:
        join(book, site)
    return book


def join(book: Playbook, site: FakeSite) -> None:
    """The site's stream stands, it acknowledges and says its state."""
    hello = msg.Hello(site=site.name, incarnation=site.incarnation, shifts=True)
    book.event(SiteLinkUp(site=site.name, hello=hello))
    for _, message in list(book.messages(msg.Leading)):
        for said in site.hear(message, book.now_s):
            book.event(SiteSaid(site=site.name, message=said))
    report(book, site)


def report(book: Playbook, site: FakeSite) -> None:
    """The site says its whole state."""
    book.event(SiteSaid(site=site.name, message=site.snapshot(book.now_s)))


def ask(request_id: str = "r1", **fields: object) -> msg.RouteRequest:
    """A route request of service `sales` from trunk `carrier`."""
    values: dict[str, object] = {
        "interaction_id": f"i-{request_id}",
        "call_id": f"c-{request_id}",
        "service": "sales",
        "queue": "sales",
        "trunk_group": "carrier",
    }
    return msg.RouteRequest(request_id=request_id, **(values | fields))  # type: ignore[arg-type]
