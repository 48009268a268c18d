"""Random expressions and random states to evaluate them in, for tests of the language.

Rule of this file: whatever it draws is of the language; only dice given to it are thrown.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from math import inf, nan

from routing_policies import columns as c
from routing_policies.expression_names import SCOPES_AT, Scope
from routing_policies.vocabulary import NETWORK_SUMS, VOCABULARY, Entry, Unit

FEATURES_MAX = 200
STRANGE = (nan, inf, -inf, 0.0, -0.0, -1.0, 1e308, -1e308, 5e-324)
NUMBERS = (Unit.SECONDS, Unit.COUNT, Unit.SHARE, Unit.MONEY, Unit.PER_HOUR, Unit.PLAIN)


@dataclass(frozen=True, slots=True)
class State:
    """One row of each kind of column; `arguments` are those of a compiled expression."""

    now_s: float
    q: list[float]
    o: list[float]
    a: list[float]
    c: list[float]
    w: list[float]
    n: list[float]
    f: list[float]

    def arguments(self) -> tuple[float | list[float], ...]:
        return (self.now_s, self.q, self.o, self.a, self.c, self.w, self.n, self.f)


PARAMETERS = "now_s, Q, O, A, C, W, N, F"


def random_state(dice: random.Random, *, strange: float = 0.2) -> State:
    """Numbers as reports bring them, and now and then what none should."""

    def column(count: int) -> list[float]:
        return [number() for _ in range(count)]

    def number() -> float:
        if dice.random() < strange:
            return dice.choice(STRANGE)
        pick: Callable[[], float] = dice.choice(
            (
                lambda: float(dice.randrange(0, 2)),
                lambda: float(dice.randrange(0, 12)),
                dice.random,
                lambda: dice.uniform(0.0, 900.0),
            )
        )
        return pick()

    return State(
        dice.uniform(0, 1_000),
        column(c.QUEUE_COLUMNS),
        column(c.QUEUE_COLUMNS),
        column(c.AGENT_COLUMNS),
        column(c.CALL_FEATURES_FROM),
        column(c.WAY_COLUMNS),
        column(NETWORK_SUMS),
        column(FEATURES_MAX),
    )


class Writer:
    """Writes random expressions that the language accepts at `scope`."""

    def __init__(self, dice: random.Random, scope: Scope = Scope.CANDIDATES) -> None:
        self.dice = dice
        out = {"site.cost", "site.set_up_s"} if scope is Scope.ASK else set()
        here = [
            entry
            for name, entry in VOCABULARY.items()
            if name.partition(".")[0] in SCOPES_AT[scope] and name not in out
        ]
        self._of: dict[Unit, list[Entry]] = {unit: [] for unit in Unit}
        for entry in here:
            self._of[entry.unit].append(entry)

    def condition(self, depth: int) -> str:
        dice = self.dice
        if depth <= 0:
            return dice.choice((self._yes_no, self._text_compared, self._feature))()
        inner = depth - 1
        made: Callable[[], str] = dice.choice(
            (
                lambda: f"{self.condition(inner)} and {self.condition(inner)}",
                lambda: f"({self.condition(inner)} or {self.condition(inner)})",
                lambda: f"not ({self.condition(inner)})",
                lambda: self._compared(inner),
                lambda: self._compared(inner),
                lambda: self._chain(inner),
                lambda: (
                    f"({self.condition(inner)} if {self.condition(inner)}"
                    f" else {self.condition(inner)})"
                ),
                lambda: f"known({self.number(self._unit(), inner)})",
                self._yes_no,
                self._text_compared,
                self._feature,
            )
        )
        return made()

    def number(self, unit: Unit, depth: int) -> str:
        dice = self.dice
        if depth <= 0 or dice.random() < 0.2:
            return self._leaf(unit)
        inner = depth - 1
        made: Callable[[], str] = dice.choice(
            (
                lambda: f"({self.number(unit, inner)} + {self.number(unit, inner)})",
                lambda: f"({self.number(unit, inner)} - {self.number(unit, inner)})",
                lambda: f"-({self.number(unit, inner)})",
                lambda: f"({self.number(unit, inner)} * {self.number(Unit.PLAIN, inner)})",
                lambda: f"{self.number(unit, inner)} / ({self.number(Unit.PLAIN, inner)} + 0.5)",
                lambda: f"min({self.number(unit, inner)}, {self.number(unit, inner)}, 7)",
                lambda: f"max({self.number(unit, inner)}, {self.number(unit, inner)})",
                lambda: f"abs({self.number(unit, inner)})",
                lambda: f"default({self.number(unit, inner)}, {self._leaf(unit)})",
                lambda: (
                    f"({self.number(unit, inner)} if {self.condition(inner)}"
                    f" else {self.number(unit, inner)})"
                ),
            )
        )
        return made()

    def _unit(self) -> Unit:
        return self.dice.choice([unit for unit in NUMBERS if self._of[unit]])

    def _leaf(self, unit: Unit) -> str:
        entries = self._of[unit]
        if unit is Unit.PLAIN and self.dice.random() < 0.6:
            one, two = self.dice.choices(self._of[self._unit()], k=2)
            a, b = (f"default({e.name}, 1)" if e.may_be_missing else e.name for e in (one, two))
            return f"({a} / {b})"
        if not entries or self.dice.random() < 0.2:
            return f"{self.dice.random():.3g}"
        entry = self.dice.choice(entries)
        return f"default({entry.name}, 0.25)" if entry.may_be_missing else entry.name

    def _yes_no(self) -> str:
        return self.dice.choice(self._of[Unit.YES_NO]).name

    def _text_compared(self) -> str:
        entry = self.dice.choice(self._of[Unit.NAME])
        one, two = ("a/b", "c/d") if entry.names.value == "agent" else ("112", "911")
        if entry.may_be_missing:
            return f'{entry.name} == "{one}"'
        form = self.dice.choice(
            ('{0} == "{1}"', '{0} != "{1}"', '{0} in ("{1}", "{2}")', '{0} not in ("{1}", "{2}")')
        )
        return form.format(entry.name, one, two)

    def _feature(self) -> str:
        key = self.dice.choice(("tier", "age"))
        return self.dice.choice(
            (
                f'data("{key}") == "gold"',
                f'known(data("{key}")) and data("{key}") != "gold"',
                f'default(data("{key}"), "none") not in ("gold", "silver")',
                f'default(number(data("{key}")), 1) < 5',
                'listed(call.ani, "vip")',
                'starts(call.dialed_number, "+351", "+44")',
                'calendar("office").open',
                'calendar("office").closes_in_s > 600',
            )
        )

    def _compared(self, depth: int) -> str:
        unit = self._unit()
        sign = self.dice.choice(("<", "<=", ">", ">=", "==", "!="))
        return f"({self.number(unit, depth)} {sign} {self.number(unit, depth)})"

    def _chain(self, depth: int) -> str:
        unit = self._unit()
        a, b, two = (self.number(unit, depth) for _ in range(3))
        return f"({a} < {b} <= {two})"
