"""The checker stands behind what its parts ask for."""

from __future__ import annotations

from routing_policies.expression_checker import Checker
from routing_policies.expression_names import Scope
from routing_policies.expression_protocol import Checks


def test_the_checker_has_all_that_is_asked() -> None:
    checker: Checks = Checker("1", Scope.WHEN)
    asked = [name for name in vars(Checks) if not name.startswith("_")]
    assert asked and all(hasattr(checker, name) for name in asked)
