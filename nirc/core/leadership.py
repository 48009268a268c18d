"""Decides whether this node may decide, per domain, right now.

Rule of this file: a node leads only while now < instant the last confirmed keepalive was sent + TTL
- margin. Every command passes `command`, which looks at that and stamps it on the message; a site
is used only after it acknowledged our epoch. Losing is at once and by our own clock.
"""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass, field

from nirc.core.actions import Action, RaiseGeneration, SendToSite, StartTimer, StepDown, StopTimer
from nirc.core.alarms import Alarms
from nirc.core.events import CampaignWon, KeepaliveConfirmed, LeaderObserved
from nirc.core.settings import RouterSettings
from nrcli.wire.messages import NO_EPOCH, Epoch, KnownEpoch, Leading, NodeMessage, NotLeading

TIMER = "leadership:"


@dataclass(slots=True)
class Lead:
    """One leadership of this node."""

    epoch: Epoch
    until_s: float
    acked: set[str] = field(default_factory=set)
    told: set[str] = field(default_factory=set)
    "Sites that were told of it and have the same stream still."


class Leadership:
    """What this node leads, and who leads the rest."""

    __slots__ = ("_alarms", "_leads", "_observed", "_settings", "latest", "node")

    def __init__(self, node: str, settings: RouterSettings, alarms: Alarms) -> None:
        self.node = node
        self._settings = settings
        self._alarms = alarms
        self._leads: dict[str, Lead] = {}
        self._observed: dict[str, tuple[str, Epoch]] = {}
        self.latest: dict[str, Epoch] = {}
        "Of our latest leadership, standing or over."

    # ---- gaining and losing

    def won(
        self, event: CampaignWon, sites: tuple[str, ...], now_s: float, out: list[Action]
    ) -> bool:
        """The key is ours: tells every site. False if the lease is too old to be used."""
        self.lose(event.domain, out)
        until_s = event.sent_at_s + event.ttl_s - self._settings.leader_margin_s
        if now_s >= until_s:
            out.append(StepDown(domain=event.domain, reason="the lease was old when it was won"))
            return False
        self._leads[event.domain] = Lead(event.epoch, until_s)
        self.latest[event.domain] = event.epoch
        self._observed[event.domain] = (self.node, event.epoch)
        out.append(StartTimer(name=TIMER + event.domain, at_s=until_s))
        for site in sites:
            self._tell(site, event.domain, out)
        return True

    def confirmed(self, event: KeepaliveConfirmed, now_s: float, out: list[Action]) -> None:
        """The lease lives longer. A leadership that ran out is not revived."""
        lead = self._leads.get(event.domain)
        if lead is None or now_s >= lead.until_s:
            return
        self.prolong(event.domain, event.sent_at_s + event.ttl_s, now_s, out)

    def prolong(self, domain: str, lease_ends_s: float, now_s: float, out: list[Action]) -> bool:
        """What is asked of others is good until then; False if the deadline had passed already."""
        lead = self._leads.get(domain)
        if lead is None or now_s >= lead.until_s:
            return False
        until_s = lease_ends_s - self._settings.leader_margin_s
        if until_s > lead.until_s:
            lead.until_s = until_s
            out.append(StartTimer(name=TIMER + domain, at_s=until_s))
        return True

    def lose(self, domain: str, out: list[Action]) -> bool:
        """Leads no more from here on, and tells every site so; False if it did not lead."""
        lead = self._leads.pop(domain, None)
        if lead is None:
            return False
        for site in sorted(lead.told):
            ended = NotLeading(domain=domain, request_id="", leader="", epoch=lead.epoch)
            out.append(SendToSite(site=site, message=ended))
        out.append(StopTimer(name=TIMER + domain))
        return True

    def expire(self, domain: str, now_s: float, out: list[Action]) -> bool:
        """The deadline's timer fired: gives the key back if the deadline is really over."""
        lead = self._leads.get(domain)
        if lead is None or now_s < lead.until_s:
            return False
        out.append(StepDown(domain=domain, reason="no keepalive was confirmed in time"))
        return self.lose(domain, out)

    def resign(self, out: list[Action], reason: str = "drain") -> list[str]:
        """Gives every leadership back; returns the domains that were led."""
        domains = list(self._leads)
        for domain in domains:
            out.append(StepDown(domain=domain, reason=reason))
            self.lose(domain, out)
        return domains

    def observed(self, event: LeaderObserved, out: list[Action]) -> bool:
        """etcd names a leader; True if that ends a leadership of ours."""
        self._observed[event.domain] = (event.node, event.epoch)
        lead = self._leads.get(event.domain)
        if lead is not None and event.node != self.node and event.epoch > lead.epoch:
            return self.lose(event.domain, out)
        return False

    # ---- sites

    def link_up(self, site: str, epochs: tuple[KnownEpoch, ...], out: list[Action]) -> list[str]:
        """A site's stream stands: tells it what we lead; returns domains lost by what it knows."""
        self.link_down(site)
        lost = [
            known.domain for known in epochs if self.heard(site, known.domain, known.epoch, out)
        ]
        for domain in self._leads:
            self._tell(site, domain, out)
        return lost

    def link_down(self, site: str) -> None:
        """Its acknowledgement is void: it may come back having heard another leader."""
        for lead in self._leads.values():
            lead.acked.discard(site)
            lead.told.discard(site)

    def heard(
        self, site: str, domain: str, epoch: Epoch, out: list[Action], *, claimed_by: str = ""
    ) -> bool:
        """A site knows this epoch; True if it is above ours, which ends our leadership.

        So does ours, where another node claimed it before: etcd gave it twice.
        Another node may simply have been elected. Otherwise etcd was wiped or set back, and only a
        higher generation makes sites listen again.
        """
        lead = self._leads.get(domain)
        twice = lead is not None and epoch == lead.epoch and claimed_by not in {"", self.node}
        if lead is None or (epoch <= lead.epoch and not twice):
            return False
        node, known = self._observed.get(domain, ("", NO_EPOCH))
        if node == self.node or known < epoch:
            text = (
                f"site {site} knows {epoch}, we lead with {lead.epoch}: etcd was wiped or restored?"
                " The generation is raised and the leader elected anew"
            )
            self._alarms.raise_("epoch_above_ours", domain, text, out)
            out.append(RaiseGeneration(domain=domain, above=epoch))
        return self.lose(domain, out)

    def acked(self, site: str, domain: str, epoch: Epoch, out: list[Action]) -> bool:
        """A site acknowledged; True if it named a higher epoch, which ends our leadership."""
        lead = self._leads.get(domain)
        if lead is not None and epoch == lead.epoch:
            lead.acked.add(site)
            self._alarms.clear("epoch_above_ours", domain, out)
            return False
        return self.heard(site, domain, epoch, out)

    # ---- what others ask

    def leads(self, domain: str, now_s: float) -> bool:
        """May this node decide for the domain now."""
        lead = self._leads.get(domain)
        return lead is not None and now_s < lead.until_s

    def usable(self, domain: str, site: str) -> bool:
        """Did the site acknowledge our epoch."""
        lead = self._leads.get(domain)
        return lead is not None and site in lead.acked

    def acked_by(self, domain: str) -> Set[str]:
        """Every site that acknowledged our epoch; to look into, at once."""
        lead = self._leads.get(domain)
        return lead.acked if lead is not None else frozenset()

    def epoch(self, domain: str) -> Epoch:
        """Our epoch, or NO_EPOCH."""
        lead = self._leads.get(domain)
        return lead.epoch if lead else NO_EPOCH

    def heard_domains(self) -> set[str]:
        """The same in no order."""
        return self._observed.keys() | self._leads.keys()

    def leading(self, now_s: float) -> tuple[KnownEpoch, ...]:
        """What this node leads now."""
        return tuple(
            KnownEpoch(domain=domain, epoch=lead.epoch)
            for domain, lead in sorted(self._leads.items())
            if now_s < lead.until_s
        )

    def command(
        self, domain: str, site: str, message: NodeMessage, now_s: float, out: list[Action]
    ) -> bool:
        """Sends a command to a site, if this node leads now and the site acknowledged it."""
        lead = self._leads.get(domain)
        if lead is None or now_s >= lead.until_s or site not in lead.acked:
            return False
        out.append(SendToSite(site=site, message=message, not_after_s=lead.until_s))
        return True

    def _tell(self, site: str, domain: str, out: list[Action]) -> None:
        lead = self._leads[domain]
        lead.told.add(site)
        message = Leading(domain=domain, epoch=lead.epoch, node=self.node)
        out.append(SendToSite(site=site, message=message, not_after_s=lead.until_s))
