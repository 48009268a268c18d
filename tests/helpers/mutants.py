"""Rules of the real cores taken out one at a time, so that the search can be asked to find them.

Each mutant is a few small patches of a real class, or of its table, for as long as `planted` lasts;
nothing of it is left behind. `found_by` is the checker that must speak, `cases` the kind of case in
which it can; `tests/simulation/find_mutants.py` searches by seeds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any
from unittest import mock


@dataclass(frozen=True, slots=True, kw_only=True)
class Patch:
    """One method of a class, or one row of a table, made anew from what it was."""

    owner: Any
    name: Any
    make: Callable[[Any], Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutant:
    """One rule taken out."""

    name: str
    without: str
    "The rule that is missing, for the table."
    found_by: str
    "Kind of problem that must be found."
    patches: tuple[Patch, ...]
    cases: str = "drawn"
    "Kind of case, of `mutant_cases`."


@contextmanager
def planted(mutant: Mutant | None) -> Iterator[None]:
    """The rule is out, here and in this process alone, until the end. None: nothing changes."""
    with ExitStack() as stack:
        for patch in mutant.patches if mutant is not None else ():
            if isinstance(patch.owner, dict):
                changed = {patch.name: patch.make(patch.owner[patch.name])}
                stack.enter_context(mock.patch.dict(patch.owner, changed))
            else:
                made = patch.make(getattr(patch.owner, patch.name))
                stack.enter_context(mock.patch.object(patch.owner, patch.name, made))
        yield


def nothing(original: Any) -> Any:
    """Does nothing any more."""
    return lambda *args, **named: None


def instead(made: Any) -> Callable[[Any], Any]:
    """Takes the place of what was there."""
    return lambda original: made
