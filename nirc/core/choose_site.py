"""Decides where a call would be served best: view, policy, ranked targets, why others lost.

Rule of this file: nothing is written while it looks. What no policy may overrule (liveness, our own
epoch acknowledged, visited sites, paths, channels) is barred here; the rest is the policy's choice.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from nirc.core.actions import CandidateRecord
from nirc.core.active_policy import ActivePolicy
from nirc.core.leadership import Leadership
from nirc.core.network_state import NetworkState
from nirc.core.paths import Ladder
from nirc.core.queue_table import QueueTable
from nirc.core.settings import RouterSettings
from nirc.core.site_liveness import Liveness, SiteLiveness
from nrcli.wire.messages import ReservationReport, RouteRequest
from routing_policies.interim import Call

HELD_BEFORE = "held-before"
"Name told as a rule when a site still holds what an earlier leader asked for this request."


@dataclass(slots=True)
class Target:
    """One queue that may be asked."""

    site: str
    queue: str
    row: int
    wants_agent: bool
    value: float
    ladder: Ladder
    held: ReservationReport | None = None
    lost_because: str = "not needed"
    agent: str = ""
    "Who was asked for, then who was reserved; empty until then, and for a place."


@dataclass(slots=True)
class Choice:
    """What the policy said about one request."""

    policy: str
    policy_version: int
    rules_tried: tuple[str, ...]
    reason: str
    "Rule that decided, or why nothing could be chosen."
    targets: list[Target] = field(default_factory=list)
    "Best first."
    lost: dict[int, str] = field(default_factory=dict)
    selection: str = ""
    "By what the targets were ranked."


class SiteChoice:
    """Asks the policy in use about the network as believed now."""

    __slots__ = ("_active", "_leadership", "_liveness", "_network", "_settings")

    def __init__(
        self,
        *,
        settings: RouterSettings,
        active: ActivePolicy,
        network: NetworkState,
        liveness: SiteLiveness,
        leadership: Leadership,
    ) -> None:
        self._settings = settings
        self._active = active
        self._network = network
        self._liveness = liveness
        self._leadership = leadership

    def choose(self, origin: str, request: RouteRequest) -> Choice:
        """Targets for the call, best first; none means that it stays."""
        assert self._active.documents is not None
        policy = self._active.documents.policy
        spent = self.hops_spent(request)
        if spent:
            return Choice(policy.name, policy.version, (), spent)
        call, ladders = self._call(origin, request)
        columns = self._network.table.columns
        verdict = policy.decide(call, columns)
        choice = Choice(
            policy.name, policy.version, verdict.rules_tried, verdict.rule, lost=verdict.lost
        )
        choice.selection = verdict.selection
        for found in verdict.ranked:
            site = columns.site[found.row]
            queue, ladder = columns.queue[found.row], ladders[site]
            choice.targets.append(Target(site, queue, found.row, found.agent, found.value, ladder))
        self._put_held_first(origin, request, choice)
        return choice

    def hops_spent(self, request: RouteRequest) -> str:
        """Empty while the call may be moved once more, else why not."""
        if request.moves_since_person_count >= self._settings.hops_without_person_max:
            return "hop budget: moved too often without a person's answer"
        if request.moves_count >= self._settings.hops_max:
            return "hop budget: moved too often"
        return ""

    def unusable(self, domain: str, site: str) -> str:
        """Empty if the site may be asked now, else why not."""
        liveness = self._liveness.of(site)
        if liveness is not Liveness.ALIVE:
            return f"site is {liveness.value}"
        if not self._leadership.usable(domain, site):
            return "site has not acknowledged this leader"
        if not self._network.synced(site):
            return "site's state is not known yet"
        return ""

    def spent_meanwhile(self, domain: str, target: Target) -> str:
        """Empty if a target chosen a moment ago is still worth asking."""
        reason = self.unusable(domain, target.site)
        if reason or target.held is not None:
            return reason
        columns = self._network.table.columns
        if not columns.open[target.row]:
            return "closed"
        if target.wants_agent and columns.lendable_count[target.row] <= 0:
            return "its agents were promised meanwhile"
        if not target.wants_agent and columns.places_free_count[target.row] <= 0:
            return "its places were promised meanwhile"
        return self._network.lacks_channel(target.site, target.ladder.claims)

    def records(self, choice: Choice, now_s: float) -> tuple[CandidateRecord, ...]:
        """Every row that was looked at, the targets first. A target that was asked is told with
        the agent it was asked for: its queue's next one is somebody else by now."""
        columns = self._network.table.columns
        reported = columns.reported_at_s
        records = [
            CandidateRecord(
                site=target.site,
                queue=target.queue,
                agent=target.agent or _next_agent(self._network.table, target),
                value=target.value,
                age_s=now_s - reported[target.row],
                lost_because=target.lost_because,
                means=_meaning(choice.selection, target.value, now_s),
            )
            for target in choice.targets
        ]
        records += [
            CandidateRecord(
                site=columns.site[row],
                queue=columns.queue[row],
                agent="",
                value=0.0,
                age_s=now_s - reported[row],
                lost_because=reason,
            )
            for row, reason in choice.lost.items()
        ]
        return tuple(records)

    def _call(self, origin: str, request: RouteRequest) -> tuple[Call, Mapping[str, Ladder]]:
        """The call as a policy reads it, and the ladder to every site. The part of a decision that
        looks at every row: what is usual is asked of sets, the reason only where there is one."""
        columns = self._network.table.columns
        sites = columns.site
        excluded = dict.fromkeys(request.visited_sites, "visited before")
        excluded.update(dict.fromkeys(request.refused_targets, "failed this call just now"))
        rows: list[int] = []
        barred: dict[int, str] = {}
        place_only: list[int] = []
        ladders = self._active.paths.ladders(origin, request.trunk_group, request.answered)
        alive, synced = self._liveness.alive, self._network.synced_sites
        acked, lacks_channel = (
            self._leadership.acked_by(request.domain),
            self._network.lacks_channel,
        )
        for row in self._active.rows(request.service, request.queue):
            site = sites[row]
            if site == origin:
                continue
            rows.append(row)
            ladder = ladders[site]
            if site in excluded:
                reason = excluded[site]
            elif site in alive and site in acked and site in synced:
                reason = ladder.missing or lacks_channel(site, ladder.claims)
            else:
                reason = self.unusable(request.domain, site)
            if not reason and ladder.place_only:
                place_only.append(row)
                if columns.places_free_count[row] <= 0:
                    reason = "no free place, and the way is too long to hold an agent"
            if reason:
                barred[row] = reason
        origin_row = self._network.table.find(origin, request.queue)
        return Call(origin_row, rows, barred, frozenset(place_only)), ladders

    def _put_held_first(self, origin: str, request: RouteRequest, choice: Choice) -> None:
        """A site that still holds what an earlier leader asked answers with the same token."""
        open_reservations = self._network.open_reservations(request.request_id)
        if not open_reservations:
            return
        for site, held in sorted(open_reservations.items()):
            ladder = self._active.paths.ladder(origin, request.trunk_group, site, request.answered)
            if held.origin_site != origin or ladder.missing or self.unusable(request.domain, site):
                continue
            row = self._network.table.row(site, held.queue)
            target = Target(site, held.queue, row, bool(held.agent), 0.0, ladder, held)
            choice.targets = [target, *(t for t in choice.targets if t.site != site)]
            choice.rules_tried = (HELD_BEFORE, *choice.rules_tried)
            choice.reason = HELD_BEFORE
            return


def _next_agent(table: QueueTable, target: Target) -> str:
    """Who would be asked for: named for a target that never was."""
    was_asked = not target.lost_because or not target.wants_agent
    return "" if was_asked else table.longest_agent(target.row)


def _meaning(selection: str, value: float, now_s: float) -> str:
    """What a target's value says, for a person to read."""
    if selection == "longest_available":
        return f"ready for {now_s - value:.0f} s"
    return f"expected wait {value:.0f} s" if selection == "min_expected_delay" else ""
