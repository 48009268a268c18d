"""Turns what is known of a call into the numbers that policies read: once per call, in CPython, for
the router and the simulator alike.

Rule of this file: pure, and every fact has a number: what is missing is NaN, whatever stands in
attached data. The share of a call is a hash of its interaction id, so that every node, try and
replay has the same one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from math import isfinite, nan
from typing import Protocol

from routing_policies import columns as c
from routing_policies.model import CallFacts, Feature
from routing_policies.names import NO_NAME, name_id

_TEXT_MAX = 1_024
"Longer texts of attached data are equal to no text of a policy."


class CalendarView(Protocol):
    """A calendar at the moment of the call."""

    @property
    def open(self) -> bool:
        """Is it open."""

    @property
    def holiday(self) -> str:
        """Name of the public holiday, empty if today is none."""

    @property
    def closes_in_s(self) -> float:
        """Seconds to closing, inf if never; 0 while closed."""

    @property
    def opens_in_s(self) -> float:
        """Seconds to opening, inf if never; 0 while open."""


class World(Protocol):
    """What features need beyond the call itself, at the moment of the call."""

    def listed(self, list_name: str, number: str) -> bool:
        """Is the number on the tenant's list, and trusted as far as the list wants it?"""

    def calendar(self, name: str) -> CalendarView | None:
        """The calendar now; None if there is none of that name."""

    def handler(self, name: str, facts: CallFacts) -> bool:
        """Can the handler of that name take this call now?"""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceValues:
    """The network service of the call, as numbers."""

    priority: float = 0.0
    aht_s: float = 180.0
    threshold_s: float = 20.0
    target: float = 0.8


def call_vector(
    facts: CallFacts,
    *,
    origin_row: int,
    service: ServiceValues,
    features: Sequence[Feature],
    world: World,
) -> list[float]:
    """`C[...]`: the columns.C_... of a call, then a policy's own features in their order."""
    call = [0.0] * c.CALL_FEATURES_FROM
    call[c.C_ORIGIN_ROW] = float(origin_row)
    call[c.C_WAITED_S] = float(facts.waited_s)
    call[c.C_PRIORITY] = float(facts.priority)
    call[c.C_ANSWERED] = float(facts.answered)
    call[c.C_MOVES] = float(facts.moves_count)
    call[c.C_MOVES_SINCE_PERSON] = float(facts.moves_since_person_count)
    call[c.C_SERVICE] = name_id(facts.service)
    call[c.C_TRUNK_GROUP] = name_id(facts.trunk_group)
    call[c.C_DIALED_NUMBER] = name_id(facts.dialed_number)
    call[c.C_ANI] = NO_NAME if facts.withheld else name_id(facts.ani)
    call[c.C_WITHHELD] = float(facts.withheld)
    call[c.C_VERIFIED] = float(facts.verified)
    call[c.C_SHARE] = share_of(facts.interaction_id)
    call[c.C_ORIGIN_SITE] = name_id(facts.origin_site)
    call[c.C_LAST_AGENT] = name_id(facts.last_agent) if facts.last_agent else nan
    call[c.C_SERVICE_PRIORITY] = float(service.priority)
    call[c.C_SERVICE_AHT_S] = float(service.aht_s)
    call[c.C_SERVICE_THRESHOLD_S] = float(service.threshold_s)
    call[c.C_SERVICE_TARGET] = float(service.target)
    call[c.C_REFUSED] = float(facts.refused_count)
    call += [feature_value(feature, facts, world) for feature in features]
    return call


def share_of(interaction_id: str) -> float:
    """From 0 to below 1, spread evenly over ids and fixed for each.

    >>> share_of("0c3f") == share_of("0c3f")
    True
    """
    digest = blake2b(interaction_id.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return float((int.from_bytes(digest, "big") >> 11) / 2**53)


def canary_share_of(policy: str, interaction_id: str) -> float:
    """From 0 to below 1 like `share_of`, fixed for each policy and id and independent of it: a
    canary's calls are a fair sample of all, whatever the policy does with `call.share`."""
    return share_of(f"canary {policy} {interaction_id}")


def shift_share_of(shift_id: str, interaction_id: str) -> float:
    """From 0 to below 1, fixed for each traffic shift and id: a caller below the shift's share is
    shifted, and stays so as the share grows. A site and its leader reckon the same."""
    return share_of(f"shift {shift_id} {interaction_id}")


def feature_value(feature: Feature, facts: CallFacts, world: World) -> float:
    """One feature of the call; missing is NaN."""
    return _VALUES[feature.kind](feature.args, facts, world)


def _listed(args: tuple[str, ...], facts: CallFacts, world: World) -> float:
    """Of ("call.ani", list)."""
    number = _number_of_call(args[0], facts)
    return float(bool(number) and world.listed(args[1], number))


def _starts(args: tuple[str, ...], facts: CallFacts, world: World) -> float:
    """Of ("call.ani", beginning, ...)."""
    return float(_number_of_call(args[0], facts).startswith(args[1:]))


def _number_of_call(name: str, facts: CallFacts) -> str:
    if name == "call.dialed_number":
        return facts.dialed_number
    return "" if facts.withheld else facts.ani


def _data(args: tuple[str, ...], facts: CallFacts, world: World) -> float:
    """Of (key,): the number of the value's text."""
    text = data_text(facts.data.get(args[0]))
    return nan if text is None else name_id(text)


def data_text(value: object) -> str | None:
    """A value of attached data as a policy compares it; None if it is no text, number or boolean.

    >>> [data_text(value) for value in ("gold", 5, 5.0, 2.5, True, None, [])]
    ['gold', '5', '5', '2.5', 'true', None, None]
    """
    if isinstance(value, str):
        return value if len(value) <= _TEXT_MAX else None
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int):
        return str(value) if abs(value) < 10**18 else None
    if isinstance(value, float) and isfinite(value):
        return str(int(value)) if value.is_integer() and abs(value) < 10**18 else repr(value)
    return None


def _data_number(args: tuple[str, ...], facts: CallFacts, world: World) -> float:
    """Of (key,): the number that stands there, as one or as text."""
    value = facts.data.get(args[0])
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return nan
    if isinstance(value, str) and len(value) > 64:
        return nan
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return nan
    return number if isfinite(number) else nan


def _data_known(args: tuple[str, ...], facts: CallFacts, world: World) -> float:
    """Of (key,): 1 where data(key) has a value."""
    return float(data_text(facts.data.get(args[0])) is not None)


def _calendar_open(args: tuple[str, ...], facts: CallFacts, world: World) -> float:
    state = world.calendar(args[0])
    return nan if state is None else float(state.open)


def _calendar_holiday(args: tuple[str, ...], facts: CallFacts, world: World) -> float:
    state = world.calendar(args[0])
    return nan if state is None else float(bool(state.holiday))


def _calendar_closes_in(args: tuple[str, ...], facts: CallFacts, world: World) -> float:
    state = world.calendar(args[0])
    return nan if state is None else float(state.closes_in_s)


def _calendar_opens_in(args: tuple[str, ...], facts: CallFacts, world: World) -> float:
    state = world.calendar(args[0])
    return nan if state is None else float(state.opens_in_s)


def _handler(args: tuple[str, ...], facts: CallFacts, world: World) -> float:
    """Of (name,): can the call be sent there."""
    return float(world.handler(args[0], facts))


_VALUES: dict[str, Callable[[tuple[str, ...], CallFacts, World], float]] = {
    "listed": _listed,
    "starts": _starts,
    "data": _data,
    "data_number": _data_number,
    "data_known": _data_known,
    "calendar_open": _calendar_open,
    "calendar_holiday": _calendar_holiday,
    "calendar_closes_in_s": _calendar_closes_in,
    "calendar_opens_in_s": _calendar_opens_in,
    "handler": _handler,
}
