"""The router: takes one event and the time, returns what is to be done.

Rule of this file: it joins the parts and dispatches; every decision stands in a part. It does no
I/O and reads no clock.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

from nirc.core import events as ev
from nirc.core.actions import Action, CloseSiteLink, StartTimer
from nirc.core.active_policy import ActivePolicy
from nirc.core.alarms import Alarms
from nirc.core.attached_data import AttachedData
from nirc.core.black_holes import BlackHoles
from nirc.core.call_facts import CallReader
from nirc.core.choose_site import SiteChoice
from nirc.core.controls import Controls
from nirc.core.controls_applied import ControlsApplied
from nirc.core.decision_log import DecisionLog
from nirc.core.failsafe import Failsafe
from nirc.core.grey_failures import GreyFailures
from nirc.core.last_agents import LastAgents
from nirc.core.leader_knowledge import LeaderKnowledge
from nirc.core.leadership import TIMER as LEADERSHIP_TIMER
from nirc.core.leadership import Leadership
from nirc.core.match import Match
from nirc.core.network_queue import NetworkQueue
from nirc.core.network_state import NetworkState
from nirc.core.overload import Admission
from nirc.core.parts import Parts
from nirc.core.path_view import path_views, probe_views
from nirc.core.peer_telling import TIMER as PEERS_TIMER
from nirc.core.peer_telling import PeerTelling
from nirc.core.policy_memory import PolicyMemory
from nirc.core.pre_routes import TIMER as PRE_ROUTE_TIMER
from nirc.core.pre_routes import PreRoutes
from nirc.core.rehearsal import TIMER as SHADOW_TIMER
from nirc.core.rehearsal import Rehearsal
from nirc.core.reservations import TIMER as REQUEST_TIMER
from nirc.core.reservations import Reservations
from nirc.core.settings import RouterSettings
from nirc.core.site_documents import SiteDocumentSender
from nirc.core.site_liveness import Liveness, SiteLiveness
from nirc.core.site_majority import SiteMajority
from nirc.core.site_messages import SiteMessages
from nirc.core.site_relay import SiteRelay
from nirc.core.statistics import Statistics
from nirc.core.taken_out import taking_out
from nirc.core.traffic_shift_orders import ShiftsOrdered
from nirc.core.transfer import Transfers
from nirc.core.view import AlarmView, RouterView, domain_views, move_views, site_view
from nirc.core.watch import Watch
from nrcli.sip.redirect_words import PreRouteAsked
from nrcli.wire.messages import DOMAIN_FIRST, FailsafeAnswer, FailsafeAsk, PeerStatus

SWEEP_TIMER = "sweep"
Handler = Callable[[Any, float, list[Action]], object]


class Router:
    """Everything one node decides. `handle` is the only way in."""

    def __init__(
        self,
        *,
        node: str,
        settings: RouterSettings,
        new_id: Callable[[], str],
        peers: Collection[str] = (),
        domains: Collection[str] = (DOMAIN_FIRST,),
        failsafe_ttl_s: float = 0.0,
    ) -> None:
        """`failsafe_ttl_s`: the lease's time if a leader may go on without etcd; 0: it may not."""
        self._node = node
        self._domains = domains
        self._liveness = SiteLiveness(settings)
        self._parts = _parts(node, settings, self._liveness, new_id)
        self._rehearsal = Rehearsal(self._parts)
        self._reservations = Reservations(self._parts, self._rehearsal)
        match = Match(self._parts, self._reservations)
        take_out = taking_out(self._parts, match)
        pre_routes = PreRoutes(self._parts, self._liveness, self._rehearsal)
        shifts = ShiftsOrdered(self._parts, self._liveness)
        self._messages = SiteMessages(self._parts, self._reservations, match, pre_routes, shifts)
        self._watch = Watch(settings, self._parts.alarms)
        self._failsafe = Failsafe(self._parts, node=node, peers=peers, ttl_s=failsafe_ttl_s)
        self._sweep_at_s: float | None = None
        self._peers = PeerTelling(node, self._parts, self._liveness)
        self._handlers: dict[type[Any], Handler] = {
            ev.SiteLinkUp: self._site_up,
            ev.SiteLinkDown: self._site_down,
            ev.SiteSaid: self._site_said,
            ev.SiteAlive: self._site_alive,
            ev.PeerUp: self._peer_up,
            ev.PeerDown: lambda e, now_s, out: _peer_down(self._parts, e.node),
            ev.PeerSaid: self._peer_said,
            ev.CampaignWon: self._won,
            ev.KeepaliveConfirmed: self._failsafe.confirmed,
            ev.LeadershipLost: self._lost,
            ev.LeaderObserved: self._observed,
            ev.EtcdAnswered: lambda e, now_s, out: self._parts.knowledge.etcd_answered(e),
            ev.EtcdWrote: self._parts.grey.etcd_wrote,
            ev.LoopWoke: self._parts.grey.loop_woke,
            ev.CampaignHeld: self._failsafe.held,
            ev.MembersKnown: lambda e, now_s, out: self._failsafe.members_known(e.nodes),
            **ControlsApplied(self._parts, self._liveness, take_out).events(),
            ev.DataWasStored: lambda e, now_s, out: self._parts.data.stored(e, out),
            ev.DataWasFetched: lambda e, now_s, out: self._parts.data.fetched(e, out),
            ev.DrainAsked: self._drain,
            ev.DryRun: self._rehearsal.dry_run,
            ev.TakeEntryOut: take_out,
            PreRouteAsked: pre_routes.asked,
            **self._messages.probes.events(),
            ev.InboxFilled: lambda e, now_s, out: self._parts.admission.inbox_filled(e.share),
            ev.TimerFired: self._timer,
        }

    def handle(self, event: ev.Event, now_s: float) -> list[Action]:
        """What follows from `event`. Raises KeyError for what is no event, and changes nothing."""
        handler = self._handlers[type(event)]
        out: list[Action] = []
        if self._sweep_at_s is None:
            self._start_sweep(now_s, out)
        handler(event, now_s, out)
        return out

    def view(self, now_s: float) -> RouterView:
        """The whole picture, for people. Costs in proportion to the network: not per call."""
        parts = self._parts
        documents = parts.active.documents
        domains = sorted({*self._domains, *parts.knowledge.domains()})
        open_count, answers_count = self._reservations.counts()
        known = parts.network.heard_sites | (set(documents.sites) if documents else set())
        return RouterView(
            node=self._node,
            domains=domain_views(domains, parts.knowledge, parts.leadership, now_s),
            documents_revision=documents.revision if documents else 0,
            policy=documents.policy.name if documents else "",
            policy_version=documents.policy.version if documents else 0,
            peers=tuple(parts.relay.peers()),
            sites=tuple(
                site_view(site, parts.network, self._liveness, parts.leadership, now_s)
                for site in sorted(known)
            ),
            moves=move_views(parts.transfers, now_s),
            decisions=parts.log.recent(),
            counters=parts.statistics.all(),
            alarms=tuple(
                AlarmView(code=code, place=place, text=text)
                for code, place, text in parts.alarms.standing()
            ),
            open_requests_count=open_count,
            answers_kept_count=answers_count,
            promises_count=parts.network.promised_count(),
            tombstones_count=parts.relay.tombstone_count(),
            etcd_in_reach=parts.knowledge.etcd_in_reach(now_s),
            outcomes=(outcomes := parts.holes.view(now_s)),
            network_queue=self._messages.match.views(now_s),
            paths=path_views(parts.active, now_s, outcomes),
            probes=probe_views(self._messages.probes.all()),
            controls=parts.controls.in_force,
            shifts=self._messages.shifts.views(now_s),
            pair_counts=parts.transfers.outcomes.pairs(),
            code_counts=parts.transfers.outcomes.codes(),
        )

    # ---- sites

    def _site_up(self, event: ev.SiteLinkUp, now_s: float, out: list[Action]) -> None:
        site, parts = event.site, self._parts
        if not parts.active.knows(site):
            reason = f"there is no document Site/{site}"
            out.append(CloseSiteLink(site=site, code="unknown_site", reason=reason))
            return
        if not parts.network.link_up(site, event.hello.incarnation):
            reason = f"a later start than {event.hello.incarnation} of this site is known"
            out.append(CloseSiteLink(site=site, code="incarnation", reason=reason))
            return
        self._liveness.link_up(site, now_s)
        parts.queue.link_up(site, event.hello.version_newest)
        parts.active.handlers.link_up(site, event.hello.handlers)
        self._messages.shifts.link_up(site, event.hello.shifts)
        parts.alarms.clear("site_down", site, out)
        parts.documents.link_up(site, parts.active.documents, out)
        for domain in parts.leadership.link_up(site, event.hello.epochs, out):
            self._reservations.forget(domain, out)
        self._peers.sites_changed(now_s, out)

    def _site_down(self, event: ev.SiteLinkDown, now_s: float, out: list[Action]) -> None:
        if not self._liveness.linked(event.site):
            return
        self._liveness.link_down(event.site)
        self._parts.network.link_down(event.site)
        self._parts.leadership.link_down(event.site)
        self._parts.alarms.raise_("site_down", event.site, event.reason or "stream ended", out)
        self._peers.sites_changed(now_s, out)

    def _site_said(self, event: ev.SiteSaid, now_s: float, out: list[Action]) -> None:
        if self._hear(event.site, now_s, out):
            self._messages.said(event.site, event.message, now_s, out)

    def _site_alive(self, event: ev.SiteAlive, now_s: float, out: list[Action]) -> None:
        if self._hear(event.site, now_s, out) and self._parts.network.synced(event.site):
            self._parts.network.table.heard(event.site, now_s)

    def _hear(self, site: str, now_s: float, out: list[Action]) -> bool:
        was_alive = self._liveness.of(site) is Liveness.ALIVE
        if self._liveness.hear(site, now_s):
            if not was_alive:
                self._parts.alarms.clear("site_down", site, out)
            return True
        self._parts.statistics.count("messages.without_stream")
        return False

    # ---- other nodes

    def _peer_up(self, event: ev.PeerUp, now_s: float, out: list[Action]) -> None:
        self._parts.relay.peer_up(event.node)
        self._peers.tell(now_s, out)

    def _peer_said(self, event: ev.PeerSaid, now_s: float, out: list[Action]) -> None:
        if isinstance(event.message, PeerStatus):
            self._parts.relay.peer_sites(event.node, event.message.sites)
            self._parts.knowledge.peer_said(event.node, event.message.leading, now_s)
            self._parts.active.adopt_proofs(event.message.proved, now_s)
            self._parts.holes.adopt(event.message.leading, event.message.suspended, now_s, out)
            self._messages.pre_routes.peer_takes(event.node, event.message.pre_routes)
        elif isinstance(event.message, FailsafeAsk):
            self._failsafe.asked(event.node, event.message, now_s, out)
        elif isinstance(event.message, FailsafeAnswer):
            self._failsafe.answered(event.node, event.message, now_s, out)
        else:
            self._messages.peer_said(event.node, event.message, now_s, out)

    # ---- leadership

    def _won(self, event: ev.CampaignWon, now_s: float, out: list[Action]) -> None:
        self._reservations.forget(event.domain, out)
        self._failsafe.won(event)
        if self._parts.leadership.won(event, self._liveness.linked_sites(), now_s, out):
            self._parts.statistics.count("leaderships")
            self._parts.memory.reset()
            self._peers.tell(now_s, out)

    def _lost(self, event: ev.LeadershipLost, now_s: float, out: list[Action]) -> None:
        if self._parts.leadership.lose(event.domain, out):
            self._leads_no_more(event.domain, now_s, out)

    def _observed(self, event: ev.LeaderObserved, now_s: float, out: list[Action]) -> None:
        self._parts.knowledge.observed(event, now_s)
        if self._parts.leadership.observed(event, out):
            self._leads_no_more(event.domain, now_s, out)

    def _drain(self, event: ev.DrainAsked, now_s: float, out: list[Action]) -> None:
        for domain in self._parts.leadership.resign(out):
            self._leads_no_more(domain, now_s, out)

    def _leads_no_more(self, domain: str, now_s: float, out: list[Action]) -> None:
        self._parts.memory.reset()
        self._reservations.forget(domain, out)
        self._peers.tell(now_s, out)

    # ---- time

    def _timer(self, event: ev.TimerFired, now_s: float, out: list[Action]) -> None:
        name = event.name
        if name.startswith(REQUEST_TIMER):
            self._reservations.timer(name.removeprefix(REQUEST_TIMER), now_s, out)
        elif name.startswith(LEADERSHIP_TIMER):
            domain = name.removeprefix(LEADERSHIP_TIMER)
            if self._parts.leadership.expire(domain, now_s, out):
                self._leads_no_more(domain, now_s, out)
        elif name.startswith(PRE_ROUTE_TIMER):
            self._messages.pre_routes.timer(name.removeprefix(PRE_ROUTE_TIMER), now_s, out)
        elif name == SHADOW_TIMER:
            self._rehearsal.timer(now_s, out)
        elif name == PEERS_TIMER:
            self._peers.timer(now_s, out)
        elif name == SWEEP_TIMER:
            self._sweep(now_s, out)

    def _sweep(self, now_s: float, out: list[Action]) -> None:
        parts = self._parts
        for site, liveness in self._liveness.tick(now_s):
            parts.statistics.count(f"sites.{liveness.value}")
            if liveness is Liveness.DEAD:
                parts.alarms.raise_("site_down", site, "silent: check its link and process", out)
        for move in parts.transfers.sweep(now_s):
            parts.network.settle(move.request_id, move.target)
        parts.network.sweep(now_s)
        parts.relay.sweep(now_s)
        parts.data.sweep(now_s)
        self._reservations.sweep(now_s)
        parts.holes.sweep(now_s, out)
        self._messages.match.sweep(now_s, out)
        self._messages.probes.sweep(now_s, out)
        parts.grey.sweep(now_s, out)
        self._messages.shifts.sweep(now_s, out)
        parts.alarms.sweep(now_s, out)
        self._failsafe.tick(now_s, out)
        for domain in parts.majority.sweep(now_s, out):
            self._leads_no_more(domain, now_s, out)
        self._peers.sweep(now_s, out)
        _watch_others(parts, self._watch, self._failsafe.peers, now_s, out)
        domains = parts.knowledge.heard_domains().union(self._domains)
        leaderless = [one for one in domains if not parts.knowledge.leader(one, now_s).node]
        self._watch.leaders(sorted(leaderless), now_s, out)
        self._start_sweep(now_s, out)

    def _start_sweep(self, now_s: float, out: list[Action]) -> None:
        self._sweep_at_s = now_s + self._parts.settings.sweep_s
        out.append(StartTimer(name=SWEEP_TIMER, at_s=self._sweep_at_s))


def _peer_down(parts: Parts, node: str) -> None:
    parts.relay.peer_down(node)
    parts.knowledge.peer_down(node)


def _watch_others(
    parts: Parts, watch: Watch, peers: Collection[str], now_s: float, out: list[Action]
) -> None:
    """What is away, besides leaders, is told to a person."""
    knowledge, documents = parts.knowledge, parts.active.documents
    watch.etcd(knowledge.etcd_in_reach(now_s), now_s, out)
    linked = parts.relay.linked
    watch.nodes([node for node in sorted(peers) if node not in linked], now_s, out)
    heard = parts.network.heard_sites
    watch.sites(documents.sites.keys() if documents else heard, heard, now_s, out)


def _parts(
    node: str, settings: RouterSettings, liveness: SiteLiveness, new_id: Callable[[], str]
) -> Parts:
    """The parts, joined."""
    alarms, statistics, network = Alarms(settings), Statistics(), NetworkState(settings)
    active = ActivePolicy(settings, network.table)
    leadership = Leadership(node, settings, alarms)
    knowledge = LeaderKnowledge(node, settings, leadership)
    transfers = Transfers(settings, statistics)

    def granted_by(token: str) -> str:
        move = transfers.get(token)
        return move.target if move else network.granting_site(token)

    data = AttachedData(settings=settings, statistics=statistics, granted_by=granted_by)
    memory, last_agents, controls = PolicyMemory(), LastAgents(settings), Controls()
    holes = BlackHoles(
        settings=settings,
        table=network.table,
        agents=network.agents,
        leadership=leadership,
        alarms=alarms,
        statistics=statistics,
    )
    choice = SiteChoice(
        active=active,
        network=network,
        liveness=liveness,
        leadership=leadership,
        settings=settings,
        calls=CallReader(active=active, data=data, last_agents=last_agents),
        memory=memory,
        holes=holes,
        controls=controls,
    )
    relay = SiteRelay(settings=settings, liveness=liveness, alarms=alarms, statistics=statistics)
    return Parts(
        settings=settings,
        active=active,
        choice=choice,
        controls=controls,
        network=network,
        queue=NetworkQueue(settings),
        leadership=leadership,
        knowledge=knowledge,
        relay=relay,
        majority=SiteMajority(settings, leadership, knowledge, liveness, relay, alarms),
        transfers=transfers,
        holes=holes,
        data=data,
        log=DecisionLog(settings),
        admission=Admission(settings),
        alarms=alarms,
        grey=GreyFailures(settings, alarms, knowledge.etcd_in_reach),
        statistics=statistics,
        documents=SiteDocumentSender(settings, alarms, active.handlers.reads),
        memory=memory,
        last_agents=last_agents,
        new_id=new_id,
    )
