"""Checks what a traffic shift names, and says in words what it does.

Rule of this file: documents and the shift alone; nothing of the network as it is now.
"""

from __future__ import annotations

from nirc.core.traffic_shifts import SHIFT, shift_of
from nrcli.wire.control_models import Control, ControlWanted
from nrcli.wire.shift_models import grow
from routing_policies.document import NetworkDocuments
from routing_policies.errors import nearest

Problem = tuple[str, str, str]


def wrong_shift(wanted: ControlWanted, documents: NetworkDocuments) -> Problem | None:
    """Why such a shift cannot be, by its names alone."""
    given, place = wanted.parameters.shift, "parameters.shift"
    if given is None:
        if wanted.kind == SHIFT:
            return place, "is missing", "say where the calls are to go: `to_site`"
        return None
    if wanted.kind != SHIFT:
        if given.to_site:
            remedy = "leave it out, or begin a `shift`"
            return f"{place}.to_site", "a site is drained to all others", remedy
    elif not given.to_site or given.to_site == wanted.target.name:
        return f"{place}.to_site", "names no other site", "name the site where calls are to go"
    if not grow(given.steps):
        remedy = "write growing percents, such as 10, 25, 50, 100"
        return f"{place}.steps", "each must be larger than the one before", remedy
    for name, value, known in (
        ("to_site", given.to_site, documents.sites),
        ("service", given.service, documents.services),
    ):
        if value and value not in known:
            near = nearest(value, known)
            remedy = f"did you mean {near}?" if near else f"there are: {', '.join(sorted(known))}"
            return f"{place}.{name}", f"there is no {name.removeprefix('to_')} {value}", remedy
    return None


def means_shift(control: Control) -> str:
    """What a shift does, in one clause."""
    shift = shift_of(control)
    whose = f"callers of {shift.from_site}"
    if shift.service:
        whose += f" for {shift.service}"
    if shift.queue:
        whose += f" in queue {shift.queue}"
    percents = ", ".join(f"{share:.0%}" for share in shift.steps)
    steps = f" (a step each {shift.step_s / 60:g} min)" if len(shift.steps) > 1 else ""
    where = f"go to {shift.to_site}" if shift.to_site else "go elsewhere, and none comes there"
    return f"{percents} of the {whose} {where}{steps}"
