"""A network as the arrays of the loop for networks that are not ideal, at instant 0.

Rule of this file: rows of policies, ways and call vectors are made by the router's own code from
the model's documents; here they are only laid out.
"""

from __future__ import annotations

from math import inf
from typing import Any

import numpy as np

from routing_policies import columns as k
from routing_policies.names import name_id
from routing_policies.network_kinds import ServiceSpec
from routing_policies.policy_kinds import Otherwise, Rule, Select
from simulator.compiled import networked_layout as n
from simulator.compiled.networked_hours import Hours
from simulator.compiled.networked_limits import set_limits
from simulator.compiled.networked_ways import Ways
from simulator.compiled.policies import Policies
from simulator.compiled.router_tables import router_tables
from simulator.model.instants import NEVER_US, START_S, US
from simulator.model.network import NetworkModel
from simulator.model.outcomes import OUTCOME_TYPE, Sums

CHOICES = {
    "longest_available": n.LONGEST,
    "most_skilled": n.MOST_SKILLED,
    "least_occupied": n.LEAST_OCCUPIED,
}
ACTIONS = {
    "route": n.ROUTES,
    "redirect": n.ROUTES,
    "retry_after": n.RETRIES,
    "reject": n.REJECTS,
    "announce": n.ANNOUNCES,
    "network_queue": n.QUEUES,
    "queue_at_origin": n.STAYS,
}
SLOTS_FIRST = 256


class Tables:
    """The arrays of one model."""

    def __init__(self, model: NetworkModel, policies: Policies) -> None:
        self.model = model
        self.policies = policies
        self.table, self.active = router_tables(model)
        self.hours = Hours(model, policies)
        self.ways = Ways(model, policies, self.active, self.table)

    def world(self, sums: Sums) -> n.World:
        """All of it."""
        world = n.World(
            **self._what_happens(),
            **self._sites_and_rows(),
            **self._policies_and_ways(),
            agents_us=sums.agents_us,
            waiting_us=sums.waiting_us,
            waiting_most=sums.waiting_most,
            trunks_us=sums.trunks_us,
            trunks_most=sums.trunks_most,
            blocked=sums.blocked,
        )
        self._numbers(world)
        return world

    def _what_happens(self) -> dict[str, Any]:
        """Tables that are empty at first, or grow."""
        whole = np.int64
        return {
            "g": np.zeros(n.G_WIDTH, whole),
            "heap": np.zeros((2048, n.H_WIDTH), whole),
            "given": np.zeros((1, n.I_WIDTH), whole),
            "given_luck": np.zeros(1),
            "given_share": np.zeros((1, n.SHARES_MAX)),
            "calls": np.zeros((0, n.C_WIDTH), whole),
            "call_times": np.zeros((0, n.CF_WIDTH)),
            "requests": np.zeros((0, n.R_WIDTH), whole),
            "request_times": np.zeros((0, n.RF_WIDTH)),
            "deals": np.zeros((0, n.D_WIDTH), whole),
            "deal_times": np.zeros((0, n.DF_WIDTH)),
            "reports": np.zeros((len(self.model.sites), 1)),
            "acks": np.zeros((len(self.model.sites), n.ACKS_MAX, 2), whole),
            "outcomes": np.zeros((4096, len(OUTCOME_TYPE.names or ())), whole),
            "moves": np.zeros((4096, 10), whole),
            "tickets": np.zeros((0, n.K_WIDTH), whole),
            "ticket_times": np.zeros((0, n.KF_WIDTH)),
            "groups": np.zeros((0, n.P_WIDTH), whole),
            "pauses": np.zeros((0, len(self.model.sites))),
            "looks": np.zeros((2, n.FRESH_MAX, 2), whole),
            "of_service": np.zeros(len(self.model.services), whole),
            "limits": np.zeros(n.L_WIDTH),
        }

    def _sites_and_rows(self) -> dict[str, Any]:
        """The floor, and what was last told of it."""
        model, whole = self.model, np.int64
        staff, staff_times, shifts, members = self._staff()
        rows, codes = len(model.rows), len(model.agents) + len(model.rows) + len(model.trunks)
        return {
            "staff": staff,
            "staff_times": staff_times,
            "shifts": shifts,
            "members": members,
            "agents": self._slots(members),
            "rows": self._rows(),
            "row_times": self._row_times(),
            "noted": np.zeros((rows, n.V_WIDTH)),
            "told": np.zeros((rows, n.V_WIDTH)),
            "fresh": np.zeros(n.V_WIDTH),
            "buckets": np.zeros((rows, 2, 17, 3)),
            "spans": np.zeros((rows, 2, 2), whole),
            "entities": np.zeros((codes, n.E_WIDTH), whole),
            "marks": np.zeros((len(model.sites), codes), whole),
            "unacked": np.zeros((len(model.sites), codes), whole),
            "sites": self._sites(),
            "site_times": self._site_times(),
            "trunks": self._trunks(),
            "ingresses": self._ingresses(),
            "thresholds": self._thresholds(),
            "ageing": self._ageing(),
            "ratios": np.zeros((rows if self._reads_ranges() else 1, 4, 2, n.RATIOS_MAX)),
        }

    def _policies_and_ways(self) -> dict[str, Any]:
        """What a decision reads and writes."""
        model, policies, ways, width = self.model, self.policies, self.ways, self.ways.width
        rules, says = self._rules()
        names = [name_id(model.sites[s].trunks[t].name) for s, t in model.trunks]
        return {
            "queues": np.ascontiguousarray(self.table.columns.queues, dtype=np.float64),
            "kept": np.zeros(policies.kept_count),
            "row_kept": np.zeros((policies.row_kept_count, len(model.rows) + 1)),
            "kept_before": np.zeros(policies.kept_count),
            "row_kept_before": np.zeros((policies.row_kept_count, len(model.rows) + 1)),
            "out": np.zeros(k.OUT_SIZE),
            "lost": np.zeros((k.LOST_COLUMNS, width)),
            "trace": np.zeros(policies.rules_count),
            "call": np.zeros(k.CALL_FEATURES_FROM + policies.feature_count),
            "templates": ways.templates(),
            "trunk_names": np.array(names or [0.0]),
            "way_sets": ways.sets,
            "way_rows": ways.rows,
            "ways": ways.whole,
            "way_numbers": ways.numbers,
            "scratch": np.zeros(k.WAY_COLUMNS * width),
            "rules": np.array(rules, np.int64),
            "rule_says": np.array(says, np.int64),
            "hours": self.hours.features,
            "stretches": self.hours.stretches,
            "start_unix": np.array([model.start_unix_s]),
            "rule_times": np.array([retry / US for _, retry in policies.actions]),
        }

    # ---- parts ------------------------------------------------------------------------------

    def _numbers(self, world: n.World) -> None:
        model, g = self.model, world.g
        g[n.G_INTERVAL_US] = model.interval_us
        g[n.G_INTERVALS] = len(world.agents_us)
        g[n.G_WAITING_MAX] = model.waiting_max
        g[n.G_OVER_ROW] = -1
        g[n.G_SITES] = len(model.sites)
        g[n.G_ROWS] = len(model.rows)
        g[n.G_AGENTS] = len(model.agents)
        g[n.G_TRUNKS] = len(model.trunks)
        priorities = {one.priority for one in model.services}
        priorities |= {spec.priority for spec in self._specs()}
        g[n.G_CALENDARS] = self.hours.count
        g[n.G_RANGES] = self._reads_ranges()
        g[n.G_AGEING] = any(spec.ageing is not None for spec in self._specs())
        g[n.G_UNIFORM] = len(priorities) <= 1 and not g[n.G_AGEING]
        g[n.G_FREE_C] = g[n.G_FREE_R] = g[n.G_FREE_D] = g[n.G_FREE_K] = g[n.G_FREE_P] = -1
        g[n.G_QUEUED] = self.policies.queues
        set_limits(world)

    def _staff(self) -> tuple[Any, Any, Any, Any]:
        model = self.model
        staff = np.zeros((len(model.agents), n.A_WIDTH), np.int64)
        times = np.zeros((len(model.agents), n.AF_WIDTH))
        shifts: list[tuple[int, int]] = []
        members: list[tuple[int, ...]] = []
        for index, (s, a) in enumerate(model.agents):
            site = model.sites[s]
            agent, line = site.agents[a], staff[index]
            names = sorted(one.name for one in site.agents)
            line[n.A_SITE] = s
            line[n.A_STATE] = n.OFF
            line[n.A_SHOWN] = n.SHOWN_NULL
            line[n.A_CALL] = line[n.A_DEAL] = -1
            line[n.A_RING], line[n.A_NO_ANSWER] = agent.ring_us, agent.no_answer_us
            line[n.A_PAUSE] = agent.pause_us
            line[n.A_NAME] = names.index(agent.name)
            times[index, n.AF_SHARE] = agent.no_answer_share
            line[n.A_FIRST] = len(members)
            for queue, level in agent.levels:
                row = self._row(s, queue)
                shared = int(site.queues[queue].shared)
                members.append((index, row, level, -1, -1, -1, shared))
                line[n.A_REPORTED] |= shared
            line[n.A_LAST] = len(members)
            line[n.A_SHIFT] = len(shifts)
            for begin, end in agent.shifts:
                if end <= 0:
                    continue
                if begin <= 0:
                    line[n.A_ON] = 1
                else:
                    shifts.append((begin, 1))
                if end < NEVER_US // 2:
                    shifts.append((end, 0))
            line[n.A_SHIFTS_TO] = len(shifts)
        shape = (len(members), n.M_WIDTH)
        return (
            staff,
            times,
            np.array(shifts, np.int64).reshape(len(shifts), 2),
            np.array(members, np.int64).reshape(shape),
        )

    def _row(self, s: int, queue: int) -> int:
        return self.model.row_of[(s, self.model.sites[s].queues[queue].name)]

    def _rows(self) -> Any:
        model = self.model
        rows = np.zeros((len(model.rows), n.Q_WIDTH), np.int64)
        for row, (s, q) in enumerate(model.rows):
            queue, line = model.sites[s].queues[q], rows[row]
            line[n.Q_SITE] = s
            line[n.Q_PLACES_MAX] = queue.places_max
            line[n.Q_SHARED] = queue.shared
            line[n.Q_ANSWER_AFTER] = min(queue.answer_after_us, n.NEVER)
            line[n.Q_MAX_LOAN] = queue.max_loan
            line[n.Q_MIN_RESERVE] = queue.min_reserve
            line[n.Q_CHOICE] = CHOICES[queue.agent_choice]
            line[n.Q_ESTIMATOR] = 1
            for column in (n.Q_HEAD, n.Q_TAIL, n.Q_READY_HEAD, n.Q_READY_TAIL, n.Q_TAIL_BELIEVED):
                line[column] = -1
        for s, site in enumerate(model.sites):
            turns: dict[int, None] = {}
            for agent in site.agents:
                for queue_index, _ in agent.levels:
                    rows[self._row(s, queue_index), n.Q_NULL] += 1
                    turns[self._row(s, queue_index)] = None
            turns |= dict.fromkeys(self._row(s, q) for q in range(len(site.queues)))
            for i, row in enumerate(turns):
                rows[self._row(s, 0) + i, n.Q_TURN] = row
        return rows

    def _row_times(self) -> Any:
        model = self.model
        times = np.zeros((len(model.rows), n.QF_WIDTH))
        for row, (s, q) in enumerate(model.rows):
            times[row, n.QF_AHT] = model.sites[s].queues[q].aht_s
        return times

    def _trunks(self) -> Any:
        model = self.model
        trunks = np.zeros((len(model.trunks), n.T_WIDTH), np.int64)
        for index, (s, t) in enumerate(model.trunks):
            trunk, line = model.sites[s].trunks[t], trunks[index]
            line[n.T_SITE] = s
            line[n.T_MAX] = trunk.channels_max
            line[n.T_MIN_FREE] = trunk.min_free
            line[n.T_SET_UP] = trunk.set_up_us
            line[n.T_NO_ANSWER] = min(trunk.no_answer_us, n.NEVER)
            line[n.T_REPORTED] = trunk.channels_max - trunk.min_free
        return trunks

    def _sites(self) -> Any:
        model = self.model
        sites = np.zeros((len(model.sites), n.S_WIDTH), np.int64)
        row = agent = trunk = 0
        names = sorted(f"{site.name}-" for site in model.sites)
        for s, site in enumerate(model.sites):
            line = sites[s]
            line[n.S_DELAY] = site.link_delay_us
            line[n.S_NAME] = names.index(f"{site.name}-")
            line[n.S_PENDING] = -1
            line[n.S_ROW_FROM], line[n.S_ROW_TO] = row, row + len(site.queues)
            line[n.S_AGENT_FROM], line[n.S_AGENT_TO] = agent, agent + len(site.agents)
            line[n.S_TRUNK_FROM], line[n.S_TRUNK_TO] = trunk, trunk + len(site.trunks)
            row, agent, trunk = line[n.S_ROW_TO], line[n.S_AGENT_TO], line[n.S_TRUNK_TO]
            line[n.S_REPORT_MOST] = (
                3 + 7 * len(site.agents) + (n.V_WIDTH + 1) * len(site.queues) + 2 * len(site.trunks)
            )
            way_us = 2 * site.link_delay_us
            line[n.S_ANSWERS_IN_TIME] = site.deadline_us > way_us + 100_000 and (
                way_us <= 50_000 + min(20_000, way_us) - 1000
            )
        return sites

    def _site_times(self) -> Any:
        times = np.zeros((len(self.model.sites), n.SF_WIDTH))
        for s, site in enumerate(self.model.sites):
            line = times[s]
            line[n.SF_COALESCE] = site.coalesce_us / US
            line[n.SF_ASK_AFTER] = site.ask_after_us / US
            line[n.SF_REQUERY] = site.requery_us / US
            line[n.SF_DEADLINE] = site.deadline_us / US
            line[n.SF_PAUSE] = site.act_locally_pause_us / US
            line[n.SF_FACTOR] = site.foreign_aht_factor
            line[n.SF_ROUND_TRIP] = -1.0
            line[n.SF_AGAIN_AT] = START_S + 2.0
            line[n.SF_SNAPSHOT_AT] = START_S + 300.0
        return times

    def _ingresses(self) -> Any:
        model = self.model
        lines = np.zeros((len(model.ingresses), n.N_WIDTH), np.int64)
        for i, ingress in enumerate(model.ingresses):
            site, trunk = ingress.entries[0]
            priority = model.services[ingress.service].priority
            row = model.home_row(i, site)
            lines[i] = (ingress.service, priority, row, self.ways.trunk(site, trunk))
        return lines

    def _thresholds(self) -> Any:
        found = []
        for service in self.model.services:
            known = self.model.documents.services.get(service.name)
            found.append(20.0 if known is None else known.spec.service_level.threshold_s)
        return np.array(found, dtype=np.float64)

    def _reads_ranges(self) -> bool:
        """Does a policy read the range of the expected wait?"""
        text = self.policies.text
        return any(f"queues[{column}]" in text for column in (k.Q_EWT_LOW, k.Q_EWT_HIGH))

    def _specs(self) -> list[ServiceSpec]:
        known = self.model.documents.services
        return [known[one.name].spec for one in self.model.services if one.name in known]

    def _ageing(self) -> Any:
        """By service: seconds per step of priority (0: it does not grow), the most of it, and the
        priority with which the network's document lets calls start."""
        found = np.zeros((len(self.model.services), 3))
        for s, service in enumerate(self.model.services):
            known = self.model.documents.services.get(service.name)
            found[s, 2] = -inf if known is None else known.spec.priority
            if known is not None and known.spec.ageing is not None:
                found[s, :2] = known.spec.ageing.every_s, known.spec.ageing.most
        return found

    def _rules(self) -> tuple[list[int], list[int]]:
        """By rule: what it does, with the regimes in which it rings all agents; the number of its
        announcement, 0 for none."""
        rules, says, names = [], [], [""]
        for policy in self.policies.used:
            spec = policy.document.spec
            lines: tuple[Rule | Otherwise, ...] = (spec.otherwise, *spec.rules)
            for rule in lines:
                chosen = _selections(rule.select) if isinstance(rule, Rule) else ("",)
                by_regime = (chosen[0], chosen[0], chosen[-1])
                bits = sum(1 << i for i, name in enumerate(by_regime) if name == "broadcast")
                bits += policy.ends_in_network_queue << n.REGIMES
                rules.append(ACTIONS[rule.action] + (bits << n.ACTION_BITS))
                said = rule.announcement or ""
                names += [] if said in names else [said]
                says.append(names.index(said))
        return rules, says

    def _slots(self, members: Any) -> Any:
        model = self.model
        slots = np.zeros((k.AGENT_COLUMNS, max(len(members), 1)))
        slots[k.A_NEXT] = -1.0
        for slot, (agent, row, level, *_) in enumerate(members.tolist()):
            s, a = model.agents[agent]
            name = f"{model.sites[s].name}/{model.sites[s].agents[a].name}"
            slots[k.A_AGENT, slot] = name_id(name)
            slots[k.A_ROW, slot] = row + 1
            slots[k.A_LEVEL, slot] = level
        return slots


def _selections(select: Select | None) -> tuple[str, ...]:
    """Names of a rule's selections: one, or one per regime."""
    if select is None:
        return ("",)
    if select.regimes is None:
        return (select.by or "",)
    return (select.regimes.agents_wait.by, select.regimes.calls_wait.by)
