"""Writes the loop of one selection: each row's value, and the best of them in order.

Rule of this file: smaller is better, equals stay in candidate order, and at most RANKED_MAX are
kept, by insertion. `v` is the value of row `r`, `worst` the value of the last kept when all are.
"""

from __future__ import annotations

from collections.abc import Callable

from routing_policies import columns as c
from routing_policies import reasons
from routing_policies.code_candidates import LENDABLE, PLACE_FREE, PLACE_ONLY, Agents, Candidates
from routing_policies.code_lines import (
    ORIGIN_WAIT,
    Item,
    Refusal,
    a,
    indented,
    o,
    q,
    rendered,
    w,
)
from routing_policies.code_parts import RuleParts, SelectionParts
from routing_policies.expressions import Checked
from routing_policies.kernel import QUEUE_LENGTH
from routing_policies.selection import TRAITS

IDLE = f"(now_s - {a(c.A_READY_AT)})"
AGENT_VALUES = {
    "longest_available": "",
    "longest_available/average": (
        f"-average_idle({a(c.A_READY_S)}, {a(c.A_READY_PERIODS)}, {IDLE})"
    ),
    "least_occupied": f"agent_occupancy({a(c.A_OCCUPIED_S)}, {a(c.A_READY_S)}, {IDLE})",
    "fewest_calls": a(c.A_CALLS),
    "fewest_calls/per_hour": (
        f"calls_per_hour({a(c.A_CALLS)}, {a(c.A_OCCUPIED_S)}, {a(c.A_READY_S)}, {IDLE})"
    ),
    "highest_skill": f"-{a(c.A_LEVEL)}",
    "lowest_skill": a(c.A_LEVEL),
    "last_agent": f"-{a(c.A_LEVEL)}",
}
_LAST = c.OUT_FIRST + c.OUT_WIDTH * (c.RANKED_MAX - 1)


def selection_name(selection: SelectionParts) -> str:
    """As a Verdict tells it: `longest_available`, or with its measure, `fewest_calls/per_hour`."""
    return f"{selection.by}/{selection.measure}" if selection.measure else selection.by


class Ranking:
    """One selection of one rule."""

    def __init__(
        self,
        rule: RuleParts,
        selection: SelectionParts,
        text: Callable[[Checked], str],
        *,
        reasons: bool,
        regime: int,
    ) -> None:
        self._rule = rule
        self._selection = selection
        self._text = text
        self._reasons = reasons
        self._regime = regime
        self._candidates = Candidates(rule, text, reasons=reasons)
        self._adjust = f" + {text(rule.adjust)}" if rule.adjust is not None else ""
        self._takes_adjust = bool(self._adjust and TRAITS[selection.by].adjusted)
        self._agents = self._agents_wanted()

    def lines(self) -> list[str]:
        """All of it: opening, loop, and what happens if somebody was found."""
        write = {"proportional": self._shared_out, "ordered": self._in_order}
        body = write.get(self._selection.by, self._plain)()
        return [*self._opening(), *body, *self._finish()]

    # ---- parts of every selection

    def _agents_wanted(self) -> Agents:
        selection = self._selection
        if not TRAITS[selection.by].of_agents or selection.by == "broadcast":
            return Agents()
        value = AGENT_VALUES[selection_name(selection)]
        if self._takes_adjust and "[s]" in self._adjust:
            value = f"{value or a(c.A_READY_AT)}{self._adjust}"
        if selection.by == "last_agent":
            condition = f"{a(c.A_AGENT)} == c{c.C_LAST_AGENT}"
            return Agents(value=value, condition=condition, reason=reasons.NOT_LAST_AGENT)
        return Agents(value=value)

    def _opening(self) -> list[str]:
        lines = ["cnt = 0", "worst = inf"]
        by = self._selection.by
        if self._compares_with_origin():
            lines += origin_wait_lines()
        if by == "service_level_risk":
            threshold = self._selection.threshold_s
            wanted = f"c{c.C_SERVICE_THRESHOLD_S}" if threshold is None else repr(threshold)
            lines.append(f"left = {wanted} - c{c.C_WAITED_S}")
        return lines

    def _compares_with_origin(self) -> bool:
        return self._selection.by in ("min_expected_delay", "service_level_risk")

    def _plain(self) -> list[str]:
        """The loop of most selections."""
        items = [*self._early(), *self._candidates.admitted(), *self._valued()]
        return self._loop([*items, Refusal("not v < inf", reasons.VALUE_MISSING, told_only=True)])

    def _early(self) -> list[Item]:
        """What most rows fail by comes first, where nobody wants to know why."""
        if self._reasons or not (TRAITS[self._selection.by].of_agents or self._regime == 1):
            return []
        return [Refusal(f"not {LENDABLE}", reasons.NO_AGENT)]

    def _loop(self, items: list[Item]) -> list[str]:
        body = [
            "r = rows[k]",
            *rendered(items, self._rule.index, reasons=self._reasons),
            *self._insertion(),
        ]
        return ["for k in range(size):", *indented(body)]

    def _insertion(self) -> list[str]:
        lines = [
            f"p = {c.OUT_FIRST} + {c.OUT_WIDTH} * cnt",
            f"if cnt < {c.RANKED_MAX}:",
            "    cnt += 1",
            "else:",
            f"    p = {_LAST}",
        ]
        if self._reasons:
            told = [f"y = int(out[{_LAST}])", f"lr[y] = {reasons.OUTRANKED}"]
            told += [f"lv[y] = out[{_LAST + c.OUT_VALUE}]", f"li[y] = {self._rule.index}"]
            lines += [*indented(told), "lr[k] = 0"]
        before_k, before_v = c.OUT_WIDTH - c.OUT_K, c.OUT_WIDTH - c.OUT_VALUE
        lines += [
            f"while p > {c.OUT_FIRST} and out[p - {before_v}] > v:",
            f"    out[p] = out[p - {before_k}]",
            f"    out[p + {c.OUT_VALUE}] = out[p - {before_v}]",
            f"    p -= {c.OUT_WIDTH}",
            "out[p] = k",
            f"out[p + {c.OUT_VALUE}] = v",
            f"if cnt == {c.RANKED_MAX}:",
            f"    worst = out[{_LAST + c.OUT_VALUE}]",
        ]
        lines = ["if v < worst:", *indented(lines)]
        if self._reasons:
            outranked = [f"lr[k] = {reasons.OUTRANKED}", "lv[k] = v", f"li[k] = {self._rule.index}"]
            lines += ["else:", *indented(outranked)]
        return lines

    def _finish(self) -> list[str]:
        """The rule decides if somebody was found: slots, memory, return."""
        lines = [f"out[{c.OUT_COUNT}] = cnt"]
        if self._regime:
            lines.append(f"out[{c.OUT_REGIME}] = {self._regime}")
        slots = [
            f"for p in range({c.OUT_FIRST}, {c.OUT_FIRST} + {c.OUT_WIDTH} * cnt, {c.OUT_WIDTH}):"
        ]
        if self._selection.by == "broadcast":
            slots += [f"    out[p + {c.OUT_SLOT}] = -1"]
        elif self._walks():
            slots += [
                "    k = int(out[p])",
                f"    out[p + {c.OUT_SLOT}] = -1 if {PLACE_ONLY} else ls[k]",
            ]
        else:
            slots += [
                "    k = int(out[p])",
                "    r = rows[k]",
                f"    if {LENDABLE} and not {PLACE_ONLY}:",
                f"        out[p + {c.OUT_SLOT}] = {q(c.Q_FIRST_READY)}",
                "    else:",
                f"        out[p + {c.OUT_SLOT}] = -1",
            ]
        lines += [*slots, *self._remember()]
        if self._reasons:
            lines.append(f"trace[{self._rule.index}] = 4")
        return ["if cnt > 0:", *indented([*lines, f"return {self._rule.index}"])]

    def _walks(self) -> bool:
        return self._candidates.walks(self._agents)

    def _remember(self) -> list[str]:
        selection = self._selection
        first = f"rows[int(out[{c.OUT_FIRST}])]"
        if selection.by == "rotary":
            turn = f"kept[{selection.kept}]"
            return [f"{turn} = {turn} + 1.0", f"m{selection.row_kept}[{first}] = {turn}"]
        if selection.by == "proportional":
            return [f"r = {first}", f"m{selection.row_kept}[r] = m{selection.row_kept}[r] - 1.0"]
        return []

    # ---- values

    def _valued(self) -> list[Item]:
        """Refuses rows that the selection cannot take, and sets `v`."""
        by = self._selection.by
        if by == "broadcast":
            free_place = Refusal(f"not {PLACE_FREE}", reasons.NO_PLACE)
            items = self._candidates.with_agent(Agents())
            return [items[0], free_place, f"v = -{q(c.Q_LENDABLE)}"]
        if TRAITS[by].of_agents:
            return self._agent_valued()
        if by in ("min_expected_delay", "preferred_site", "service_level_risk"):
            return self._delay_valued()
        values = {
            "cost": w(c.W_COST) + self._adjust,
            "rotary": f"m{self._selection.row_kept}[r]",
        }
        return [*self._placed(), f"v = {values[by]}"]

    def _placed(self) -> list[Item]:
        return self._candidates.with_agent_or_place(agents_only=self._regime == 1)

    def _agent_valued(self) -> list[Item]:
        items = self._candidates.with_agent(self._agents)
        value = "bv" if self._agents.value else q(c.Q_LONGEST_READY_AT)
        if not self._agents.value and self._walks():
            value = f"a{c.A_READY_AT}[b]"
        if self._takes_adjust and "[s]" not in self._adjust:
            value += self._adjust
        return [*items, f"v = {value}"]

    def _delay_valued(self) -> list[Item]:
        """`v`: the expected wait, 0 where an agent is idle; or the risk of being late."""
        by = self._selection.by
        risky = by == "service_level_risk"
        d = "d" if risky else "v"
        items: list[Item]
        if self._candidates.picks_agents or self._regime == 1:
            items = [*self._placed(), f"{d} = 0.0", *(["v = 0.0"] if risky else [])]
        else:
            late = f"risk_of_late({q(c.Q_WAITING)}, e, {q(c.Q_AHT_S)}, left)"
            items = [
                f"if {LENDABLE}:",
                Refusal(f"{PLACE_ONLY} and not {PLACE_FREE}", reasons.NO_PLACE, depth=1),
                f"    {d} = 0.0",
                *(["    v = 0.0"] if risky else []),
                "else:",
                Refusal(f"not {PLACE_FREE}", reasons.NO_PLACE, depth=1),
                f"    e = {q(c.Q_STAFFED)} - {q(c.Q_NOT_READY)}",
                Refusal("not e > 0", reasons.NO_STAFF, depth=1),
                *indented(expected_wait_lines(d)),
                *([f"    v = {late}"] if risky else []),
            ]
        if self._takes_adjust:
            items.append(f"v = v{self._adjust}")
        gain = by_waiting_gain(self._rule)
        if by == "preferred_site":
            items += [
                f"if {q(c.Q_SITE)} == {self._selection.site!r}:",
                f"    v = v - {gain}",
            ]
        else:
            value = f"here - {d}"
            items.append(Refusal(f"{value} < {gain}", reasons.GAINS_TOO_LITTLE, value))
        return items

    # ---- selections with a loop of their own

    def _in_order(self) -> list[str]:
        listed = [f"v = {lookup_name(self._rule.index, self._regime)}({q(c.Q_SITE)})"]
        items = [
            *self._early(),
            *self._candidates.admitted(),
            *listed,
            Refusal("v < 0", reasons.NOT_LISTED),
            *self._placed(),
        ]
        return self._loop(items)

    def _shared_out(self) -> list[str]:
        """Smooth weighted round robin over what can be chosen now: each gains its part of one call,
        the one that is owed most gets the call and pays for it. What a row is owed stays in memory
        while it cannot be chosen, so that the shares are exact in the long run."""
        weight = self._selection.weight
        owed = f"m{self._selection.row_kept}"
        items: list[Item] = ["lw[k] = 0.0", *self._early(), *self._candidates.admitted()]
        if weight is None:
            x = f"{lookup_name(self._rule.index, self._regime)}({q(c.Q_SITE)})"
        else:
            x = self._text(weight)
        items += [f"x = {x}", Refusal("not x > 0", reasons.NO_SHARE), *self._placed()]
        items.append(Refusal("not x < inf", reasons.VALUE_MISSING))
        if weight is None:
            # Rows of a site stand together: the first that can be chosen stands for the site.
            items += [Refusal(f"{q(c.Q_SITE)} == before", reasons.OUTRANKED, "0.0")]
            items += [f"before = {q(c.Q_SITE)}"]
        items += ["lw[k] = x", "total += x"]
        body = ["r = rows[k]", *rendered(items, self._rule.index, reasons=self._reasons)]
        ranked = [
            "r = rows[k]",
            f"{owed}[r] = {owed}[r] + lw[k] / total",
            f"v = -{owed}[r]",
            *self._insertion(),
        ]
        return [
            "total = 0.0",
            *(["before = -1.0"] if weight is None else []),
            "for k in range(size):",
            *indented(body),
            "for k in range(size):",
            "    if lw[k] > 0:",
            *indented(ranked, 2),
        ]


def origin_wait_lines() -> list[str]:
    """The wait at home, where the call itself is among those waiting; infinite if unknown."""
    at_work = f"({o(c.Q_STAFFED)} - {o(c.Q_NOT_READY)})"
    ahead_and_itself = f"({o(c.Q_WAITING)} if {o(c.Q_WAITING)} > 1 else 1.0)"
    return [
        f"if not {o(c.Q_OPEN)}:",
        "    here = inf",
        f"elif {o(c.Q_FREE)} > 0:",
        "    here = 0.0",
        f"elif not {at_work} > 0:",
        "    here = inf",
        f"elif {o(c.Q_ESTIMATOR)} == {QUEUE_LENGTH}:",
        f"    here = {ahead_and_itself} * {o(c.Q_AHT_S)} / {at_work}",
        "else:",
        f"    here = {ORIGIN_WAIT}",
    ]


def expected_wait_lines(into: str) -> list[str]:
    """The wait at row r, where `e` are at work and none is idle; without a call as a rule."""
    numbers = (c.Q_AHT_S, c.Q_PATIENCE_S, c.Q_OLDEST_AT, c.Q_LAST_WAIT_S)
    values = [q(c.Q_ESTIMATOR), q(c.Q_WAITING), "0.0", "e", *map(q, numbers), "now_s"]
    return [
        f"if {q(c.Q_ESTIMATOR)} == {QUEUE_LENGTH}:",
        f"    {into} = ({q(c.Q_WAITING)} + 1.0) * {q(c.Q_AHT_S)} / e",
        "else:",
        f"    {into} = expected_wait({', '.join(values)})",
    ]


def lookup_name(rule: int, regime: int) -> str:
    """The function that knows a site's place or share."""
    return f"of_site_{rule}_{regime}"


def by_waiting_gain(rule: RuleParts) -> str:
    """Source text of the minimum gain."""
    return "mg" if len(rule.min_gain_s) > 1 else repr(rule.min_gain_s[0][1])
