"""The kinds of emergency controls: what each may be about, and what it is called in words.

Rule of this file: one row for each kind; what no row allows is refused with place and remedy before
anything is kept. Nothing of the network but its documents is looked at here.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import UTC, datetime

from nrcli.wire.control_models import Control, ControlTarget, ControlWanted
from routing_policies.document import NetworkDocuments
from routing_policies.errors import nearest

Problem = tuple[str, str, str]
"(place, what is wrong, remedy)"
Check = Callable[[ControlWanted, NetworkDocuments], Problem | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class ControlKind:
    """What a kind allows, and says."""

    targets: tuple[str, ...]
    means: Callable[[Control], str]
    "What it does, in one clause: `no call is moved from or to site lisbon`."
    check: Check = lambda _wanted, _documents: None
    "What else must be so."


def _freeze(control: Control) -> str:
    match control.target:
        case ControlTarget(of="site", name=name):
            return f"no call is moved from or to site {name}"
        case ControlTarget(of="service", name=name):
            return f"no call for {name} is moved"
        case ControlTarget(of="path", name=name):
            return f"no call is moved by path {name}"
    return "no call is moved anywhere"


KINDS: dict[str, ControlKind] = {
    "freeze": ControlKind(targets=("all", "site", "service", "path"), means=_freeze),
}


def told(control: Control) -> str:
    """A control in a few words, for whoever is affected by it."""
    about = control.target.told()
    return f"control {control.id}: {control.kind} of {about}, by {control.who}: {control.reason}"


def until(control: Control) -> str:
    """When it ends, by the clock on the wall."""
    ends = datetime.fromtimestamp(control.ends_unix_s, UTC)
    return ends.strftime("%Y-%m-%d %H:%M:%S UTC")


def wrong(wanted: ControlWanted, documents: NetworkDocuments) -> Problem | None:
    """Why such a control cannot be; None where it can."""
    kind, target = KINDS[wanted.kind], wanted.target
    if target.of not in kind.targets:
        allowed = ", ".join(kind.targets)
        return "target.of", f"{wanted.kind} is of no {target.of}", f"it can be of: {allowed}"
    known = names_of(target.of, documents)
    if target.of == "all":
        if target.name:
            return "target.name", "`all` has no name", "leave it out, or name a site or a service"
    elif target.name not in known:
        near = nearest(target.name, known)
        remedy = f"did you mean {near}?" if near else f"there are: {_some(known)}"
        return "target.name", f"there is no {target.of} {target.name}", remedy
    return kind.check(wanted, documents)


def names_of(of: str, documents: NetworkDocuments) -> Collection[str]:
    """What a target of this kind may be called."""
    known: dict[str, Collection[str]] = {
        "site": documents.sites,
        "service": documents.services,
        "path": {path.name for path in documents.paths},
    }
    return known.get(of, ())


def _some(names: Collection[str]) -> str:
    return ", ".join(sorted(names)[:20]) or "none"
