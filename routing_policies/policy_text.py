"""From the text of a policy to the function that decides, with every mistake at its place.

Rule of this file: reading and compiling, one after the other. Whether the names in it lead anywhere
is asked by `assembly`, which knows the other documents.
"""

from __future__ import annotations

from routing_policies.compiler import CompiledPolicy, compile_policy
from routing_policies.errors import DocumentError, Fault
from routing_policies.kinds import RoutingPolicyDoc
from routing_policies.loading import load_positioned, located


def compile_text(
    text: str, *, source: str, version: int = 0
) -> tuple[RoutingPolicyDoc, CompiledPolicy]:
    """The policy in `text`. Raises DocumentError with line and column of each fault."""
    document, read = load_positioned(text, source=source)
    if not isinstance(document, RoutingPolicyDoc):
        remedy = "give a RoutingPolicy"
        problem = f"is a {document.kind}"
        fault = Fault(source=source, line=0, place="kind", problem=problem, remedy=remedy)
        raise DocumentError(located(fault, read))
    try:
        return document, compile_policy(document, version, source=source)
    except DocumentError as error:
        raise DocumentError(*(located(fault, read) for fault in error.faults)) from error
