"""Which policy a run uses, as text.

Rule of this file: `stay`, `catalogue:NAME`, or a file; a name that leads nowhere is refused with
the nearest that does.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from routing_policies.errors import DocumentError, Fault, nearest
from routing_policies.kinds import RoutingPolicyDoc
from routing_policies.loading import load_positioned, located, text_of

STAY = "stay"
CATALOGUE = "catalogue:"
_STAY = """apiVersion: nirc/v1
kind: RoutingPolicy
metadata: {name: stay}
spec:
  description: Calls are never moved.
  rules: [{name: stay, action: queue_at_origin}]
"""


@dataclass(frozen=True, slots=True)
class PolicyText:
    """A policy that was read."""

    name: str
    text: str
    source: str
    "Its file, or how it was named."


def policy_text(named: str | Path, folder: Path) -> PolicyText:
    """The policy that is named; a file is found from `folder`. Raises DocumentError."""
    written = str(named)
    if written == STAY:
        return PolicyText(STAY, _STAY, STAY)
    if written.startswith(CATALOGUE):
        text = _of_catalogue(written.removeprefix(CATALOGUE))
        return _read(text, written)
    path = folder / written
    try:
        return _read(text_of(path.read_bytes(), source=str(path)), str(path))
    except OSError as error:
        raise DocumentError(_missing(written, path)) from error


def catalogue_names() -> tuple[str, ...]:
    """Names of the ready policies."""
    found = Path(str(files("routing_policies.catalogue"))).glob("*.yaml")
    return tuple(sorted(path.stem.replace("_", "-") for path in found))


def _of_catalogue(name: str) -> str:
    stem = name.replace("-", "_")
    known = catalogue_names()
    if not re.fullmatch(r"[a-z_]+", stem) or stem.replace("_", "-") not in known:
        near = nearest(name, known)
        remedy = f"did you mean catalogue:{near}?" if near else "one of " + ", ".join(known)
        problem = f"there is no policy {name} in the catalogue"
        raise DocumentError(_fault(f"{CATALOGUE}{name}", "", problem, remedy))
    return files("routing_policies.catalogue").joinpath(f"{stem}.yaml").read_text("utf-8")


def _read(text: str, source: str) -> PolicyText:
    document, read = load_positioned(text, source=source)
    if not isinstance(document, RoutingPolicyDoc):
        fault = _fault(source, "kind", f"is a {document.kind}", "give a RoutingPolicy")
        raise DocumentError(located(fault, read))
    return PolicyText(document.name, text, source)


def _missing(written: str, path: Path) -> Fault:
    remedy = f"give a file, {STAY}, or {CATALOGUE}NAME"
    if near := nearest(written.removesuffix(".yaml"), (*catalogue_names(), STAY)):
        remedy = f"did you mean {near if near == STAY else CATALOGUE + near}?"
    return _fault(str(path), "", "is no file that can be read", remedy)


def _fault(source: str, place: str, problem: str, remedy: str) -> Fault:
    return Fault(source=source, line=0, place=place, problem=problem, remedy=remedy)
