"""Writes which rows a rule may choose, and which agent of a row.

Rule of this file: rows are judged one by one, in the loop body of a selection. `r` is the row, `k`
its place among the candidates, `b` the slot of the agent found, `bv` that agent's value.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from routing_policies import columns as c
from routing_policies import reasons
from routing_policies.code_checks import reads_agent
from routing_policies.code_lines import Item, Refusal, a, indented, q, usable_rows, w
from routing_policies.code_parts import RuleParts
from routing_policies.expressions import Checked

LENDABLE = f"{q(c.Q_LENDABLE)} > 0"
PLACE_FREE = f"{q(c.Q_PLACES_FREE)} > 0"
STAFFED = f"{q(c.Q_STAFFED)} > {q(c.Q_NOT_READY)}"
"Somebody is at work: agents in a break serve nobody."
PLACE_ONLY = w(c.W_PLACE_ONLY)
WAITED = f"c{c.C_WAITED_S}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Agents:
    """How the agent of a row is found."""

    value: str = ""
    "Source text of what is smallest for the best agent; empty: the longest available."
    condition: str = ""
    "Source text that an agent must fulfil, besides what the rule says."
    reason: int = reasons.NOT_ADMITTED


class Candidates:
    """The rows of one rule."""

    def __init__(self, rule: RuleParts, text: Callable[[Checked], str], *, reasons: bool) -> None:
        self._rule = rule
        self._reasons = reasons
        self._has_level = any(level for _, level in rule.min_level)
        by_agent = any(one is not None and reads_agent(one) for _, one in rule.candidates)
        condition = by_waiting(
            [(after_s, "True" if one is None else text(one)) for after_s, one in rule.candidates]
        )
        self._of_row = "" if by_agent or condition == "True" else condition
        self._of_agent = condition if by_agent else ""
        self.picks_agents = self._has_level or by_agent
        "Only agents that pass count, so that each row's ready agents are looked through."

    def opening(self) -> list[str]:
        """Lines before the first loop of the rule."""
        if not self._has_level:
            return []
        return [f"lvl = {by_waiting([(s, repr(one)) for s, one in self._rule.min_level])}"]

    def admitted(self) -> list[Item]:
        """Refuses rows that the rule does not admit, whatever is selected by."""
        loan = self._rule.loan
        items: list[Item] = [*usable_rows()]
        if self._of_row:
            items.append(Refusal(f"not {self._of_row}", reasons.NOT_ADMITTED))
        if loan.max_loan is not None:
            loans = q(c.Q_LOANS)
            items.append(Refusal(f"{loans} >= {loan.max_loan!r}", reasons.LOAN_LIMIT, loans))
        if loan.min_reserve is not None:
            free, reserve = q(c.Q_FREE), repr(loan.min_reserve)
            items.append(Refusal(f"0 < {free} <= {reserve}", reasons.RESERVE, reserve))
        if loan.service_level_min is not None:
            level = q(c.Q_SERVICE_LEVEL)
            least = repr(loan.service_level_min)
            items.append(Refusal(f"{level} < {least}", reasons.DONOR_GUARD, level))
        return items

    def with_agent(self, agents: Agents) -> list[Item]:
        """Goes on only with rows that have an agent to lend who passes. `b` is set if agents are
        looked through (`walks`)."""
        items: list[Item] = [Refusal(f"not {LENDABLE}", reasons.NO_AGENT)]
        if self.picks_agents or agents.condition:
            items.append(Refusal(PLACE_ONLY, reasons.PLACE_ONLY))
        else:
            items.append(Refusal(f"{PLACE_ONLY} and not {PLACE_FREE}", reasons.NO_PLACE))
        return [*items, *self._walk(agents)] if self.walks(agents) else items

    def walks(self, agents: Agents) -> bool:
        """Are the ready agents of a row looked through?"""
        return bool(self.picks_agents or agents.value or agents.condition)

    def _walk(self, agents: Agents) -> list[Item]:
        conditions = [agents.condition, self._of_agent]
        if self._has_level:
            conditions.append(f"{a(c.A_LEVEL)} >= lvl")
        condition = " and ".join(filter(None, conditions))
        tells_level = self._has_level and self._reasons
        lines = [f"s = int({q(c.Q_FIRST_READY)})", f"g = len(a{c.A_NEXT})", "b = -1", "bv = inf"]
        body = ["g -= 1"]
        if tells_level:
            lines.append("bl = 0.0")
            body += [f"if {a(c.A_LEVEL)} > bl:", f"    bl = {a(c.A_LEVEL)}"]
        found = ["b = s", "break"]
        if agents.value:
            found = [f"x = {agents.value}", "if x < bv:", "    bv = x", "    b = s"]
        body += [f"if {condition}:", *indented(found)] if condition else found
        body.append(f"s = int({a(c.A_NEXT)})")
        items: list[Item] = [*lines, "while s >= 0 and g > 0:", *indented(body)]
        if tells_level:
            items.append(Refusal("b < 0 and bl < lvl", reasons.SKILL_TOO_LOW, "bl"))
        reason = agents.reason if condition else reasons.VALUE_MISSING
        return [*items, Refusal("b < 0", reason), "ls[k] = b"]

    def with_agent_or_place(self, *, agents_only: bool) -> list[Item]:
        """Goes on with rows that have an agent to lend, or a free place where somebody works."""
        if self.picks_agents or agents_only:
            return self.with_agent(Agents())
        full = f"not {PLACE_FREE} and ({PLACE_ONLY} or not {LENDABLE})"
        return [
            Refusal(full, reasons.NO_PLACE),
            Refusal(f"not ({STAFFED} or {LENDABLE})", reasons.NO_STAFF),
        ]

    def agents_wait(self) -> list[str]:
        """Lines that set `waits` to 1 if some admitted row has an agent to lend who passes."""
        from routing_policies.code_lines import rendered

        items = [Refusal(f"not {LENDABLE}", 0), *self.admitted(), *self.with_agent(Agents())]
        body = ["r = rows[k]", *rendered(items, 0, reasons=False), "waits = 1", "break"]
        return ["waits = 0", "for k in range(size):", *indented(body)]


def by_waiting(values: list[tuple[float, str]]) -> str:
    """Source text of what holds at the call's waiting time."""
    text = values[0][1]
    for after_s, value in values[1:]:
        text = f"{value} if {WAITED} >= {after_s!r} else {text}"
    return f"({text})" if values[1:] else text
