"""What selections there are, which parameters each takes, and what its values mean.

Rule of this file: one entry per selection, and the checks that need no expression. How a selection
ranks is written by `code_ranking`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import isfinite

from routing_policies.policy_kinds import Select, SelectBy
from routing_policies.vocabulary import Unit

Mistake = tuple[str, str, str]
"(place below the selection, problem, remedy)"
PARAMETERS = ("measure", "sites", "shares", "weight", "site", "threshold_s")
SHARES_TOLERANCE = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True)
class Traits:
    """One selection."""

    takes: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    "One of these must be given."
    measures: tuple[str, ...] = ()
    "The first is meant when none is named."
    of_agents: bool = False
    "Chooses among agents: rows without an agent to lend are no candidates."
    holds_agent: bool = True
    "Names the agent to hold, where there is one."
    adjusted: Unit | None = None
    "Unit of `adjust`; None: takes none."
    gains: bool = False
    "`min_gain_s` means something."
    rows_kept: int = 0
    "Columns of memory."
    kept: int = 0
    "Numbers of memory."


TRAITS: dict[str, Traits] = {
    "longest_available": Traits(
        takes=("measure",), measures=("now", "average"), of_agents=True, adjusted=Unit.SECONDS
    ),
    "least_occupied": Traits(of_agents=True),
    "fewest_calls": Traits(takes=("measure",), measures=("count", "per_hour"), of_agents=True),
    "highest_skill": Traits(of_agents=True),
    "lowest_skill": Traits(of_agents=True),
    "last_agent": Traits(of_agents=True),
    "broadcast": Traits(of_agents=True, holds_agent=False),
    "ordered": Traits(takes=("sites",), needs=("sites",)),
    "rotary": Traits(rows_kept=1, kept=1),
    "min_expected_delay": Traits(adjusted=Unit.SECONDS, gains=True),
    "proportional": Traits(takes=("shares", "weight"), needs=("shares", "weight"), rows_kept=1),
    "cost": Traits(adjusted=Unit.MONEY),
    "preferred_site": Traits(takes=("site",), needs=("site",), adjusted=Unit.SECONDS, gains=True),
    "service_level_risk": Traits(takes=("threshold_s",), gains=True),
}


def mistakes(select: Select | SelectBy) -> Iterator[Mistake]:
    """What does not go together within one selection that has `by`."""
    assert select.by is not None
    traits = TRAITS[select.by]
    for key in PARAMETERS:
        if getattr(select, key) is not None and key not in traits.takes:
            yield key, f"{select.by} takes no {key}", f"remove {key}"
    given = [key for key in traits.needs if getattr(select, key) is not None]
    if traits.needs and not given:
        yield "", f"{select.by} needs {_either(traits.needs)}", f"add {_either(traits.needs)}"
    elif len(given) > 1:
        yield given[1], f"{select.by} takes {_either(traits.needs)}, not both", "remove one"
    if select.measure is not None and traits.measures and select.measure not in traits.measures:
        measures = _either(traits.measures)
        problem = f"{select.by} measures {measures}, not {select.measure}"
        yield "measure", problem, f"write {measures}"
    yield from _mistakes_of_lists(select)


def _mistakes_of_lists(select: Select | SelectBy) -> Iterator[Mistake]:
    if select.by == "ordered" and select.sites:
        for i, site in enumerate(select.sites):
            if site in select.sites[:i]:
                yield f"sites[{i}]", f"{site} stands here twice", "keep its first place"
    if select.by == "proportional" and select.shares:
        total = sum(select.shares.values())
        if abs(total - 1.0) > SHARES_TOLERANCE:
            yield "shares", f"the shares add up to {total:.6g}", "make them add up to 1"


def _either(keys: tuple[str, ...]) -> str:
    return " or ".join(keys)


def value_told(selection: str, value: float, now_s: float) -> str:
    """What the value of a ranked candidate says, for a person. `selection` as in a Verdict."""
    if not isfinite(value):
        return ""
    words = _WORDS.get(selection, "")
    if selection == "longest_available":
        value = now_s - value
    elif selection in _TURNED:
        value = -value
    return words.format(value=value)


_TURNED = {"longest_available/average", "highest_skill", "broadcast", "last_agent", "proportional"}
_WORDS = {
    "longest_available": "ready for {value:.0f} s",
    "longest_available/average": "ready for {value:.0f} s on average",
    "least_occupied": "occupied {value:.0%} of the time",
    "fewest_calls": "{value:.0f} calls",
    "fewest_calls/per_hour": "{value:.1f} calls per hour",
    "highest_skill": "skill level {value:.0f}",
    "lowest_skill": "skill level {value:.0f}",
    "last_agent": "served this caller last, skill level {value:.0f}",
    "broadcast": "{value:.0f} agents to ring",
    "ordered": "choice {value:.0f}",
    "rotary": "had turn {value:.0f}",
    "min_expected_delay": "expected wait {value:.0f} s",
    "preferred_site": "expected wait {value:.0f} s, preference taken off",
    "service_level_risk": "risk of a late answer {value:.0%}",
    "cost": "cost {value:.2f}",
    "proportional": "weight {value:.3f}",
}
