"""Holds the emergency controls in force, and says of a call what they forbid.

Rule of this file: a control is in force from the moment it is read until its end by the clock on
the wall, on every node alike; nothing here decides where a call goes instead. While the time is not
known, all that were read are in force.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from nirc.core.controls_kinds import told
from nirc.core.traffic_shifts import TrafficShifts
from nrcli.wire.control_models import Control, ControlTarget

NOTHING: Mapping[str, str] = {}


class Controls:
    """Controls by id. Empty is the usual case, and costs a decision nothing."""

    __slots__ = (
        "_announcements",
        "_known",
        "_path_from",
        "_plan_bars",
        "_services",
        "_sites",
        "closed_sites",
        "flushed",
        "in_force",
        "paths_off",
        "shifts",
        "sites_barred",
        "stop_all",
    )

    def __init__(self) -> None:
        self._known: tuple[Control, ...] = ()
        self._path_from: Mapping[str, str] = NOTHING
        self.in_force: tuple[Control, ...] = ()
        "Oldest first."
        self.stop_all = ""
        "Why no call is moved at all; empty: calls are moved."
        self._services: dict[str, str] = {}
        self._sites: dict[str, str] = {}
        "Why no call of these is moved."
        self.sites_barred: dict[str, str] = {}
        "Why no call is moved to these sites; to look into."
        self.paths_off: dict[str, str] = {}
        "Why no call is moved by these paths; to look into."
        self.closed_sites: frozenset[str] = frozenset()
        "Where no edge delivers a call by default, while another site can have it."
        self._plan_bars: Mapping[str, str] = NOTHING
        "Sites that activated plans bar."
        self.flushed: dict[str, Control] = {}
        "Services whose callers leave the network queue."
        self._announcements: dict[tuple[str, str], str] = {}
        "By (kind of target, name)."
        self.shifts = TrafficShifts()

    # ---- what is known

    def read(self, controls: Iterable[Control], unix_s: float) -> bool:
        """These are all that are kept; `unix_s` 0: the time is not known. True where another set is
        in force now."""
        self._known = tuple(sorted(controls, key=lambda one: (one.began_unix_s, one.id)))
        return self.look(unix_s)

    def look(self, unix_s: float) -> bool:
        """Time has passed. True where another set is in force now."""
        found = tuple(one for one in self._known if not unix_s or unix_s < one.ends_unix_s)
        if found == self.in_force:
            return False
        self.put(found)
        return True

    def put(self, controls: tuple[Control, ...]) -> None:
        """These are in force, whatever is known: for a look at what would be."""
        self.in_force = controls
        frozen = [(one.target, told(one)) for one in controls if one.kind == "freeze"]
        self.stop_all = next((why for target, why in frozen if target.of == "all"), "")
        self._services = _of("service", frozen)
        self._sites = _of("site", frozen)
        self.shifts.put(controls)
        self._bar_sites()
        off = [(one.target, told(one)) for one in controls if one.kind == "path_off"]
        self.paths_off = _of("path", [*frozen, *off])
        self.flushed = {one.target.name: one for one in controls if one.kind == "flush"}
        self._announcements = {
            (one.target.of, one.target.name): one.parameters.announcement
            for one in controls
            if one.kind == "announce"
        }

    def plans_say(self, sites_barred: Mapping[str, str], paths_off: Mapping[str, str]) -> None:
        """What activated plans add to what is in force."""
        self._plan_bars = dict(sites_barred)
        self._bar_sites()
        self.paths_off |= paths_off

    def paths_are(self, path_from: Mapping[str, str]) -> None:
        """From which site each path of the network leads."""
        self._path_from = path_from

    # ---- what follows for a call

    def stopped(self, origin: str, service: str) -> str:
        """Why a call is not moved, wherever it would go; empty: it may be."""
        if not self.in_force:
            return ""
        return self.stop_all or self._services.get(service) or self._sites.get(origin, "")

    def barred(self, site: str) -> str:
        """Why no call is moved to a site; empty: it may be."""
        return self.sites_barred.get(site, "")

    def announcement(self, origin: str, service: str) -> str:
        """What a caller who stays is to hear; empty: nothing. A service's goes before a site's."""
        found = self._announcements
        if not found:
            return ""
        places = (("service", service), ("site", origin), ("all", ""))
        return next((found[one] for one in places if one in found), "")

    def give_up(self, shifts: Collection[str]) -> None:
        """These traffic shifts are over, though they are kept still."""
        self.shifts.leave(shifts)
        self._bar_sites()

    def _bar_sites(self) -> None:
        """Draining, frozen, or barred by a plan: the later word is told."""
        closed = self.shifts.drained | dict(self._plan_bars)
        self.closed_sites = frozenset(closed)
        self.sites_barred = closed | self._sites | dict(self._plan_bars)

    def concerning(self, origin: str, service: str, sites: Collection[str] = ()) -> tuple[str, ...]:
        """What a decision about such a call, and these candidates, was made under, in words."""
        if not self.in_force:
            return ()
        return tuple(
            told(one) for one in self.in_force if self.concerns(one, origin, service, sites)
        )

    def concerns(self, control: Control, origin: str, service: str, sites: Collection[str]) -> bool:
        """Has a control to do with a call of this origin and service, and these candidates."""
        of, name = control.target.of, control.target.name
        if of == "service":
            return name == service
        if of == "site":
            return name == origin or name in sites
        if of == "path":
            return self._path_from.get(name, origin) == origin
        return True


def _of(kind: str, found: Iterable[tuple[ControlTarget, str]]) -> dict[str, str]:
    """Names of one kind of target, each with the oldest reason."""
    reasons: dict[str, str] = {}
    for target, why in found:
        if target.of == kind:
            reasons.setdefault(target.name, why)
    return reasons
