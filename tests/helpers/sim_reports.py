"""Records of a simulated network: what its sites tell a node, as a node keeps it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from nirc.core import actions as act
from nirc.core.router import Router
from nrcli.reports.facts import Facts
from nrcli.reports.periods import US, Every, Periods
from nrcli.reports.record_facts import facts_of
from nrcli.wire.messages import SiteRecord
from simulator.measures.gathering import Gathering
from simulator.measures.runs import RunMeasures
from simulator.model.calls import CallsTable
from simulator.model.network import NetworkModel
from simulator.world.engine import WorldEngine
from site_agent.core import events as ev
from site_agent.core.site_daemon import SiteDaemon


class TellingDaemon(SiteDaemon):
    """A site whose nodes take records of agents, as nodes of today do."""

    def handle(self, event: Any, now_s: float) -> Any:
        if isinstance(event, ev.NodeLinkUp):
            event = replace(event, records=True)
        return super().handle(event, now_s)


def recorded_run(
    model: NetworkModel, table: CallsTable, seed: int = 1
) -> tuple[Facts, Periods, RunMeasures]:
    """What records tell of a run, its time, and what the simulator measured itself."""
    records: list[SiteRecord] = []

    class KeepingRouter(Router):
        """A router whose records are kept."""

        def handle(self, event: Any, now_s: float) -> Any:
            done = super().handle(event, now_s)
            records.extend(one.record for one in done if isinstance(one, act.RecordOfSite))
            return done

    engine = WorldEngine(seed=seed, new_router=KeepingRouter, new_daemon=TellingDaemon)
    run = engine.start(model)
    gathering = Gathering(model)
    for part in (run.feed(table, model.duration_us), run.finish()):
        gathering.add(part)
    assert run.problems == ()
    begin_us = round(run.world.unix_s() * US) - run.world.timeline.now_us
    edges = (begin_us, begin_us + model.duration_us)
    periods = Periods(edges_us=edges, time_zone="UTC", every=Every.WHOLE)
    return facts_of(records), periods, gathering.finish(run.sums, run.counters)
