"""Where calls may go in an ideal network, from each trunk group and for each service.

Rule of this file: the router's own code says which ways there are, the model how calls really move
on them; what of a way the loop does not model is told as a problem.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from nirc.core.active_policy import ActivePolicy
from nirc.core.paths import Ladder
from nirc.core.ways import Ways
from nrcli.wire.messages import RouteRequest
from simulator.compiled import desk as k
from simulator.compiled.policies import Policies
from simulator.model.instants import NEVER_US, START_S, US, to_us
from simulator.model.network import MoveModel, NetworkModel

PLACE_S = 40.0
"After this an origin asks what became of a call that it redirected, and the hold is given back."
LATEST_S = 30.0
"Moves that take longer than this are not for the loop."


class DirectWays:
    """The ways of each service from each trunk group, before and after the answer."""

    def __init__(self, model: NetworkModel, policies: Policies, active: ActivePolicy) -> None:
        self._model = model
        self.problem = ""
        "What the loop does not model; empty: nothing."
        self.of = np.zeros((len(model.services), len(model.trunks), 2), dtype=np.int64)
        self.ways: list[Ways] = []
        self._lines: list[list[tuple[int, ...]]] = []
        self._music = any(q.answer_after_us < NEVER_US for s in model.sites for q in s.queues)
        self._trunks = {
            (model.sites[s].name, model.sites[s].trunks[t].name): index
            for index, (s, t) in enumerate(model.trunks)
        }
        self._moves: dict[tuple[int, int, int, str], MoveModel] = {
            (one.from_site, one.trunk, one.to_site, one.method): one for one in model.moves
        }
        self._entries = {entry for one in model.ingresses for entry in one.entries}
        for n, service in enumerate(model.services):
            policy = policies.used[policies.of_service[n]]
            for index, (s, t) in enumerate(model.trunks):
                for answered in (False, True):
                    request = RouteRequest(
                        request_id="",
                        interaction_id="",
                        call_id="",
                        service=service.name,
                        queue=service.queue,
                        trunk_group=model.sites[s].trunks[t].name,
                        answered=answered,
                    )
                    name = model.sites[s].name
                    way = active.ways(name, request, START_S, policy.redirects)
                    self.of[n, index, int(answered)] = len(self.ways)
                    self.ways.append(way)
                    self._lines.append(self._lines_of(s, t, way, answered=answered))
        self.width = max([1, *(len(one.rows) for one in self.ways)])

    def table(self) -> Any:
        """[way, candidate, WAY_...]"""
        table = np.zeros((max(len(self.ways), 1), self.width, k.WAY_WIDTH), dtype=np.int64)
        for w, lines in enumerate(self._lines):
            for i, line in enumerate(lines):
                table[w, i] = line
        return table

    def _lines_of(self, s: int, t: int, way: Ways, *, answered: bool) -> list[tuple[int, ...]]:
        lines = []
        for row, ladder in zip(way.rows, way.ladders, strict=True):
            target = self._model.rows[row - 1][0]
            nowhere = (row, -1, *(0,) * (k.WAY_WIDTH - 3), target)
            usable = not ladder.missing and (self._music or not answered)
            lines.append(self._line(s, t, row, ladder) if usable else nowhere)
        return lines

    def _line(self, s: int, t: int, row: int, ladder: Ladder) -> tuple[int, ...]:
        model, rung = self._model, ladder.rungs[0]
        target = model.rows[row - 1][0]
        site = model.sites[target]
        move = self._moves.get((s, t, target, rung.method.value))
        self.problem = self.problem or self._problem(s, target, ladder, move)
        if move is None:
            return (row, -1, *(0,) * (k.WAY_WIDTH - 3), target)
        return (
            row,
            self._trunks[site.name, site.trunks[move.arrives_on].name],
            sum(claim.count for claim in ladder.claims),
            move.set_up_us,
            to_us(min(ladder.expires_s, PLACE_S)),
            to_us(ladder.expires_s),
            target,
        )

    def _problem(self, s: int, target: int, ladder: Ladder, move: MoveModel | None) -> str:
        """What of a way the loop does not model; the method tried first is the one that counts."""
        model, rung = self._model, ladder.rungs[0]
        site = model.sites[target]
        names = f"{model.sites[s].name} to {site.name}"
        if rung.method.value != "redirect_302":
            return f"moves by {rung.method.value} ({names})"
        if move is None:
            return f"a path without a move of the model ({names})"
        if ladder.origin_channels:
            return f"moves that need free channels where the call is ({names})"
        trunk = site.trunks[move.arrives_on]
        if {rung.arrives_on} | {one.trunk_group for one in ladder.claims} != {trunk.name}:
            return f"a path that arrives elsewhere than its calls ({names})"
        if move.set_up_us >= min(ladder.expires_s, LATEST_S) * US:
            return f"moves that take longer than a reservation stands ({names})"
        if sum(one.count for one in ladder.claims) >= k.PACKED_CHANNELS:
            return f"moves that claim {k.PACKED_CHANNELS} channels or more ({names})"
        claimed = any(one.count for one in ladder.claims)
        most = len(site.agents) + sum(queue.places_max for queue in site.queues)
        dialed = (target, move.arrives_on) in self._entries
        if (dialed or not claimed) and trunk.channels_max < most:
            return f"moved calls that may meet a full trunk group ({names})"
        return ""
