"""An error names source, line, place and remedy, for every fault."""

from __future__ import annotations

from routing_policies.errors import DocumentError, Fault, PolicyError


def test_every_fault_is_told() -> None:
    first = Fault(source="a.yaml", line=3, place="spec.x", problem="is wrong", remedy="right it")
    error = DocumentError(first, Fault(source="b", line=0, place="", problem="is empty"))
    assert str(error) == "a.yaml:3: spec.x is wrong (right it)\nb: is empty"
    assert (error.source, error.line, error.place) == ("a.yaml", 3, "spec.x")
    assert (error.problem, error.remedy) == ("is wrong", "right it")
    assert isinstance(error, PolicyError)
