"""The kinds of emergency controls: what each may be about, and what it is called in words.

Rule of this file: one row for each kind; what no row allows is refused with place and remedy before
anything is kept. Nothing of the network but its documents is looked at here.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import UTC, datetime

from nirc.core.controls_calendars import holiday_calendars
from nirc.core.controls_closing import day_ends
from nirc.core.traffic_shift_names import means_shift, wrong_shift
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
    takes: frozenset[str] = frozenset()
    "Its parameters; others are refused."
    ends: Callable[[Control, NetworkDocuments], float | None] = lambda _control, _documents: None
    "When it ends, in seconds since 1970, where its kind knows; None: when it was asked to."


def _freeze(control: Control) -> str:
    match control.target:
        case ControlTarget(of="site", name=name):
            return f"no call is moved from or to site {name}"
        case ControlTarget(of="service", name=name):
            return f"no call for {name} is moved"
        case ControlTarget(of="path", name=name):
            return f"no call is moved by path {name}"
    return "no call is moved anywhere"


def _announcement_named(wanted: ControlWanted, _documents: NetworkDocuments) -> Problem | None:
    if not wanted.parameters.announcement:
        remedy = "name one of the files that the sites have (`acd.media.announcements`)"
        return "parameters.announcement", "is missing", remedy
    return None


def _until_midnight(wanted: ControlWanted, documents: NetworkDocuments) -> Problem | None:
    target = wanted.target
    if not holiday_calendars(documents, target.of, target.name):
        remedy = "`nrcli close` closes it without a calendar"
        return "target.name", f"no calendar says when {target.told()} is open", remedy
    if wanted.for_s is not None:
        return "for_s", "a holiday ends at midnight there", "leave the time out"
    return None


def _midnight(control: Control, documents: NetworkDocuments) -> float:
    target = control.target
    zones = {
        documents.calendars[name].spec.time_zone
        for name in holiday_calendars(documents, target.of, target.name)
    }
    return max(day_ends(zone, control.began_unix_s) for zone in zones)


def _plan_time(wanted: ControlWanted, documents: NetworkDocuments) -> Problem | None:
    most = documents.plans[wanted.target.name].spec.lasts_s
    if wanted.for_s is not None and wanted.for_s > most:
        remedy = "leave the time out, or change the document"
        return "for_s", f"Plan/{wanted.target.name} lasts {most:g} s at most", remedy
    return None


def _plan_ends(control: Control, documents: NetworkDocuments) -> float:
    lasts_s = documents.plans[control.target.name].spec.lasts_s
    return control.began_unix_s + lasts_s


def _announce(control: Control) -> str:
    name, who = control.parameters.announcement, "all callers"
    if control.target.of != "all":
        who = f"callers of {control.target.told()}"
    return f"{who} who are not moved hear announcement {name} when they are first asked about"


_SHIFT = ControlKind(
    targets=("site",),
    means=means_shift,
    check=wrong_shift,
    takes=frozenset({"shift"}),
)
KINDS: dict[str, ControlKind] = {
    "shift": _SHIFT,
    "drain_site": _SHIFT,
    "freeze": ControlKind(targets=("all", "site", "service", "path"), means=_freeze),
    "path_off": ControlKind(targets=("path",), means=_freeze),
    "close": ControlKind(
        targets=("service",),
        means=lambda one: (
            f"every queue that serves {one.target.name} is closed, as out of hours:"
            " its callers get the closed answer of policies and site rules"
        ),
    ),
    "holiday": ControlKind(
        targets=("all", "calendar", "service"),
        means=lambda one: f"today is a holiday, closed all day, for {one.target.told()}",
        check=_until_midnight,
        ends=_midnight,
    ),
    "announce": ControlKind(
        targets=("all", "site", "service"),
        means=_announce,
        check=_announcement_named,
        takes=frozenset({"announcement"}),
    ),
    "flush": ControlKind(
        targets=("service",),
        means=lambda one: (
            f"callers for {one.target.name} leave the network queue and wait at their"
            " own site alone; no new ones enter it"
        ),
    ),
    "plan": ControlKind(
        targets=("plan",),
        means=lambda one: f"Plan/{one.target.name} holds",
        check=_plan_time,
        ends=_plan_ends,
    ),
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
    extra = sorted(wanted.parameters.model_fields_set - kind.takes)
    if extra:
        return f"parameters.{extra[0]}", f"means nothing to {wanted.kind}", "leave it out"
    return kind.check(wanted, documents)


def names_of(of: str, documents: NetworkDocuments) -> Collection[str]:
    """What a target of this kind may be called."""
    known: dict[str, Collection[str]] = {
        "site": documents.sites,
        "service": documents.services,
        "path": {path.name for path in documents.paths},
        "calendar": documents.calendars,
        "plan": documents.plans,
    }
    return known.get(of, ())


def _some(names: Collection[str]) -> str:
    return ", ".join(sorted(names)[:20]) or "none"
