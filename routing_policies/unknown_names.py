"""Says that a name leads nowhere.

Rule of this file: one form of words for all documents; `not removed: ... still name it` is built
from it when a document is deleted.
"""

from __future__ import annotations

from collections.abc import Collection

from routing_policies.errors import Fault, nearest


def unknown(source: str, place: str, kind: str, name: str, known: Collection[str]) -> Fault:
    """`there is no Site porot (did you mean porto?)`."""
    near = nearest(name, known)
    if near:
        remedy = f"did you mean {near}?"
    elif kind == "number list":
        remedy = f"add a list {name} to a Tenant, or correct it"
    elif kind[0].isupper():
        remedy = f"add {kind}/{name}, or correct it"
    else:
        remedy = "correct it" + (f": there are {', '.join(sorted(known)[:10])}" if known else "")
    problem = f"there is no {kind} {name}"
    return Fault(source=source, line=0, place=place, problem=problem, remedy=remedy)
