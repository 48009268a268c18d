"""Lines of generated source: placeholders become local names, and names are bound before use.

Rule of this file: text only. Local names of the generated code: q6 is queue column 6, a2 agent
column 2, w1 way column 1, c3 call feature 3, o5 queue column 5 at the origin, m0 column 0 of
memory by row, n2 network sum 2; lr, lv, li, ls, lw are the columns of `lost`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from routing_policies import columns as c
from routing_policies.model import Feature
from routing_policies.vocabulary import (
    N_EWT_S,
    N_FREE,
    N_QUEUES,
    N_WAITING,
    ORIGIN_EWT,
    QUEUE_EWT,
)

_PLACEHOLDER = re.compile(r"\b([QOAWCNF])\[(\d+)\]")
_LOCAL = re.compile(r"\b([qawcomn])(\d+)\b")
_LOST = {
    "lr": c.L_REASON,
    "lv": c.L_VALUE,
    "li": c.L_RULE,
    "ls": c.L_SLOT,
    "lw": c.L_WEIGHT,
}
_LOST_NAME = re.compile(r"\b(lr|lv|li|ls|lw)\[")
_TABLES = {"q": "queues", "a": "agents", "w": "ways", "m": "row_kept", "c": "call"}
CLOSED_TO_ALL = f"w{c.W_BARRED}[k]"


def q(column: int) -> str:
    """The candidate row's value of a queue column."""
    return f"q{column}[r]"


def a(column: int) -> str:
    """The value of an agent column at slot s."""
    return f"a{column}[s]"


def w(column: int) -> str:
    """The candidate's value of a way column."""
    return f"w{column}[k]"


def o(column: int) -> str:
    """The origin's value of a queue column."""
    return f"o{column}"


@dataclass(frozen=True, slots=True)
class Refusal:
    """The candidate is lost where `condition` holds; the loop goes on with the next."""

    condition: str
    reason: int | str
    "A number of `reasons`, or source text that gives one."
    value: str = ""
    "Source text of the value that decided it."
    told_only: bool = False
    "Nothing would come of the candidate anyway: looked at only where reasons are wanted."
    depth: int = 0


Item = str | Refusal
"A line, or a refusal."


def filled(emits: str, features: Sequence[Feature], all_features: Sequence[Feature]) -> str:
    """An expression with local names in place of its placeholders."""

    def name(match: re.Match[str]) -> str:
        table, number = match.group(1), int(match.group(2))
        match table:
            case "Q":
                return q(number)
            case "A":
                return a(number)
            case "W":
                return w(number)
            case "F":
                number = c.CALL_FEATURES_FROM + all_features.index(features[number])
                return f"c{number}"
            case _:
                return f"{table.lower()}{number}"

    return _PLACEHOLDER.sub(name, emits)


def indented(lines: Iterable[str], depth: int = 1) -> list[str]:
    """Lines set further in."""
    return [f"{'    ' * depth}{line}" for line in lines]


def rendered(items: Iterable[Item], rule: int, *, reasons: bool) -> list[str]:
    """Lines of a loop's body; without reasons, neighbouring refusals are one test."""
    lines: list[str] = []
    together: list[Refusal] = []
    for item in items:
        if isinstance(item, Refusal) and not reasons:
            if item.told_only:
                continue
            if together and together[-1].depth != item.depth:
                lines += _at_once(together)
                together = []
            together.append(item)
            continue
        lines += _at_once(together)
        together = []
        lines += _told(item, rule) if isinstance(item, Refusal) else [item]
    return lines + _at_once(together)


def _at_once(refusals: Sequence[Refusal]) -> list[str]:
    if not refusals:
        return []
    condition = " or ".join(refusal.condition for refusal in refusals)
    return indented([f"if {condition}:", "    continue"], refusals[0].depth)


def _told(refusal: Refusal, rule: int) -> list[str]:
    lines = [f"if {refusal.condition}:", f"    lr[k] = {refusal.reason}", f"    li[k] = {rule}"]
    if refusal.value:
        lines.append(f"    lv[k] = {refusal.value}")
    return indented([*lines, "    continue"], refusal.depth)


def bound(lines: Sequence[str], known: set[str]) -> list[str]:
    """What binds the local names that these lines use and that are not in `known`; adds them."""
    text = "\n".join(lines)
    wanted = {match.group(0) for match in _LOCAL.finditer(text)} - known
    sums = sorted(name for name in wanted if name[0] == "n")
    if sums:
        known.update(sums)
        found = _network_sums(sums)
        return bound(found, known) + found + bound(lines, known)
    known.update(wanted)
    binds = [_binding(name) for name in sorted(wanted, key=lambda one: (one[0], int(one[1:])))]
    for match in sorted({match.group(1) for match in _LOST_NAME.finditer(text)} - known):
        known.add(match)
        binds.append(f"{match} = lost[{_LOST[match]}]")
    return binds


def _binding(name: str) -> str:
    table, number = name[0], name[1:]
    if table == "o":
        return f"{name} = queues[{number}][o]"
    return f"{name} = {_TABLES[table]}[{number}]"


def usable_rows(*, named: bool = False) -> list[Refusal]:
    """What holds whatever a rule says: barred, closed, not shared. With `named` a queue that is
    barred to all who do not name it may be chosen."""
    from routing_policies import reasons

    barred = f"{CLOSED_TO_ALL} and {CLOSED_TO_ALL} != {reasons.NAMED_ONLY}"
    return [
        Refusal(barred if named else CLOSED_TO_ALL, CLOSED_TO_ALL),
        Refusal(f"not {q(c.Q_OPEN)}", reasons.CLOSED),
        Refusal(f"not {q(c.Q_SITE_OPEN)}", reasons.NIGHT_SERVICE),
        Refusal(f"not {q(c.Q_SHARED)}", reasons.NOT_SHARED),
        Refusal(f"not {q(c.Q_ACCEPTING)}", reasons.NOT_ACCEPTING),
    ]


def _network_sums(sums: Sequence[str]) -> list[str]:
    """Sums over the candidates that could be chosen by some rule."""
    adds = {
        f"n{N_FREE}": ("0.0", [f"n{N_FREE} += {q(c.Q_LENDABLE)}"]),
        f"n{N_WAITING}": ("0.0", [f"n{N_WAITING} += {q(c.Q_WAITING)}"]),
        f"n{N_QUEUES}": ("0.0", [f"n{N_QUEUES} += 1.0"]),
        f"n{N_EWT_S}": (
            "inf",
            [
                f"x = {filled(QUEUE_EWT, (), ())}",
                f"if x < n{N_EWT_S}:",
                f"    n{N_EWT_S} = x",
            ],
        ),
    }
    lines = [f"{name} = {adds[name][0]}" for name in sums]
    body = ["r = rows[k]", *rendered(usable_rows(), 0, reasons=False)]
    for name in sums:
        body += adds[name][1]
    return [*lines, "for k in range(size):", *indented(body)]


ORIGIN_WAIT = _PLACEHOLDER.sub(r"queues[\2][o]", ORIGIN_EWT)
"Not bound beforehand, for it is seldom needed."
