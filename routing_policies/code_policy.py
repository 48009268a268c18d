"""Writes the source of a policy: one function `decide`, with or without reasons.

Rule of this file: the control flow of rules. The text runs in CPython over lists and in Numba over
float64 arrays, with the same results; it always ends and writes only `out`, `lost`, `trace` and its
memory.
"""

from __future__ import annotations

from routing_policies import columns as c
from routing_policies import reasons as r
from routing_policies.code_candidates import (
    LENDABLE,
    PLACE_FREE,
    PLACE_ONLY,
    Candidates,
    by_waiting,
)
from routing_policies.code_lines import (
    Refusal,
    bound,
    filled,
    indented,
    q,
    rendered,
    usable_rows,
)
from routing_policies.code_parts import HysteresisParts, PolicyParts, RuleParts, SelectionParts
from routing_policies.code_ranking import Ranking, lookup_name
from routing_policies.expressions import Checked

NOT_REACHED, NOT_NOW, ASLEEP, NOBODY, DECIDED = range(5)
"What `trace` says of a rule."
HEAD = (
    "def decide(now_s, call, rows, ways, queues, agents, kept, row_kept, out, lost, trace):",
    "    size = len(rows)",
    f"    o = int(call[{c.C_ORIGIN_ROW}])",
    f"    out[{c.OUT_COUNT}] = 0.0",
    f"    out[{c.OUT_REGIME}] = 0.0",
)


def written(parts: PolicyParts, *, reasons: bool) -> str:
    """The source of the policy."""
    return "\n".join(_Code(parts, reasons=reasons).lines()) + "\n"


class _Code:
    """One variant of one policy."""

    def __init__(self, parts: PolicyParts, *, reasons: bool) -> None:
        self._parts = parts
        self._reasons = reasons
        self._known: set[str] = set()

    def lines(self) -> list[str]:
        body: list[str] = []
        for rule in self._parts.rules:
            if rule.hysteresis is not None:
                lines = self._wakes(rule.hysteresis)
                body += [*bound(lines, self._known), *lines]
        for rule in self._parts.rules:
            body += self._rule(rule)
        lookups = [line for rule in self._parts.rules for line in _lookups(rule)]
        return [*lookups, *HEAD, *indented(body), "    return -1"]

    def _text(self, checked: Checked) -> str:
        text = filled(checked.emits, checked.features, self._parts.features)
        return text if _closed(text) else f"({text})"

    def _wakes(self, hysteresis: HysteresisParts) -> list[str]:
        """Looked at in every decision, also where an earlier rule decides."""
        awake = f"m{hysteresis.row_kept}[o]"
        return [
            f"x = {self._text(hysteresis.value)}",
            f"if {awake} > 0:",
            f"    if x < {hysteresis.off_below!r}:",
            f"        {awake} = 0.0",
            f"elif x > {hysteresis.on_above!r}:",
            f"    {awake} = 1.0",
        ]

    def _rule(self, rule: RuleParts) -> list[str]:
        conditions = []
        if rule.when is not None:
            conditions.append((self._text(rule.when), NOT_NOW))
        if rule.hysteresis is not None:
            conditions.append((f"m{rule.hysteresis.row_kept}[o] > 0", ASLEEP))
        opening = bound([text for text, _ in conditions], self._known)
        body = self._body(rule)
        body = [*bound(body, set(self._known) if conditions else self._known), *body]
        for text, fate in reversed(conditions):
            body = [f"if {text}:", *indented(body)]
            if self._reasons:
                body += ["else:", f"    trace[{rule.index}] = {fate}"]
        return [f"# rule {rule.index}", *opening, *body]

    def _body(self, rule: RuleParts) -> list[str]:
        told = [f"trace[{rule.index}] = {DECIDED}"] if self._reasons else []
        if rule.target is not None:
            lines = self._redirect(rule, rule.target, told)
        elif rule.handler is not None:
            number = c.CALL_FEATURES_FROM + self._parts.features.index(rule.handler)
            lines = [f"if call[{number}] > 0:", *indented([*told, f"return {rule.index}"])]
        elif rule.selections:
            lines = self._route(rule)
        else:
            return [*told, f"return {rule.index}"]
        return [*lines, f"trace[{rule.index}] = {NOBODY}"] if self._reasons else lines

    def _redirect(self, rule: RuleParts, target: tuple[float, float], told: list[str]) -> list[str]:
        found = [
            *rendered(usable_rows(named=True), rule.index, reasons=self._reasons),
            *rendered(
                [Refusal(f"not {PLACE_FREE} and ({PLACE_ONLY} or not {LENDABLE})", r.NO_PLACE)],
                rule.index,
                reasons=self._reasons,
            ),
            *(["lr[k] = 0"] if self._reasons else []),
            f"out[{c.OUT_COUNT}] = 1",
            f"out[{c.OUT_FIRST + c.OUT_K}] = k",
            f"out[{c.OUT_FIRST + c.OUT_VALUE}] = 0.0",
            f"if {LENDABLE} and not {PLACE_ONLY}:",
            f"    out[{c.OUT_FIRST + c.OUT_SLOT}] = {q(c.Q_FIRST_READY)}",
            "else:",
            f"    out[{c.OUT_FIRST + c.OUT_SLOT}] = -1",
            *told,
            f"return {rule.index}",
        ]
        site, queue = target
        return [
            "for k in range(size):",
            "    r = rows[k]",
            f"    if {q(c.Q_SITE)} == {site!r} and {q(c.Q_QUEUE)} == {queue!r}:",
            *indented(found, 2),
        ]

    def _route(self, rule: RuleParts) -> list[str]:
        candidates = Candidates(rule, self._text, reasons=self._reasons)
        lines = candidates.opening()
        if len(rule.min_gain_s) > 1:
            gains = [(after_s, repr(gain_s)) for after_s, gain_s in rule.min_gain_s]
            lines.append(f"mg = {by_waiting(gains)}")
        if len(rule.selections) == 1:
            return [*lines, *self._ranking(rule, rule.selections[0], 0)]
        return [
            *lines,
            *candidates.agents_wait(),
            "if waits > 0:",
            *indented(self._ranking(rule, rule.selections[0], 1)),
            "else:",
            *indented(self._ranking(rule, rule.selections[1], 2)),
        ]

    def _ranking(self, rule: RuleParts, selection: SelectionParts, regime: int) -> list[str]:
        return Ranking(rule, selection, self._text, reasons=self._reasons, regime=regime).lines()


def _closed(text: str) -> bool:
    """May it stand beside an operator as it is?"""
    return text.startswith("(") and text.endswith(")") and ") " not in text[:-1]


def _lookups(rule: RuleParts) -> list[str]:
    """Functions that give a site's place in a list, or its share; -1 for others."""
    lines: list[str] = []
    for number, selection in enumerate(rule.selections):
        regime = number + 1 if len(rule.selections) > 1 else 0
        known = [(site, float(place)) for place, site in enumerate(selection.sites, 1)]
        known += selection.shares
        if known:
            lines.append(f"def {lookup_name(rule.index, regime)}(site):")
            lines += [*indented(_search(sorted(known))), "    return -1.0"]
    return lines


def _search(known: list[tuple[float, float]]) -> list[str]:
    """Halves the list until it is short."""
    if len(known) <= 3:
        return [
            line
            for site, value in known
            for line in (f"if site == {site!r}:", f"    return {value!r}")
        ]
    middle = len(known) // 2
    return [
        f"if site < {known[middle][0]!r}:",
        *indented(_search(known[:middle])),
        "else:",
        *indented(_search(known[middle:])),
    ]
