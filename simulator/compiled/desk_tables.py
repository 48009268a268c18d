"""A network as arrays for the direct loop: ways, policy columns, what is known of calls.

Rule of this file: ways, columns and call vectors are made by the router's own code from the model's
documents; here they are only laid out.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from nirc.core.ways import Ways
from routing_policies import columns as c
from routing_policies.call_features import ServiceValues, call_vector
from routing_policies.model import CallFacts
from routing_policies.names import name_id
from simulator.compiled import desk as k
from simulator.compiled.direct_ways import DirectWays
from simulator.compiled.heap import new_heaps
from simulator.compiled.policies import Policies
from simulator.compiled.router_tables import router_tables
from simulator.compiled.tables import faults_of, shifts_of
from simulator.model.instants import START_S
from simulator.model.network import NetworkModel, SiteModel
from simulator.model.outcomes import MOVE_TYPE, OUTCOME_TYPE

HEAP_FIRST = 1024


def desk_of(model: NetworkModel, policies: Policies) -> tuple[k.Desk, k.Asked]:
    """Everything at instant 0."""
    maker = _Maker(model, policies)
    direct = DirectWays(model, policies, maker.active)
    ways, width = direct.ways, direct.width
    row_count = len(model.rows) + 1
    queues = np.ascontiguousarray(maker.table.columns.queues, dtype=np.float64)
    queues[c.Q_FIRST_READY] = np.arange(row_count)
    ingresses, entries = _ingresses(model)
    agents, slot_agents = _slots(model)
    desk = k.Desk(
        heaps=new_heaps(k.HEAPS, HEAP_FIRST + len(model.agents)),
        ingresses=ingresses,
        lost_shares=np.array([one.lost_share for one in model.ingresses]),
        entries=entries,
        services=np.array([(one.priority,) for one in model.services], dtype=np.int64),
        shifts=shifts_of(model),
        faults=faults_of(model),
        factors=np.array([site.foreign_aht_factor for site in model.sites], dtype=float),
        handle_s=np.array([site.queues[q].aht_s for site, q in _queues(model)]),
        outcomes=np.zeros(0, dtype=OUTCOME_TYPE),
        moves=np.zeros(0, dtype=MOVE_TYPE),
    )
    asked = k.Asked(
        way_of=direct.of,
        way_counts=np.array([len(one.rows) for one in ways] or [0], dtype=np.int64),
        ways=direct.table(),
        way_rows=_padded([one.rows for one in ways], width, np.int64),
        way_base=_padded([one.barred for one in ways], width, np.float64),
        way_columns=_way_columns(ways, width),
        facts=maker.facts(),
        features=maker.features(),
        actions=policies.actions.astype(np.float64),
        matters=int(policies.matters),
        queues=queues,
        agents=agents,
        slot_agents=slot_agents,
        slot_before=np.full(len(slot_agents), -1, dtype=np.int64),
        cursors=np.zeros(len(model.agents) + 1, dtype=np.int64),
        kept=np.zeros(policies.kept_count),
        row_kept=np.zeros((policies.row_kept_count, row_count)),
        out=np.zeros(c.OUT_SIZE),
        lost=np.zeros((c.LOST_COLUMNS, width)),
        trace=np.zeros(policies.rules_count),
        call=np.zeros(c.CALL_FEATURES_FROM + policies.feature_count),
    )
    return desk, asked


class _Maker:
    """The router's tables for a model."""

    def __init__(self, model: NetworkModel, policies: Policies) -> None:
        self.model = model
        self.policies = policies
        self.table, self.active = router_tables(model)

    def facts(self) -> Any:
        """The call vector as far as service and trunk group say it."""
        model = self.model
        shape = (len(model.services), len(model.trunks), c.CALL_FEATURES_FROM)
        facts = np.zeros(shape)
        for n, service in enumerate(model.services):
            doc = model.documents.services.get(service.name)
            values = ServiceValues()
            if doc is not None:
                values = ServiceValues(
                    priority=doc.spec.priority,
                    aht_s=doc.spec.aht_s,
                    threshold_s=doc.spec.service_level.threshold_s,
                    target=doc.spec.service_level.target,
                )
            for t, (s, i) in enumerate(model.trunks):
                site = model.sites[s]
                known = CallFacts(
                    interaction_id="",
                    origin_site=site.name,
                    queue=service.queue,
                    service=service.name,
                    trunk_group=site.trunks[i].name,
                    priority=int(values.priority),
                )
                facts[n, t] = call_vector(
                    known,
                    origin_row=self.table.find(site.name, service.queue),
                    service=values,
                    features=(),
                    world=_Nothing(),
                )
        return facts

    def features(self) -> Any:
        """Dialed numbers, and what policies ask of them."""
        count = self.policies.feature_count
        table = np.full((len(self.model.ingresses), 1 + count), np.nan)
        for i, ingress in enumerate(self.model.ingresses):
            table[i, 0] = name_id(ingress.dialed_number)
            service = self.model.services[ingress.service].name
            policy = self.policies.used[self.policies.of_service[ingress.service]]
            known = CallFacts(
                interaction_id="",
                origin_site="",
                queue="",
                service=service,
                dialed_number=ingress.dialed_number,
            )
            vector = call_vector(
                known,
                origin_row=0,
                service=ServiceValues(),
                features=policy.features,
                world=_World(self, service),
            )
            found = vector[c.CALL_FEATURES_FROM :]
            table[i, 1 : 1 + len(found)] = found
        return table


class _Nothing:
    """Nobody asks."""

    def handler(self, name: str, facts: CallFacts) -> bool:
        return False

    def listed(self, list_name: str, number: str) -> bool:
        return False

    def calendar(self, name: str) -> None:
        return None


class _World:
    """Lists and calendars as they stand at instant 0."""

    def __init__(self, maker: _Maker, service: str) -> None:
        self._lists = maker.model.documents.lists_of(service)
        self._hours = maker.active.hours

    def handler(self, name: str, facts: CallFacts) -> bool:
        return False

    def listed(self, list_name: str, number: str) -> bool:
        found = self._lists.get(list_name)
        return found is not None and found.holds(number, verified=False)

    def calendar(self, name: str) -> Any:
        return self._hours.state(name, START_S)


def _queues(model: NetworkModel) -> list[tuple[SiteModel, int]]:
    return [(model.sites[s], q) for s, q in model.rows]


def _ingresses(model: NetworkModel) -> tuple[Any, Any]:
    table = np.zeros((len(model.ingresses), k.INGRESS_WIDTH), dtype=np.int64)
    entries: list[tuple[int, int]] = []
    trunk_index = {one: index for index, one in enumerate(model.trunks)}
    for i, ingress in enumerate(model.ingresses):
        table[i] = (
            ingress.service,
            len(entries),
            len(entries) + len(ingress.entries),
            ingress.switch_over_us,
            ingress.retry_us,
        )
        entries += [(trunk_index[one], model.home_row(i, one[0])) for one in ingress.entries]
    return table, np.array(entries, dtype=np.int64).reshape(-1, k.ENTRY_WIDTH)


def _slots(model: NetworkModel) -> tuple[Any, Any]:
    """A slot for each queue of each agent, nobody ready yet, and whose each is."""
    found = [
        (a, model.row_of[s, site.queues[q].name] + 1, level)
        for a, (s, i) in enumerate(model.agents)
        for site in (model.sites[s],)
        for q, level in site.agents[i].levels
    ]
    agents = np.zeros((c.AGENT_COLUMNS, max(len(found), 1)))
    agents[c.A_NEXT] = -1
    for slot, (a, row, level) in enumerate(found):
        s, i = model.agents[a]
        agents[c.A_AGENT, slot] = name_id(f"{model.sites[s].name}/{model.sites[s].agents[i].name}")
        agents[c.A_ROW, slot] = row
        agents[c.A_LEVEL, slot] = level
    return agents, np.array([a for a, _, _ in found] or [0], dtype=np.int64)


def _padded(lines: list[Any], width: int, kind: Any) -> Any:
    table = np.zeros((max(len(lines), 1), width), dtype=kind)
    for i, line in enumerate(lines):
        table[i, : len(line)] = line
    return table


def _way_columns(ways: list[Ways], width: int) -> Any:
    table = np.zeros((max(len(ways), 1), c.WAY_COLUMNS, width))
    for w, way in enumerate(ways):
        for column, values in enumerate((way.barred, way.place_only, way.cost, way.set_up_s)):
            table[w, column, : len(values)] = values
    return table
