"""Asks a policy again what it was asked when a decision was recorded, from the record alone.

Rule of this file: the record is JSON as it is stored, the policy its text as it was published.
Nothing else is known: no network, no clock.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from routing_policies import columns as c
from routing_policies.compiler import CompiledPolicy
from routing_policies.model import Memory, QueueColumns, Verdict
from routing_policies.reasons import BARRED_FROM, told

HELD_BEFORE = "held-before"


@dataclass(frozen=True)
class Said:
    """What of a decision a replay must repeat."""

    rules: list[list[str]]
    ranked: list[tuple[str, str, float]]
    "Best first: site, queue, value."
    lost: dict[tuple[str, str], tuple[str, str]]
    "(site, queue) to (rule, why); without why where no policy may choose it."
    agents: list[str]
    "Whom the ranked ones name, where the record knows; the first one is whom the site granted."
    failed: bool = False


def can_be_replayed(record: Mapping[str, Any]) -> bool:
    """Has the record the numbers that the policy read?"""
    return bool(record.get("replay"))


def recorded(record: Mapping[str, Any]) -> Said:
    """What the record says."""
    rules = [list(one) for one in record["rules"]]
    candidates = record["candidates"]
    if rules and rules[0][0] == HELD_BEFORE:
        rules, candidates = rules[1:], candidates[1:]
    ranked = [one for one in candidates if not one["rule"]]
    lost = {
        (one["site"], one["queue"]): (one["rule"], one["lost_because"])
        for one in candidates
        if one["rule"]
    }
    return Said(
        rules=rules,
        ranked=[(one["site"], one["queue"], one["value"]) for one in ranked],
        lost=lost,
        agents=[one["agent"] for one in ranked],
    )


def replayed(record: Mapping[str, Any], policy: CompiledPolicy) -> Said:
    """What the policy says now."""
    note = record["replay"]
    columns, origin = _columns(note)
    rows = list(range(1, len(note["rows"]) + 1))
    call = [float(one) for one in note["call"]]
    call[c.C_ORIGIN_ROW] = float(origin)
    verdict = policy.decide(
        float(note["now_s"]),
        call,
        rows,
        note["ways"],
        columns,
        _memory(record["memory"], policy, rows, origin),
    )
    return _said(verdict, note, columns, policy)


def _columns(note: Mapping[str, Any]) -> tuple[QueueColumns, int]:
    """Candidates from row 1 on, the caller's own queue behind them."""
    columns = QueueColumns()
    for site, queue in note["rows"]:
        columns.add_row(site, queue)
    origin = columns.add_row("", "")
    for number, values, own in zip(note["columns"], note["values"], note["origin"], strict=True):
        if number != c.Q_FIRST_READY:
            columns.queues[number][1:origin] = [float(one) for one in values]
            columns.queues[number][origin] = float(own)
    before: dict[int, int] = {}
    for k, name, numbers in note["agents"]:
        slot = columns.add_slot()
        columns.agent_names[slot] = name
        for number, value in enumerate(numbers):
            columns.agents[number][slot] = value
        columns.agents[c.A_ROW][slot] = k + 1
        if k in before:
            columns.agents[c.A_NEXT][before[k]] = slot
        else:
            columns.queues[c.Q_FIRST_READY][k + 1] = slot
        before[k] = slot
    return columns, origin


def _memory(kept: list[float], policy: CompiledPolicy, rows: list[int], origin: int) -> Memory:
    """What it remembered; of another policy's memory what fits."""
    memory = Memory()
    memory.fit(policy.kept_count, policy.row_kept_count, origin + 1)
    if kept:
        for number, value in enumerate(kept[: policy.kept_count]):
            memory.kept[number] = value
        by_row = kept[policy.kept_count :]
        width = len(rows) + 1
        for number, column in enumerate(memory.row_kept):
            values = by_row[number * width : (number + 1) * width]
            for row, value in zip((origin, *rows), values, strict=False):
                column[row] = value
    return memory


def _said(
    verdict: Verdict, note: Mapping[str, Any], columns: QueueColumns, policy: CompiledPolicy
) -> Said:
    names = [tuple(one) for one in note["rows"]]
    rules = (*policy.rule_names, "")
    return Said(
        rules=[list(one) for one in verdict.tried],
        ranked=[(*names[one.row - 1], one.value) for one in verdict.ranked],
        lost={
            names[one.row - 1]: (
                rules[one.rule],
                "" if one.reason >= BARRED_FROM else told(one.reason, one.value),
            )
            for one in verdict.lost
        },
        agents=[columns.agent_names[one.slot] if one.agent else "" for one in verdict.ranked]
        if note["agents"]
        else [],
        failed=bool(verdict.failed),
    )


def differences(record: Mapping[str, Any], policy: CompiledPolicy) -> list[str]:
    """Where the policy says something else now than the record; empty: the same answer again.

    What a policy may not overrule (a site barred, a place held before) is as it was recorded.
    """
    was, now = recorded(record), replayed(record, policy)
    found = ["the policy fails"] if now.failed else []
    if now.rules != was.rules:
        found.append(f"rules: was {was.rules}, is {now.rules}")
    if not _held_before(record) and now.ranked != was.ranked:
        found.append(f"order: was {was.ranked}, is {now.ranked}")
    if not _held_before(record) and now.agents and now.agents[1:] != was.agents[1:]:
        found.append(f"agents: was {was.agents}, is {now.agents}")
    for place, (rule, because) in now.lost.items():
        before = was.lost.get(place)
        if before is None or rule != before[0] or because not in ("", before[1]):
            found.append(f"{'/'.join(place)}: was {before}, is {(rule, because)}")
    return found


def _held_before(record: Mapping[str, Any]) -> bool:
    return bool(record["rules"]) and record["rules"][0][0] == HELD_BEFORE
