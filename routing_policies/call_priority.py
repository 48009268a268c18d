"""Decides with which priority a call starts, how it grows, and whether the call is refused.

Rule of this file: the highest of service, trunk group, plan entry and number lists counts; a list
gives its favour only to a number that is vouched for, where it says so; a blocked number is refused
without proof; emergency calls are never refused and go before all others.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from routing_policies.network_kinds import Ageing
from routing_policies.number_lists import IndexedList

PRIORITY_MAX = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class StartPriority:
    """With what a call starts."""

    priority: int
    because: str
    "service | trunk group | plan entry | list NAME | emergency: what gave it."
    blocked_by: str = ""
    "The list whose callers are refused; empty if the call is welcome."


def start_priority(
    *,
    service: int = 0,
    trunk_group: int = 0,
    plan_entry: int = 0,
    lists: Iterable[IndexedList] = (),
    caller: str = "",
    verified: bool = False,
    emergency: bool = False,
) -> StartPriority:
    """The priority of a new call; `caller` is E.164 or empty, `verified` that it is vouched for."""
    if emergency:
        return StartPriority(priority=PRIORITY_MAX, because="emergency")
    given = [(service, "service"), (trunk_group, "trunk group"), (plan_entry, "plan entry")]
    blocked_by = ""
    for one in lists:
        if not one.holds(caller, verified=verified):
            continue
        if one.blocked:
            blocked_by = blocked_by or one.name
        given.append((one.priority, f"list {one.name}"))
    priority, because = max(given, key=lambda pair: pair[0])
    return StartPriority(priority=priority, because=because, blocked_by=blocked_by)


def grown_priority(start: int, waited_s: float, ageing: Ageing | None) -> int:
    """The priority after waiting so long: a step for each `every_s`, never beyond `most`."""
    if ageing is None or start >= ageing.most:
        return start
    return min(ageing.most, start + int(max(0.0, waited_s) / ageing.every_s))


def grows_in_s(start: int, waited_s: float, ageing: Ageing | None) -> float | None:
    """Seconds until `grown_priority` rises next; None if it does not any more."""
    if ageing is None or grown_priority(start, waited_s, ageing) >= max(start, ageing.most):
        return None
    steps = int(max(0.0, waited_s) / ageing.every_s) + 1
    return steps * ageing.every_s - waited_s
