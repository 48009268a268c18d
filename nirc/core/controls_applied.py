"""Puts emergency controls in force and takes them back: by documents, paths and alarms.

Rule of this file: whatever a control changes is worked out anew from the documents as published and
the controls in force, so that nothing of it is left when it ends. Every change of the documents in
use happens here.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from nirc.core import events as ev
from nirc.core.actions import Action, CloseSiteLink, ControlWeighed, EntryTold
from nirc.core.controls_documents import controlled
from nirc.core.controls_kinds import KINDS, Problem, told, until, wrong
from nirc.core.controls_weighing import weighed
from nirc.core.parts import Parts
from nirc.core.site_liveness import SiteLiveness
from nirc.core.traffic_shift_weighing import (
    outlook,
    outlook_lines,
    shift_forecast,
    shift_problem,
)
from nirc.core.traffic_shifts import DRAIN, SHIFT
from nrcli.wire.control_models import Control, ControlWanted
from routing_policies.document import NetworkDocuments

ALARM = "control_in_force"
FLUSHED_AT_ONCE_MAX = 200
"Entries that are taken out of the network queue each second."
Handler = Callable[[Any, float, list[Action]], object]
TakeOut = Callable[[ev.TakeEntryOut, float, list[Action]], object]


class ControlsApplied:
    """The documents as published, and the controls over them."""

    __slots__ = ("_alarmed", "_liveness", "_parts", "_published", "_take_out")

    def __init__(self, parts: Parts, liveness: SiteLiveness, take_out: TakeOut) -> None:
        """`take_out`: takes an entry out of the network queue."""
        self._take_out = take_out
        self._parts = parts
        self._liveness = liveness
        self._published: NetworkDocuments | None = None
        self._alarmed: dict[str, Control] = {}

    def events(self) -> dict[type[Any], Handler]:
        """What is heard of."""
        return {
            ev.DocumentsChanged: self._documents_changed,
            ev.WallTimeRead: self._wall_time,
            ev.ControlsRead: self._read,
            ev.WeighControl: self._weigh,
        }

    # ---- what happens

    def _documents_changed(
        self, event: ev.DocumentsChanged, now_s: float, out: list[Action]
    ) -> None:
        self._published = event.documents
        self._use(now_s, out)

    def _wall_time(self, event: ev.WallTimeRead, now_s: float, out: list[Action]) -> None:
        self._parts.active.hours.read(event.unix_s, now_s)
        if self._parts.controls.look(event.unix_s):
            self._changed(now_s, out)
        if self._parts.controls.flushed:
            self._flush(now_s, out)

    def _read(self, event: ev.ControlsRead, now_s: float, out: list[Action]) -> None:
        unix_s = self._parts.active.hours.unix_s(now_s)
        if self._parts.controls.read(event.controls, unix_s):
            self._changed(now_s, out)

    def _weigh(self, event: ev.WeighControl, now_s: float, out: list[Action]) -> None:
        parts = self._parts
        control, problem = self._would_be(event, now_s)
        found = None
        if control is not None and control.kind in (SHIFT, DRAIN):
            found = shift_forecast(parts, self._liveness, control, now_s)
            if not event.wants_effect:
                problem = shift_problem(found, control)
                control = None if problem else control
        effect = None
        if control is not None and event.wants_effect:
            effect = weighed(parts, control, lambda found: self._try(found, now_s), now_s)
        if effect is not None and found is not None:
            lines = (*effect.lines, *outlook_lines(found), *self._older(control))
            effect = effect.model_copy(update={"lines": lines, "shift": outlook(found)})
        base = f"{self._published.revision if self._published else 0}"
        for one in parts.controls.in_force:
            base += f" {one.id}"
        out.append(
            ControlWeighed(id=event.id, control=control, effect=effect, base=base, problem=problem)
        )

    # ---- inner -------------------------------------------------------------------------------

    def _older(self, control: Control | None) -> tuple[str, ...]:
        site = control.target.name if control is not None else ""
        if site in self._parts.controls.shifts.known_to:
            return ()
        return (f"the agent of {site} is of a version before: only callers who wait are moved",)

    def _would_be(
        self, event: ev.WeighControl, now_s: float
    ) -> tuple[Control | None, Problem | None]:
        parts, wanted = self._parts, event.wanted
        unix_s = parts.active.hours.unix_s(now_s)
        if self._published is None or not unix_s:
            again = "try again in a second; `nrcli status` says whether etcd is in reach"
            return None, ("", "this node has no documents yet", again)
        most, settings = parts.settings.control_s_max, parts.settings
        if wanted.for_s is not None and wanted.for_s > most:
            remedy = f"at most {most:g} s (`router.control_s_max`); it can be begun anew"
            return None, ("for_s", f"{wanted.for_s:g} s is too long", remedy)
        if len(parts.controls.in_force) >= settings.controls_max:
            remedy = "end some of them (`nrcli controls`), or raise `router.controls_max`"
            return None, ("", f"{settings.controls_max} controls are in force already", remedy)
        problem = wrong(wanted, self._published)
        if problem is not None:
            return None, problem
        for_s = wanted.for_s or settings.control_s
        control = _control(event.control_id, wanted, unix_s, for_s)
        ends_s = KINDS[wanted.kind].ends(control, self._published)
        if wanted.for_s is None and ends_s is not None:
            control = control.model_copy(update={"ends_unix_s": min(ends_s, unix_s + most)})
        return control, None

    def _changed(self, now_s: float, out: list[Action]) -> None:
        """Another set is in force: documents, paths and alarms follow."""
        self._tell(out)
        if self._published is not None:
            self._use(now_s, out)

    def _flush(self, now_s: float, out: list[Action]) -> None:
        """Callers of flushed services leave the network queue, so many each second. Callbacks stay:
        who was promised a call is not worse off."""
        parts, left = self._parts, FLUSHED_AT_ONCE_MAX
        for entry in parts.queue:
            control = parts.controls.flushed.get(entry.group.service)
            if control is None or entry.group.callback or left == 0:
                continue
            if parts.leadership.leads(entry.group.domain, now_s):
                left -= 1
                event = ev.TakeEntryOut(
                    id="", entry_id=entry.id, author=control.who, reason=control.reason
                )
                told_to: list[Action] = []
                self._take_out(event, now_s, told_to)
                out += [one for one in told_to if not isinstance(one, EntryTold)]

    def _tell(self, out: list[Action]) -> None:
        parts = self._parts
        found = {one.id: one for one in parts.controls.in_force}
        for name in [name for name in self._alarmed if name not in found]:
            parts.alarms.clear(ALARM, name, out)
            parts.statistics.count("controls.ended")
            del self._alarmed[name]
        for name, one in found.items():
            if name not in self._alarmed:
                self._alarmed[name] = one
                parts.statistics.count("controls.began")
                text = f"{KINDS[one.kind].means(one)} until {until(one)}; {told(one)}"
                parts.alarms.raise_(ALARM, name, text, out)

    def _use(self, now_s: float, out: list[Action]) -> None:
        """Documents as published, with what controls change of them."""
        parts = self._parts
        documents = self._in_use(now_s)
        parts.memory.keep(parts.active.policies())
        for site in self._liveness.linked_sites():
            if not parts.active.knows(site):
                reason = f"document Site/{site} was removed"
                out.append(CloseSiteLink(site=site, code="unknown_site", reason=reason))
        parts.documents.changed(self._liveness.linked_sites(), documents, out)

    def _try(self, controls: tuple[Control, ...], now_s: float) -> None:
        """These are in force for a moment; nobody hears of it."""
        self._parts.controls.put(controls)
        self._in_use(now_s)

    def _in_use(self, now_s: float) -> NetworkDocuments:
        assert self._published is not None
        parts, published = self._parts, self._published
        parts.controls.paths_are({one.name: one.spec.from_site for one in published.paths})
        found = controlled(published, parts.controls.in_force)
        parts.controls.plans_say(found.sites_barred, found.paths_off)
        parts.active.paths_off, parts.active.closed = parts.controls.paths_off, found.closed
        parts.active.change(found.documents, now_s)
        return found.documents


def _control(control_id: str, wanted: ControlWanted, unix_s: float, for_s: float) -> Control:
    return Control(
        id=control_id,
        kind=wanted.kind,
        target=wanted.target,
        parameters=wanted.parameters,
        reason=wanted.reason,
        who=wanted.author,
        began_unix_s=unix_s,
        ends_unix_s=unix_s + for_s,
    )
