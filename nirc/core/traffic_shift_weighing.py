"""Gathers what is known of the queues a shift leads from and to, and has it reckoned.

Rule of this file: it looks at the network as believed now and changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from nirc.core.parts import Parts
from nirc.core.paths import Ladder
from nirc.core.site_liveness import Liveness, SiteLiveness
from nirc.core.traffic_shift import TrafficShift
from nirc.core.traffic_shift_capacity import (
    ChannelsFree,
    Flow,
    Forecast,
    QueueForecast,
    QueueLoad,
    agents_in,
    forecast,
)
from nirc.core.traffic_shifts import shift_of
from nrcli.wire.control_models import Control
from nrcli.wire.messages import AgentReport, AgentState
from nrcli.wire.shift_models import QueueOutlook, ShiftOutlook
from routing_policies import columns as c

WINDOW_S = 900.0
"Sites count the callers of `window_offered_count` over this."
AWAY = (AgentState.NULL, AgentState.NOT_READY)
Problem = tuple[str, str, str]


def shift_forecast(
    parts: Parts, liveness: SiteLiveness, control: Control, now_s: float
) -> Forecast:
    """What the last step of a shift would do to the queues it leads from and to."""
    shift = shift_of(control)
    gathered = _Gathering(parts, liveness, shift, now_s)
    return forecast(
        gathered.flows(), shift.steps[-1], shift.roll_back.floor, tuple(gathered.channels())
    )


def shift_problem(found: Forecast, control: Control) -> Problem | None:
    """Why the shift is refused; None: it may begin."""
    given = control.parameters.shift
    if not found.origins:
        remedy = "is the site linked? name a service or queue that it has"
        return "target.name", f"{control.target.name} has no queue of that kind", remedy
    if not found.problems:
        return None
    nobody = all(one.calls_per_hour_after <= one.calls_per_hour for one in found.targets)
    if found.moved_calls_per_min > 0 and nobody:
        remedy = "see `nrcli sites` and `nrcli paths`; this cannot be forced"
        return "parameters.shift", "; ".join(found.problems), remedy
    if given is not None and given.force:
        return None
    most = f"{found.share_max:.0%} of the callers could be carried" if found.share_max else ""
    remedy = f"{most}{'; ' if most else ''}`--force` begins it nevertheless"
    return "parameters.shift", "; ".join(found.problems[:5]), remedy


def outlook(found: Forecast) -> ShiftOutlook:
    """In the words of the HTTP API."""
    return ShiftOutlook(
        share=found.share,
        moved_calls_per_min=found.moved_calls_per_min,
        origins=tuple(_outlook(one) for one in found.origins),
        targets=tuple(_outlook(one) for one in found.targets),
        problems=found.problems,
        share_max=found.share_max,
    )


def outlook_lines(found: Forecast) -> Iterator[str]:
    """For a person: figures before and after, then what is wrong."""
    yield f"about {found.moved_calls_per_min:.1f} calls per minute move, at the last step"
    for one in (*found.origins, *found.targets):
        yield (
            f"{one.site} {one.queue}: {one.calls_per_hour:.0f} calls per hour become"
            f" {one.calls_per_hour_after:.0f}, for {one.agents:.1f} agents:"
            f" {one.occupancy:.0%} busy becomes {one.occupancy_after:.0%},"
            f" {one.service_level:.0%} in time becomes {one.service_level_after:.0%}"
        )
    for problem in found.problems:
        yield f"PROBLEM: {problem}"
    if found.problems:
        yield f"without a problem: at most {found.share_max:.0%} of the callers"


def _outlook(one: QueueForecast) -> QueueOutlook:
    return QueueOutlook.model_validate(one, from_attributes=True)


class _Gathering:
    """One look at the network."""

    def __init__(
        self, parts: Parts, liveness: SiteLiveness, shift: TrafficShift, now_s: float
    ) -> None:
        self._parts = parts
        self._liveness = liveness
        self._shift = shift
        self._now_s = now_s
        self._loads: dict[int, QueueLoad] = {}
        self._agents: dict[str, dict[str, float]] = {}
        documents = parts.active.documents
        self._groups = sorted(
            {
                path.spec.trunk_group
                for path in (documents.paths if documents else ())
                if path.spec.from_site == shift.from_site
            }
        )

    def flows(self) -> list[Flow]:
        """One for each queue that callers leave."""
        table, shift = self._parts.network.table, self._shift
        found = []
        for row in table.rows_of_site(shift.from_site):
            queue = table.columns.queue[row]
            services = self._services_of(queue)
            if table.report(row) is None or shift.queue not in ("", queue) or not services:
                continue
            rows = sorted(
                {
                    target
                    for service in services
                    for target in self._parts.active.rows(service, queue)
                    if shift.goes_to(table.columns.site[target])
                }
            )
            targets = tuple(self._load(target, origin=False) for target in rows)
            found.append(Flow(origin=self._load(row, origin=True), targets=targets))
        return found

    def channels(self) -> Iterator[ChannelsFree]:
        """Trunk groups by which calls would come and leave, once each."""
        network, shift = self._parts.network, self._shift
        seen: set[tuple[str, str]] = set()
        for site in sorted({site for site in network.heard_sites if shift.goes_to(site)}):
            ladder = self._ladder(site)
            if ladder is None:
                continue
            claims = [(site, one.trunk_group, one.count) for one in ladder.claims]
            home = [(shift.from_site, group, ladder.origin_channels) for group in self._groups[:1]]
            for place, group, count in (*claims, *home):
                left = network.channels_left.get((place, group))
                if count > 0 and left is not None and (place, group) not in seen:
                    seen.add((place, group))
                    yield ChannelsFree(site=place, trunk_group=group, count=left, each=count)

    # ---- inner

    def _services_of(self, queue: str) -> list[str]:
        active, shift = self._parts.active, self._shift
        services = active.documents.services if active.documents else ()
        return [
            name
            for name in sorted(services)
            if shift.service in ("", name) and active.queue_of(shift.from_site, name) == queue
        ]

    def _ladder(self, site: str) -> Ladder | None:
        """The first way there."""
        paths, shift = self._parts.active.paths, self._shift
        for group in self._groups:
            for answered in (False, True):
                ladder = paths.ladder(shift.from_site, group, site, answered)
                if not ladder.missing:
                    return ladder
        return None

    def _load(self, row: int, *, origin: bool) -> QueueLoad:
        if row not in self._loads:
            table = self._parts.network.table
            queues, site = table.columns.queues, table.columns.site[row]
            report, patience_s = table.report(row), queues[c.Q_PATIENCE_S][row]
            self._loads[row] = QueueLoad(
                site=site,
                queue=table.columns.queue[row],
                agents=self._agents_of(site, row),
                offered_per_s=self._offered_per_s(row),
                aht_s=queues[c.Q_AHT_S][row],
                patience_s=patience_s if patience_s > 0 else 0.0,
                loan_max=max(report.max_loan - report.loan_count, 0) if report else 0,
                threshold_s=self._threshold_s(table.columns.queue[row]),
                problem="" if origin else self._problem(row),
            )
        return self._loads[row]

    def _offered_per_s(self, row: int) -> float:
        table = self._parts.network.table
        site, queue = table.columns.site[row], table.columns.queue[row]
        report = table.report(row)
        known = report.window_offered_count / WINDOW_S if report else 0.0
        return max(known, self._parts.network.rates.per_s(site, queue, self._now_s) or 0.0)

    def _agents_of(self, site: str, row: int) -> float:
        """Agents at work, those who serve several queues in part."""
        table = self._parts.network.table
        report = table.report(row)
        at_work = float(report.staffed_count - report.not_ready_count) if report else 0.0
        if site not in self._agents:
            self._agents[site] = self._split(site)
        part = self._agents[site].get(table.columns.queue[row])
        return max(at_work, 0.0) if part is None else max(at_work, 0.0) * part

    def _split(self, site: str) -> dict[str, float]:
        """By queue: which part of its agents is its own, as far as the site told of agents."""
        state, table = self._parts.network.state_of(site), self._parts.network.table
        agents = [
            [one.queue for one in entity.queues]
            for entity in (state.entities() if state else ())
            if isinstance(entity, AgentReport) and entity.state not in AWAY and entity.queues
        ]

        def load_of(queue: str) -> float:
            row = table.find(site, queue)
            return self._offered_per_s(row) * table.columns.queues[c.Q_AHT_S][row] if row else 0.0

        heads = _heads(agents)
        parts = agents_in(agents, load_of)
        return {queue: parts[queue] / heads[queue] for queue in heads}

    def _threshold_s(self, queue: str) -> float:
        documents = self._parts.active.documents
        found = [
            one.spec.service_level.threshold_s
            for one in (documents.services.values() if documents else ())
            if one.spec.queue == queue
        ]
        return min(found, default=20.0)

    def _problem(self, row: int) -> str:
        """Why no call of the shift may go to this queue now."""
        parts, columns = self._parts, self._parts.network.table.columns
        site, queues = columns.site[row], columns.queues
        if why := parts.controls.barred(site):
            return why
        if self._liveness.of(site) is not Liveness.ALIVE or not parts.network.synced(site):
            return "the site is not in reach"
        for column, why in (
            (c.Q_OPEN, "closed"),
            (c.Q_SITE_OPEN, "closed by its calendar"),
            (c.Q_SHARED, "not shared"),
            (c.Q_ACCEPTING, "would not serve more before it closes"),
        ):
            if not queues[column][row]:
                return why
        if self._ladder(site) is None:
            return f"no path leads there from {self._shift.from_site}"
        return ""


def _heads(agents: Sequence[Iterable[str]]) -> dict[str, int]:
    """Agents of each queue, each counted whole."""
    found: dict[str, int] = {}
    for queues in agents:
        for queue in queues:
            found[queue] = found.get(queue, 0) + 1
    return found
