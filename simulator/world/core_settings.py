"""What routers and site daemons of a simulated network are set to.

Rule of this file: what the model names comes from the model; bounds against overload are out of
reach, and without faults nothing is ever silent and nobody is suspended.
"""

from __future__ import annotations

from nirc.core.settings import RouterSettings
from routing_policies.document import SiteTable
from routing_policies.ewt_choice import SETTINGS as CHOICE
from simulator.model.instants import US
from simulator.model.network import CallbackModel, NetworkModel, SiteModel
from site_agent.core.callback_settings import CallbackSettings
from site_agent.core.settings import QueueRules, SiteSettings, TrunkRules

FAR_S = 1e12
MANY = 10**9


def router_settings(*, faulty: bool) -> RouterSettings:
    """Settings of a node; `faulty`: heartbeats are on, so that silence means something."""
    if faulty:
        return RouterSettings()
    return RouterSettings(
        quiet_s=FAR_S,
        dead_s=FAR_S,
        requests_open_max=MANY,
        requests_open_per_site_max=MANY,
        requests_per_site_per_s=float(MANY),
        requests_per_site_burst=float(MANY),
        moves_max=MANY,
        last_agents_max=1,
        decisions_shown_max=1,
        hole_outcomes_min=MANY,
        leaderless_s=FAR_S,
        etcd_away_s=FAR_S,
        away_s=FAR_S,
    )


def callback_settings(model: CallbackModel | None) -> CallbackSettings:
    """How a site calls callers back."""
    if model is None:
        return CallbackSettings(entries_max=0)
    return CallbackSettings(
        entries_max=model.entries_max,
        attempts_max=model.attempts_max,
        pause_s=model.pause_us / US,
        ring_s=model.ring_us / US,
        keep_s=model.keep_us / US,
        unresolved_s=model.unresolved_us / US,
    )


def site_settings(
    site: SiteModel,
    start_unix_s: float,
    *,
    ideal: bool = False,
    callbacks: CallbackModel | None = None,
) -> SiteSettings:
    """Settings of a site daemon; `start_unix_s` is wall time minus the core's clock. `ideal`: every
    queue is judged by its length throughout."""
    return SiteSettings(
        callbacks=callback_settings(callbacks),
        queues={
            queue.name: QueueRules(
                queue=queue.name,
                shared=queue.shared,
                max_loan=queue.max_loan,
                min_reserve=queue.min_reserve,
            )
            for queue in site.queues
        },
        trunks={
            trunk.name: TrunkRules(
                trunk_group=trunk.name,
                min_free=trunk.min_free,
                kind=trunk.kind,
                dials=callbacks is not None and trunk.kind == "carrier",
            )
            for trunk in site.trunks
        },
        coalesce_s=site.coalesce_us / US,
        ask_after_s=site.ask_after_us / US,
        requery_s=site.requery_us / US,
        deadline_s=site.deadline_us / US,
        act_locally_pause_s=site.act_locally_pause_us / US,
        requests_open_max=MANY,
        holds_max=MANY,
        tombstones_max=MANY,
        finished_moves_max=MANY,
        unix_offset_s=start_unix_s,
        ewt_gain_min=1.0 if ideal else CHOICE.gain_min,
    )


def site_table(model: NetworkModel) -> SiteTable:
    """Every trunk group of every site is dialed by the site's name and the group's number."""
    return SiteTable(
        addresses={
            (site.name, trunk.name): (site.name, number + 1, "udp")
            for site in model.sites
            for number, trunk in enumerate(site.trunks)
        }
    )
