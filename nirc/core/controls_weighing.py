"""Works out what an emergency control would do, before anybody is affected by it.

Rule of this file: it looks and asks the policies in use, with the control and without; it reserves
nothing, and what policies remember stays as it was. Bounded work, whatever the network's size.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from nirc.core.choice import Choice
from nirc.core.controls_kinds import KINDS, until
from nirc.core.parts import Parts
from nrcli.wire.control_models import Control, ControlChange, ControlEffect
from nrcli.wire.messages import RouteOutcome, RouteRequest

ASKED_MAX = 400
"Kinds of caller that policies are asked about, with the control and without."
CHANGES_MAX = 100
WAITED_S = 30.0
"How long the callers that are asked about have waited."
ONLY_THE_LEADER = "what becomes of callers only the leading node can say; it can be begun here, too"
Caller = tuple[str, str, str]
"(site, trunk group, service)"
Apply = Callable[[tuple[Control, ...]], None]
"Puts controls in force without telling anybody."


def weighed(parts: Parts, control: Control, apply: Apply, now_s: float) -> ControlEffect:
    """What `control` would do if it began now."""
    standing = parts.controls.in_force
    leads = bool(parts.leadership.leading(now_s))
    callers = list(_callers(parts)) if leads else []
    before = [_asked(parts, one, now_s) for one in callers]
    apply((*standing, control))
    try:
        after = [_asked(parts, one, now_s) for one in callers]
    finally:
        apply(standing)
    changes = tuple(
        ControlChange(
            site=site,
            trunk_group=group,
            service=service,
            now=_in_words(now),
            then=_in_words(then),
        )
        for (site, group, service), now, then in zip(callers, before, after, strict=True)
        if _what(now) != _what(then)
    )
    figures = _figures(parts, control)
    changed = f"{len(changes)} of {len(callers)} kinds of caller are decided otherwise"
    lines = [
        f"{KINDS[control.kind].means(control)}, until {until(control)}",
        f"{changed} (a caller of {WAITED_S:g} s who asks now)" if leads else ONLY_THE_LEADER,
        *_of_figures(figures),
    ]
    return ControlEffect(
        control=control,
        lines=tuple(lines),
        figures=(*figures.items(), ("changes_count", float(len(changes)))),
        changes=changes[:CHANGES_MAX],
        asked_count=len(callers),
    )


def _callers(parts: Parts) -> Iterator[Caller]:
    """One of each kind, by site, trunk group and service; those that a path leads away from."""
    active = parts.active
    if active.documents is None:
        return
    groups = {(path.spec.from_site, path.spec.trunk_group) for path in active.documents.paths}
    left = ASKED_MAX
    for site, group in sorted(groups):
        for service in sorted(active.documents.services):
            if parts.network.table.find(site, active.queue_of(site, service)) and left > 0:
                left -= 1
                yield site, group, service


def _asked(parts: Parts, caller: Caller, now_s: float) -> Choice:
    site, group, service = caller
    request = RouteRequest(
        request_id="",
        interaction_id=f"control-{site}-{service}",
        call_id="",
        service=service,
        queue=parts.active.queue_of(site, service),
        trunk_group=group,
        waited_s=WAITED_S,
        dialed_number="",
        ani="",
    )
    return parts.choice.dry_run(site, request, None, now_s)


def _what(choice: Choice) -> tuple[object, ...]:
    """What the caller meets, whatever the reason."""
    target = (choice.targets[0].site, choice.targets[0].queue) if choice.targets else ()
    return choice.outcome, target, choice.handler, choice.announcement


def _in_words(choice: Choice) -> str:
    if choice.targets:
        return f"moves to {choice.targets[0].site}, queue {choice.targets[0].queue}"
    if choice.handler:
        return f"goes to handler {choice.handler}"
    if choice.outcome is RouteOutcome.ANNOUNCE:
        return f"stays, and hears {choice.announcement}"
    if choice.outcome is RouteOutcome.STAY:
        return f"stays: {choice.reason}" if choice.reason else "stays"
    return str(choice.outcome.value).replace("_", " ")


def _figures(parts: Parts, control: Control) -> dict[str, float]:
    """What is concerned just now."""
    controls = parts.controls

    def concerned(site: str, service: str, other: str = "") -> bool:
        return controls.concerns(control, site, service, (other,))

    columns = parts.network.table.columns
    moves = [m for m in parts.transfers.all() if concerned(m.origin, m.service, m.target)]
    entries = [e for e in parts.queue if concerned(e.site, e.group.service)]
    sites = {one for one in columns.site[1:] if concerned(one, "", one)}
    return {
        "moves_count": float(len(moves)),
        "entries_count": float(len(entries)),
        "sites_count": float(len(sites)),
    }


def _of_figures(figures: dict[str, float]) -> Iterator[str]:
    moves, entries = int(figures["moves_count"]), int(figures["entries_count"])
    if moves:
        yield f"{moves} calls are on their way: they are not touched"
    if entries:
        yield f"{entries} callers of the network queue are concerned: they wait on at home"
