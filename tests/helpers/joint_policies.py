"""Random policies for the simulated network: those of the catalogue with its sites, and generated
ones of every selection and action; random OverflowRules of its sites.

Rule of this file: text only. What it draws is mostly right; whoever publishes it checks it.
"""

from __future__ import annotations

import random
import re
from functools import cache
from importlib.resources import files

from expression_states import Writer

from routing_policies.expression_names import Scope

SITES = ("lisbon", "porto", "faro")
AGENTS_PICKED = (
    "longest_available",
    "{by: longest_available, measure: average}",
    "least_occupied",
    "fewest_calls",
    "{by: fewest_calls, measure: per_hour}",
    "highest_skill",
    "lowest_skill",
    "last_agent",
    "broadcast",
)
QUEUES_PICKED = (
    "min_expected_delay",
    "service_level_risk",
    "{by: service_level_risk, threshold_s: 8}",
    "{by: preferred_site, site: SITE}",
    "{by: ordered, sites: [porto, faro, lisbon]}",
    "{by: ordered, sites: [faro, lisbon]}",
    "rotary",
    "{by: proportional, shares: {lisbon: 0.5, porto: 0.3, faro: 0.2}}",
    "{by: proportional, weight: queue.staffed_count}",
    "{by: proportional, weight: queue.lendable_count}",
    "cost",
)
WHENS = (
    "call.share < 0.5",
    "call.share >= 0.25",
    "call.waited_s > 1",
    "call.waited_s < 4",
    "call.priority >= 2",
    "origin.free_count == 0",
    "origin.waiting_count > 1",
    "origin.ewt_s > 3",
    "not origin.open",
    'calendar("office").open',
    'calendar("office").closes_in_s < 20',
    'listed(call.ani, "key-customers")',
    "call.moves_count == 0",
    "call.refused_count > 0",
    "call.answered",
    'call.trunk_group == "carrier"',
)
CANDIDATES = (
    "queue.lendable_count > 0",
    "queue.age_s < 5",
    "queue.waiting_count < 4",
    "queue.places_free_count > 5",
    "queue.ewt_s < 20",
    'site.name != "SITE"',
    "queue.closes_in_s > 5",
    "default(queue.service_level, 1) > 0.3",
)
ELSEWHERE = {
    "warsaw": "faro",
    "toronto": "lisbon",
    "bogota": "porto",
    "manila": "faro",
    "kochi": "porto",
    "funchal": "lisbon",
    "ponta-delgada": "porto",
    "braga": "lisbon",
    "long-wait": "busy",
}
ACTIONS = ("route",) * 9 + (
    "redirect",
    "redirect",
    "announce",
    "retry_after",
    "reject",
    "queue_at_origin",
    "network_queue",
    "network_queue",
)
WAITED = re.compile(r"(call\.waited_s\s*[<>]=?\s*|after_s: )(\d+)")


@cache
def catalogue() -> dict[str, str]:
    """Ready policies by name without their tests, with sites and times of this network."""
    texts = {}
    for path in files("routing_policies").joinpath("catalogue").iterdir():
        if path.name.endswith(".yaml"):
            text = path.read_text(encoding="utf-8").partition("\n  tests:")[0] + "\n"
            for there, here in ELSEWHERE.items():
                text = text.replace(there, here)
            texts[path.name] = WAITED.sub(lambda m: f"{m[1]}{int(m[2]) / 6:.1f}", text)
    return texts


def random_policy(dice: random.Random, name: str) -> str:
    """A policy called `name`; about one in three is of the catalogue."""
    if dice.random() < 0.35:
        text = dice.choice(sorted(catalogue().values()))
        return re.sub(r"metadata: \{name: [a-z-]+\}", f"metadata: {{name: {name}}}", text)
    head = f"apiVersion: nirc/v1\nkind: RoutingPolicy\nmetadata: {{name: {name}}}\nspec:\n"
    rules = "".join(f"    - {{{rule(dice, i)}}}\n" for i in range(dice.randint(1, 5)))
    otherwise = dice.choice(
        ("queue_at_origin",) * 4 + ("network_queue",) * 3 + ("announce, announcement: busy",)
    )
    return f"{head}  rules:\n{rules}  otherwise: {{action: {otherwise}}}\n"


def broken_policy(dice: random.Random, name: str) -> str:
    """A policy that must never be in use."""
    text = random_policy(dice, name)
    mistake = dice.choice(
        (
            "{name: bad, when: call.wated_s > 3, action: queue_at_origin}",
            "{name: bad, when: origin.ewt_s > origin.free_count, action: queue_at_origin}",
            "{name: bad, action: redirect, to: {site: madrid, queue: sales}}",
            "{name: bad, select: slowest, action: route}",
            "{name: bad, action: network_queue, select: rotary}",
            '{name: bad, when: calendar("none").open, action: queue_at_origin}',
        )
    )
    return text.replace("  rules:\n", f"  rules:\n    - {mistake}\n", 1)


def rule(dice: random.Random, number: int) -> str:
    """One rule in flow style, its braces left off."""
    action = dice.choice(ACTIONS)
    parts = [f"name: r{number}", f"action: {action}"]
    if dice.random() < 0.7 or action not in ("route", "redirect"):
        parts.append(f"when: '{_when(dice, often=action in ('reject', 'retry_after'))}'")
    parts += {
        "route": _route,
        "redirect": lambda d: [f"to: {{site: {d.choice(SITES)}, queue: sales}}"],
        "announce": lambda d: ["announcement: busy"],
        "retry_after": lambda d: [f"retry_after_s: {d.randint(1, 4)}"],
        "reject": lambda d: [f"reason: {d.choice(('busy', 'closed', 'try_later'))}"],
        "queue_at_origin": lambda d: [],
        "network_queue": lambda d: [],
    }[action](dice)
    if dice.random() < 0.15:
        value = dice.choice(("origin.ewt_s", "origin.oldest_wait_s"))
        parts.append(f"hysteresis: {{value: {value}, on_above: 3, off_below: 1}}")
    return ", ".join(parts)


def _when(dice: random.Random, *, often: bool) -> str:
    if often:
        return f"call.share < {dice.choice((0.1, 0.2))}"
    if dice.random() < 0.25:
        return _Writer(dice, Scope.WHEN).condition(2)
    return f" {dice.choice(('and', 'or'))} ".join(dice.sample(WHENS, dice.choice((1, 1, 2))))


def _route(dice: random.Random) -> list[str]:
    of_agents = dice.random() < 0.5
    if dice.random() < 0.2:
        agents_wait = _select(dice, AGENTS_PICKED + QUEUES_PICKED)
        calls_wait = _select(dice, QUEUES_PICKED)
        parts = [f"select: {{agents_wait: {agents_wait}, calls_wait: {calls_wait}}}"]
    else:
        parts = [f"select: {_select(dice, AGENTS_PICKED if of_agents else QUEUES_PICKED)}"]
    if dice.random() < 0.5:
        parts.append(f"candidates: '{_candidates(dice)}'")
    if "delay" in parts[0] or "risk" in parts[0] or "preferred" in parts[0]:
        parts += dice.sample(
            ["min_gain_s: 1", "adjust: '2 if queue.open else 1'"], dice.randint(0, 1)
        )
    if dice.random() < 0.25:
        limits = ["max_loan: 2", "min_reserve: 1", "service_level_min: 0.3"]
        parts.append(f"loan: {{{', '.join(dice.sample(limits, dice.randint(1, 3)))}}}")
    if dice.random() < 0.25:
        relaxed = "min_level: 1" if of_agents else f"candidates: '{dice.choice(CANDIDATES)}'"
        parts.append(f"steps: [{{after_s: 2, {relaxed}}}]".replace("SITE", dice.choice(SITES)))
        if of_agents:
            parts.append(f"min_level: {dice.choice((3, 5, 8))}")
    return parts


def _select(dice: random.Random, which: tuple[str, ...]) -> str:
    return dice.choice(which).replace("SITE", dice.choice(SITES))


def _candidates(dice: random.Random) -> str:
    if dice.random() < 0.3:
        return _Writer(dice, Scope.CANDIDATES).condition(2)
    return dice.choice(CANDIDATES).replace("SITE", dice.choice(SITES))


class _Writer(Writer):
    """Writes expressions that name what the simulated network has."""

    def _text_compared(self) -> str:
        return self.dice.choice(('call.trunk_group == "carrier"', 'origin.site == "porto"'))

    def _feature(self) -> str:
        return super()._feature().replace('"vip"', '"key-customers"')


def random_rules(dice: random.Random, site: str) -> str:
    """OverflowRules of a site, within its guard rails or not."""
    ask = dice.choice(
        (
            "ask: [{name: late, when: call.waited_s > 0.5 or queue.waiting_count > 2}]",
            "ask: [{name: few, when: queue.free_count == 0}, {name: old, when: call.waited_s > 2}]",
            "ask: [{name: not-now, when: call.waited_s < 1, ask: false}, {name: all}]",
            "ask: []",
        )
    )
    lend = f"max_loan: {dice.choice((0, 2, 3, 4))}, min_reserve: {dice.randint(0, 1)}"
    if dice.random() < 0.5:
        lend += f", service_level_floor: {dice.choice((0.2, 0.5, 0.9))}"
    if dice.random() < 0.1:
        lend = "shared: false"
    return (
        f"apiVersion: nirc/v1\nkind: OverflowRules\nmetadata: {{name: {site}}}\nspec:\n"
        f"  queues:\n    - queue: sales\n      requery_s: {dice.choice((0.6, 1.5, 3))}\n"
        f"      {ask}\n      lend: {{{lend}}}\n"
    )
