"""A small network as policies read it, filled by hand, and policies written in few words."""

from __future__ import annotations

from dataclasses import dataclass, field
from textwrap import indent
from typing import Any

import pytest

from routing_policies import columns as c
from routing_policies import reasons as r
from routing_policies.compiler import CompiledPolicy, compile_policy
from routing_policies.errors import DocumentError, Fault
from routing_policies.kinds import RoutingPolicyDoc
from routing_policies.loading import load_document
from routing_policies.model import Memory, QueueColumns, Verdict
from routing_policies.names import name_id

NOW_S = 1000.0
HOME = "home"


def policy(rules: str, *, otherwise: str = "{action: queue_at_origin}") -> CompiledPolicy:
    """`rules` as YAML list items, each with a name."""
    text = "apiVersion: nirc/v1\nkind: RoutingPolicy\nmetadata: {name: tried}\nspec:\n"
    text += f"  otherwise: {otherwise}\n  rules:\n{indent(rules, '    ')}\n"
    document = load_document(text, source="tried.yaml")
    assert isinstance(document, RoutingPolicyDoc)
    return compile_policy(document, 7, source="tried.yaml")


def route(select: str, more: str = "") -> CompiledPolicy:
    """One rule that routes."""
    return policy(f"- {{name: rule, action: route, select: {select}{more and ', '}{more}}}")


def faults(rules: str, *, otherwise: str = "{action: queue_at_origin}") -> list[Fault]:
    """What is wrong with these rules."""
    with pytest.raises(DocumentError) as caught:
        policy(rules, otherwise=otherwise)
    return list(caught.value.faults)


@dataclass
class Ready:
    """A ready agent."""

    name: str
    ready_s: float = 10.0
    level: float = 5
    calls: float = 0
    occupied_s: float = 0.0
    before_s: float = 0.0
    periods: float = 0


@dataclass
class Network:
    """Sites with one queue each, `home` first: the caller waits there."""

    columns: QueueColumns = field(default_factory=QueueColumns)
    rows: dict[str, int] = field(default_factory=dict)
    ways: dict[str, dict[int, float]] = field(default_factory=dict)
    memory: Memory = field(default_factory=Memory)

    def __post_init__(self) -> None:
        self.put(HOME, waiting=30)

    def put(self, site: str, *ready: Ready, queue: str = "sales", **values: Any) -> Network:
        """A queue; `values` as in `NUMBERS`, or of the way there: barred, place_only, cost."""
        key = site if queue == "sales" else f"{site}/{queue}"
        row = self.rows.get(key)
        if row is None:
            row = self.rows[key] = self.columns.add_row(site, queue)
        numbers = {"open": 1, "shared": 1, "staffed": max(10, len(ready)), "places": 100}
        numbers |= {"aht": 180.0, "reported": NOW_S, "free": len(ready), "lendable": len(ready)}
        numbers |= {"longest": min([NOW_S - one.ready_s for one in ready], default=float("inf"))}
        self.ways[key] = {}
        for name, value in (numbers | values).items():
            if name in WAYS:
                self.ways[key][WAYS[name]] = value
            else:
                self.columns.queues[NUMBERS[name]][row] = value
        self._line_up(row, list(ready))
        return self

    def _line_up(self, row: int, ready: list[Ready]) -> None:
        before = -1
        agents = self.columns.agents
        for one in sorted(ready, key=lambda one: -one.ready_s):
            slot = self.columns.add_slot()
            self.columns.agent_names[slot] = one.name
            site = self.columns.site[row]
            values = [name_id(f"{site}/{one.name}"), row, one.level, NOW_S - one.ready_s]
            values += [one.calls, one.before_s, one.periods, one.occupied_s, -1]
            for column, value in zip(agents, values, strict=True):
                column[slot] = value
            if before < 0:
                self.columns.queues[c.Q_FIRST_READY][row] = slot
            else:
                agents[c.A_NEXT][before] = slot
            before = slot

    def decide(
        self,
        tried: CompiledPolicy,
        *,
        reasons: bool = True,
        now_s: float = NOW_S,
        features: tuple[float, ...] = (),
        **facts: Any,
    ) -> Verdict:
        """`facts` as in `CALL`."""
        call = [0.0] * c.CALL_FEATURES_FROM
        numbers = {"origin": self.rows[HOME], "last_agent": float("nan"), "threshold_s": 20.0}
        for name, value in (numbers | facts).items():
            call[CALL[name]] = value
        keys = sorted(key for key in self.rows if key != HOME)
        ways = [[self.ways[key].get(way, 0.0) for key in keys] for way in range(c.WAY_COLUMNS)]
        rows = [self.rows[key] for key in keys]
        columns, memory = self.columns, self.memory
        call += features
        return tried.decide(now_s, call, rows, ways, columns, memory, reasons=reasons)

    def sites(self, verdict: Verdict) -> list[str]:
        """Sites of the ranked, best first."""
        return [self.columns.site[one.row] for one in verdict.ranked]

    def agents(self, verdict: Verdict) -> list[str]:
        """Whom they name: site/agent, or site alone for a place."""
        names = self.columns.agent_names
        return [
            f"{self.columns.site[one.row]}/{names[one.slot]}"
            if one.agent
            else self.sites(verdict)[i]
            for i, one in enumerate(verdict.ranked)
        ]

    def lost(self, verdict: Verdict) -> dict[str, str]:
        """Sites that lost, with words."""
        return {self.columns.site[one.row]: r.told(one.reason, one.value) for one in verdict.lost}


NUMBERS = {
    "open": c.Q_OPEN,
    "site_open": c.Q_SITE_OPEN,
    "shared": c.Q_SHARED,
    "accepting": c.Q_ACCEPTING,
    "staffed": c.Q_STAFFED,
    "not_ready": c.Q_NOT_READY,
    "last_wait": c.Q_LAST_WAIT_S,
    "free": c.Q_FREE,
    "lendable": c.Q_LENDABLE,
    "longest": c.Q_LONGEST_READY_AT,
    "waiting": c.Q_WAITING,
    "places": c.Q_PLACES_FREE,
    "aht": c.Q_AHT_S,
    "reported": c.Q_REPORTED_AT,
    "loans": c.Q_LOANS,
    "service_level": c.Q_SERVICE_LEVEL,
    "estimator": c.Q_ESTIMATOR,
    "oldest_at": c.Q_OLDEST_AT,
    "patience": c.Q_PATIENCE_S,
}
WAYS = {"barred": c.W_BARRED, "place_only": c.W_PLACE_ONLY, "cost": c.W_COST}
CALL = {
    "origin": c.C_ORIGIN_ROW,
    "waited_s": c.C_WAITED_S,
    "priority": c.C_PRIORITY,
    "last_agent": c.C_LAST_AGENT,
    "threshold_s": c.C_SERVICE_THRESHOLD_S,
}
