"""Turns what sites say into what the router believes of the network.

Rule of this file: a site's part changes only by that site's own reports, and by promises made of
it. Durations become instants of this node's clock here. Work is in proportion to what changed.
"""

from __future__ import annotations

from collections.abc import Set

from nirc.core.agent_ids import AgentIds
from nirc.core.agent_table import AgentTable
from nirc.core.channels import Channels
from nirc.core.offered_rates import OfferedRates
from nirc.core.promises import Promise, Promises
from nirc.core.queue_table import QueueTable
from nirc.core.settings import RouterSettings
from nirc.core.site_state import Change, Judgement, SiteState
from nrcli.wire.messages import (
    AgentReport,
    ChannelClaim,
    QueueReport,
    ReservationReport,
    StateAck,
    StateDelta,
    StateSnapshot,
    TrunkReport,
)


class NetworkState:
    """Every site's state, as columns for policies and by name for the rest."""

    __slots__ = (
        "_open",
        "_promises",
        "_settings",
        "_sites",
        "_synced",
        "_token_site",
        "agents",
        "channels",
        "channels_left",
        "dialing_rows",
        "ids",
        "rates",
        "table",
        "taken_over",
    )

    def __init__(self, settings: RouterSettings) -> None:
        self._settings = settings
        self.table = QueueTable()
        self._sites: dict[str, SiteState] = {}
        self._promises = Promises()
        self.agents = AgentTable(self.table, self._promises)
        self.ids = AgentIds(self.agents)
        self.taken_over: list[tuple[tuple[str, str], str, str]] = []
        "Agents whose person logged in elsewhere, whose sites are to be told: place, id, by whom."
        self._open: dict[str, dict[str, ReservationReport]] = {}
        "Open reservations in the sites' state: by request, then site."
        self._token_site: dict[str, str] = {}
        self._synced: set[str] = set()
        self.dialing_rows: set[int] = set()
        "Rows of queues whose site can call callers back; to look into."
        self.rates = OfferedRates()
        self.channels = Channels()
        self.channels_left = self.channels.left
        "By (site, trunk group), with what was promised taken off; to look into."

    # ---- reports

    def link_up(self, site: str, incarnation: int) -> bool:
        """A stream stands; False if a higher incarnation of the site is known."""
        state = self._sites.get(site)
        if state is None:
            state = self._sites[site] = SiteState(self._settings)
        accepted = state.link_up(incarnation)
        _keep(self._synced, site, state.synced)
        return accepted

    def link_down(self, site: str) -> None:
        """What the site said stands, but is not believed current any more."""
        if state := self._sites.get(site):
            state.synced = False
            _keep(self._synced, site, state.synced)

    def apply(self, site: str, message: StateSnapshot | StateDelta, now_s: float) -> Judgement:
        """Takes a report, if it is newer and whole; says what to answer."""
        state = self._sites.get(site)
        if state is None:
            return Judgement(None, fault="report before the stream stands")
        if isinstance(message, StateSnapshot):
            judgement = state.snapshot(message)
        else:
            judgement = state.delta(message)
        _keep(self._synced, site, state.synced)
        if isinstance(judgement.reply, StateAck) and not judgement.fault:
            state.reported_at_s = now_s
            self.table.heard(site, now_s)
            for standing in message.standing:
                state.standing.heard(standing, now_s)
        for change in judgement.changes:
            self._apply_change(site, change, now_s)
        return judgement

    def _apply_change(self, site: str, change: Change, now_s: float) -> None:
        kind, name = change.key
        new = change.new
        if kind == "queue":
            assert new is None or isinstance(new, QueueReport)
            row = self.table.row(site, name)
            self.table.set_report(row, new, now_s)
            (self.dialing_rows.add if new and new.dials else self.dialing_rows.discard)(row)
            if new is None:
                self.rates.gone(site, name)
            else:
                count = new.answered_count + new.abandoned_count
                self.rates.heard(site, name, count, now_s)
        elif kind == "agent":
            assert new is None or isinstance(new, AgentReport)
            self.agents.set(site, name, new, now_s)
            incarnation = self._sites[site].incarnation
            self.taken_over += self.ids.reported(site, incarnation, name, new, now_s)
        elif kind == "trunk":
            assert new is None or isinstance(new, TrunkReport)
            self.channels.report((site, name), new)
        elif kind == "reservation":
            if isinstance(change.old, ReservationReport):
                self._forget_reservation(site, change.old)
            if isinstance(new, ReservationReport):
                self._see_reservation(site, new)

    def _see_reservation(self, site: str, report: ReservationReport) -> None:
        self._open.setdefault(report.request_id, {})[site] = report
        self._token_site[report.token] = site
        self.settle(report.request_id, site)

    def _forget_reservation(self, site: str, report: ReservationReport) -> None:
        of_request = self._open.get(report.request_id, {})
        if of_request.pop(site, None) is not None and not of_request:
            del self._open[report.request_id]
        if self._token_site.get(report.token) == site:
            del self._token_site[report.token]

    # ---- promises

    def promise(self, promise: Promise) -> None:
        """Withholds what a `Reserve` asks, unless the site's state shows it already; and what the
        move will need at its origin."""
        self.channels.expect(
            promise.request_id,
            promise.origin,
            promise.origin_channels,
            domain=promise.domain,
            until_s=promise.until_s,
        )
        if promise.site in self._open.get(promise.request_id, {}):
            return
        if not self._promises.add(promise):
            return
        for claim in promise.channels:
            self.channels.withhold((promise.site, claim.trunk_group), claim.count)
        if promise.agent:
            self.table.promise(promise.row, loans=1)
            self.agents.promise_changed(promise.site, promise.agent)
        else:
            self.table.promise(promise.row, places=1)

    def settle(self, request_id: str, site: str) -> Promise | None:
        """Gives back what was withheld at the target; nothing happens if nothing was. Returns what
        it was."""
        promise = self._promises.pop(request_id, site)
        if promise is None:
            return None
        for claim in promise.channels:
            self.channels.withhold((promise.site, claim.trunk_group), -claim.count)
        if promise.agent:
            self.table.promise(promise.row, loans=-1)
            self.agents.promise_changed(promise.site, promise.agent)
        else:
            self.table.promise(promise.row, places=-1)
        return promise

    def extend(self, request_id: str, site: str, until_s: float) -> None:
        """A promise was granted, and the origin told so: it is withheld until then at most."""
        self.channels.told(request_id, until_s)
        promise = self._promises.get(request_id, site)
        if promise is not None:
            promise.until_s = until_s

    def forget_promises(self, domain: str) -> None:
        """This node leads the domain no more: what it promised is not its business."""
        for promise in self._promises:
            if promise.domain == domain:
                self.settle(promise.request_id, promise.site)
        self.channels.forget(domain)

    def sweep(self, now_s: float) -> int:
        """Gives back promises that ran out; returns how many."""
        self.channels.sweep(now_s)
        due = self._promises.due(now_s)
        for promise in due:
            self.settle(promise.request_id, promise.site)
        return len(due)

    # ---- what others ask

    def synced(self, site: str) -> bool:
        """Was a snapshot applied since the site's stream stands."""
        return site in self._synced

    @property
    def synced_sites(self) -> Set[str]:
        """Every site that `synced` is true of; to look into, at once."""
        return self._synced

    def lacks_channel(self, site: str, claims: tuple[ChannelClaim, ...]) -> str:
        """Empty if the site's trunk groups have what is claimed, else what is missing."""
        return self.channels.lacking(site, claims)

    def open_reservations(self, request_id: str) -> dict[str, ReservationReport]:
        """Reservations for this request that sites say they hold, by site."""
        return self._open.get(request_id, {})

    def granting_site(self, token: str) -> str:
        """Site whose state shows this token, or empty."""
        return self._token_site.get(token, "")

    def promised_count(self) -> int:
        """Promises not yet seen in a site's state."""
        return len(self._promises)

    @property
    def heard_sites(self) -> Set[str]:
        """Every site that ever had a stream here; to look into, at once."""
        return self._sites.keys()

    def state_of(self, site: str) -> SiteState | None:
        """What the site said, for people to look at."""
        return self._sites.get(site)


def _keep(sites: set[str], site: str, belongs: bool) -> None:
    if belongs:
        sites.add(site)
    else:
        sites.discard(site)
