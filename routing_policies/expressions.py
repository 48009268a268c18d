"""The expression language of policies: text in, checked source out.

Rule of this file: the one door to the language. Whatever the text, a Checked or a DocumentError
comes out, soon; a Checked always ends, never raises and has no side effects.

The language is a typed subset of Python's expressions: names of `vocabulary`, numbers, true and
false; texts where a name is compared; `and or not`, comparisons, `+ - * /`, `a if c else b`, `in`,
and the functions of `expression_calls`.

>>> checked = check_expression(
...     "origin.ewt_s > 30", scope=Scope.WHEN, want=Unit.YES_NO, place="spec.rules[0].when",
...     source="night.yaml")
>>> checked.reads
('origin.ewt_s',)
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from routing_policies.errors import DocumentError, Fault
from routing_policies.expression_checker import Checker, Mistakes
from routing_policies.expression_names import Scope
from routing_policies.expression_terms import IN_WORDS, Term, unified
from routing_policies.expression_tree import tree_of
from routing_policies.expression_words import Mistake
from routing_policies.model import Feature
from routing_policies.vocabulary import Names, Unit

__all__ = ["Checked", "Names", "Scope", "Unit", "check_expression"]

PLACEHOLDER = re.compile(r"\b([A-Z])\[([0-9]+)\]")
"Column letter and number of what emitted source reads."


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """An expression that may be compiled."""

    text: str
    "As written."
    unit: Unit
    emits: str
    """Source with placeholders: Q[n] row of the candidate (at a site: the caller's own queue), O[n]
    row of the origin, A[n] agent, C[n] call, W[n] way, N[n] network sum, F[i] feature; and now_s.
    Valid for CPython and Numba; a condition is a bool, anything else a number."""
    columns: frozenset[tuple[str, int]]
    "All placeholders used, such as ('Q', 12)."
    features: tuple[Feature, ...]
    "F[i] is features[i]."
    reads: tuple[str, ...]
    "Names of the vocabulary, in order of appearance."
    constant: bool | float | None
    "Its value if it is always the same."
    names: tuple[tuple[Names, str], ...]
    "Texts compared with names, to be looked up when documents are joined."

    @property
    def lists(self) -> tuple[str, ...]:
        """Number lists asked for."""
        return tuple(f.args[1] for f in self.features if f.kind == "listed")

    @property
    def calendars(self) -> tuple[str, ...]:
        """Calendars asked for."""
        named = (f.args[0] for f in self.features if f.kind.startswith("calendar_"))
        return tuple(dict.fromkeys(named))


def check_expression(
    text: str | bool | int | float,
    *,
    scope: Scope,
    want: Unit | None,
    place: str,
    source: str,
    line: int = 0,
) -> Checked:
    """The expression, checked. Raises DocumentError with a Fault for each wrong part.

    `want` is what is expected: YES_NO for a condition, a unit for a number, None for any number.
    """
    try:
        return _checked(_written(text), scope, want)
    except (Mistake, Mistakes) as error:
        found = error.found if isinstance(error, Mistakes) else (error,)
        faults = [
            Fault(
                source=source,
                line=line,
                place=place,
                problem=mistake.problem,
                remedy=mistake.remedy,
                column=mistake.column,
                width=mistake.width,
            )
            for mistake in found
        ]
        raise DocumentError(*faults) from error


def _written(text: str | bool | int | float) -> str:
    if isinstance(text, str):
        return text
    return str(text).lower() if isinstance(text, bool) else repr(text)


def _check_wanted(checker: Checker, term: Term, want: Unit | None) -> None:
    """Raises Mistake where the whole is not what is expected."""
    if want is Unit.YES_NO:
        checker.as_condition(term)
        return
    checker.as_number(term)
    if want is not None and unified(term.unit, want) is None:
        problem = f"is {IN_WORDS[term.unit]}, expected {IN_WORDS[want]}"
        raise checker.wrong(term.node, problem, f"write an expression in {want.value}")


@lru_cache(maxsize=4_096)
def _checked(text: str, scope: Scope, want: Unit | None) -> Checked:
    """Kept, for every version of a policy says most things again. Raises Mistake or Mistakes."""
    checker = Checker(text, scope)
    term = checker.term(tree_of(text))
    _check_wanted(checker, term, want)
    return _joined(text, checker, term)


def _joined(text: str, checker: Checker, term: Term) -> Checked:
    """Features that fell out with a part that never counts are left out."""
    used = [int(i) for letter, i in PLACEHOLDER.findall(term.emits) if letter == "F"]
    kept = sorted(set(used))
    emits = re.sub(r"\bF\[([0-9]+)\]", lambda m: f"F[{kept.index(int(m[1]))}]", term.emits)
    columns = {(letter, int(i)) for letter, i in PLACEHOLDER.findall(emits)}
    return Checked(
        text=text,
        unit=term.unit,
        emits=emits,
        columns=frozenset(columns),
        features=tuple(checker.reads.features[i] for i in kept),
        reads=tuple(checker.reads.names),
        constant=term.constant,
        names=tuple(checker.reads.compared),
    )
