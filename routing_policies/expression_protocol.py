"""What the parts of the expression checker ask of one another.

Rule of this file: signatures only; `expression_checker` is what stands behind them.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import Protocol

from routing_policies.expression_reads import Reads
from routing_policies.expression_terms import Term
from routing_policies.expression_words import Mistake
from routing_policies.vocabulary import Unit


class Checks(Protocol):
    """Checks the parts of one expression."""

    text: str
    reads: Reads

    def term(self, node: ast.expr) -> Term:
        """`node`, checked."""

    def number(self, node: ast.expr) -> Term:
        """`node`, which must be a number."""

    def told(self, node: ast.expr) -> str:
        """The text of `node`, as a message repeats it."""

    def wrong(self, node: ast.expr, problem: str, remedy: str) -> Mistake:
        """A mistake at `node`."""

    def missing_allowed(self) -> AbstractContextManager[None]:
        """Within it a value may be missing."""

    def need_known(self, node: ast.expr, key: str) -> None:
        """Raises Mistake where the value called `key` may be missing."""

    def unit_of(self, node: ast.expr, terms: Sequence[Term]) -> Unit:
        """The one unit of numbers that meet."""
