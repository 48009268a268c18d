"""Where calls may go from each trunk group, and what policies are told of the call.

Rule of this file: the router's own code says which ways there are; the model says how calls really
move on them. One set of ways per trunk group and service, one line per candidate.
"""

from __future__ import annotations

from itertools import chain
from typing import Any

import numpy as np

from nirc.core.active_policy import ActivePolicy
from nirc.core.paths import Ladder
from nirc.core.queue_table import QueueTable
from nrcli.wire.messages import RouteRequest, Rung
from routing_policies import columns as k
from routing_policies.call_features import ServiceValues, call_vector
from routing_policies.model import CallFacts
from simulator.compiled import networked_layout as n
from simulator.compiled.policies import Policies
from simulator.model.instants import NEVER_US, START_S, US
from simulator.model.network import MoveModel, NetworkModel
from simulator.model.outcomes import Method
from site_agent.core.settings import SiteSettings

RETURN_S_MAX = 30.0
"A place at home is kept for a little longer than this."
SETTINGS = SiteSettings()
METHODS = {
    "redirect_302": Method.REDIRECT_302,
    "refer": Method.REFER,
    "bridge": Method.BRIDGE,
}


def patience_s(rung: Rung) -> float:
    """How long a site waits for word of a REFER or a bridge before it asks."""
    return max(SETTINGS.set_up_s_min, SETTINGS.set_up_factor * rung.set_up_p99_s)


class Ways:
    """Sets of ways as arrays."""

    def __init__(
        self, model: NetworkModel, policies: Policies, active: ActivePolicy, table: QueueTable
    ) -> None:
        self._model = model
        self._policies = policies
        self._active = active
        self._table = table
        self._trunks = {one: index for index, one in enumerate(model.trunks)}
        self._names = {
            (model.sites[s].name, model.sites[s].trunks[t].name): index
            for index, (s, t) in enumerate(model.trunks)
        }
        self._moves: dict[tuple[int, int, int, str], MoveModel] = {
            (one.from_site, one.trunk, one.to_site, one.method): one for one in model.moves
        }
        self.problem = ""
        "What of the ways the loop does not model."
        self.sets = np.zeros((2 * max(len(model.trunks), 1), len(model.services), 3), np.int64)
        self._music = any(q.answer_after_us < NEVER_US for s in model.sites for q in s.queues)
        self._music = self._music or policies.announces
        lines: list[tuple[int, ...]] = []
        numbers: list[tuple[float, ...]] = []
        self.width = 1
        for kind in range(2 * len(model.trunks)):
            trunk, answered = divmod(kind, 2)
            for service in range(len(model.services)):
                begin = len(lines)
                for line, number in self._set(
                    model.trunks[trunk], service, answered=bool(answered)
                ):
                    lines.append(line)
                    numbers.append(number)
                usual = self._usual_count(model.trunks[trunk], service)
                self.sets[kind, service] = begin, len(lines), begin + usual
                self.width = max(self.width, len(lines) - begin)
        self.whole = np.array(lines or [(0,) * n.W_WIDTH], np.int64)
        self.rows = np.ascontiguousarray(self.whole[:, n.W_ROW] + 1)
        table_of = np.array(numbers or [(0.0,) * n.WF_WIDTH], np.float64)
        self.numbers = np.ascontiguousarray(table_of.T)

    def trunk(self, site: int, trunk: int) -> int:
        """Number of a trunk group through all sites."""
        return self._trunks[(site, trunk)]

    def _set(
        self, trunk: tuple[int, int], service: int, *, answered: bool
    ) -> list[tuple[Any, Any]]:
        model, site = self._model, self._model.sites[trunk[0]]
        policy = self._policies.used[self._policies.of_service[service]]
        request = self._question(trunk, service, answered=answered)
        ways = self._active.ways(site.name, request, START_S, policy.redirects)
        found = []
        targets = [model.rows[row - 1][0] for row in ways.rows]
        usual = [site for site, bar in zip(targets, ways.barred, strict=True) if bar == 0]
        if len(set(usual)) < len(usual):
            self.problem = "several queues of one site for one service"
        for i, row in enumerate(ways.rows):
            ladder = ways.ladders[i]
            line = self._line(trunk, targets[i], row - 1, ladder, answered=answered)
            number = (
                ways.barred[i],
                ways.place_only[i],
                ways.cost[i],
                ways.set_up_s[i],
                ladder.expires_s,
            )
            found.append((line, number))
        return found

    def _question(self, trunk: tuple[int, int], service: int, *, answered: bool) -> RouteRequest:
        known = self._model.services[service]
        return RouteRequest(
            request_id="",
            interaction_id="",
            call_id="",
            service=known.name,
            queue=known.queue,
            trunk_group=self._model.sites[trunk[0]].trunks[trunk[1]].name,
            answered=answered,
        )

    def _usual_count(self, trunk: tuple[int, int], service: int) -> int:
        """How many candidates there are that no redirect need name; they stand first."""
        request = self._question(trunk, service, answered=False)
        site = self._model.sites[trunk[0]].name
        return len(self._active.ways(site, request, START_S).rows)

    def _line(
        self, trunk: tuple[int, int], target: int, row: int, ladder: Ladder, *, answered: bool
    ) -> tuple[int, ...]:
        """One candidate, with the methods to try in their order."""
        none = (row, target, 1, *(0,) * (n.W_WIDTH - 3))
        if ladder.missing or (answered and not self._music):
            return none
        claims = [(-1, 0), (-1, 0)]
        name = self._model.sites[target].name
        for i, claim in enumerate(ladder.claims):
            claims[i] = (self._names.get((name, claim.trunk_group), -1), claim.count)
            if claims[i][0] < 0:
                self.problem = f"a path to {name} by a trunk group that it does not have"
        rungs = [self._rung(trunk, target, ladder, rung) for rung in ladder.rungs]
        if not all(rungs):
            return none
        methods = (len(rungs), ladder.origin_channels, *chain(*rungs))
        line = (row, target, 0, *claims[0], *claims[1], *methods)
        return (*line, *(0,) * (n.W_WIDTH - len(line)))

    def _rung(
        self, trunk: tuple[int, int], target: int, ladder: Ladder, rung: Rung
    ) -> tuple[int, ...]:
        """One method as the model says that it goes; empty where it does not say so."""
        model, (s, t) = self._model, trunk
        names = f"{model.sites[s].name} to {model.sites[target].name}"
        move = self._moves.get((s, t, target, rung.method.value))
        if move is None:
            self.problem = f"a path without a move of the model ({names})"
            return ()
        if model.sites[target].trunks[move.arrives_on].name != rung.arrives_on:
            self.problem = f"a path that arrives elsewhere than its calls ({names})"
        delays_us = model.sites[s].link_delay_us + model.sites[target].link_delay_us
        late_s = (move.set_up_us + delays_us) / US
        if late_s >= min(ladder.expires_s, RETURN_S_MAX):
            self.problem = f"moves that take longer than a reservation stands ({names})"
        elif move.method != "redirect_302" and late_s >= patience_s(rung):
            self.problem = f"moves that take longer than their site waits for them ({names})"
        return (
            int(METHODS[move.method]),
            rung.origin_channels,
            move.origin_channels,
            move.set_up_us,
            move.channels_us,
            self.trunk(target, move.arrives_on),
        )

    def templates(self) -> Any:
        """The call vector as far as ingress and site say it, by ingress and site."""
        model = self._model
        width = k.CALL_FEATURES_FROM + self._policies.feature_count
        lines = np.full((len(model.ingresses) * len(model.sites), width), np.nan)
        for i, ingress in enumerate(model.ingresses):
            for s, site in enumerate(model.sites):
                found = self._vector(i, ingress.dialed_number, site.name)
                lines[i * len(model.sites) + s, : len(found)] = found
        return lines

    def _vector(self, i: int, dialed_number: str, site: str) -> list[float]:
        model = self._model
        service = model.services[model.ingresses[i].service]
        policy = self._policies.used[self._policies.of_service[model.ingresses[i].service]]
        document = model.documents.services.get(service.name)
        values = ServiceValues()
        if document is not None:
            spec = document.spec
            values = ServiceValues(
                priority=spec.priority,
                aht_s=spec.aht_s,
                threshold_s=spec.service_level.threshold_s,
                target=spec.service_level.target,
            )
        facts = CallFacts(
            interaction_id="",
            origin_site=site,
            queue=service.queue,
            service=service.name,
            dialed_number=dialed_number,
        )
        return call_vector(
            facts,
            origin_row=0,
            service=values,
            features=policy.features,
            world=_World(model, service.name),
        )


class _World:
    """Number lists; what calendars say is filled in call by call."""

    def __init__(self, model: NetworkModel, service: str) -> None:
        self._lists = model.documents.lists_of(service)

    def handler(self, name: str, facts: CallFacts) -> bool:
        return False

    def listed(self, list_name: str, number: str) -> bool:
        """Is the number on the list?"""
        found = self._lists.get(list_name)
        return found is not None and found.holds(number, verified=False)

    def calendar(self, name: str) -> None:
        """There is none here."""
        return
