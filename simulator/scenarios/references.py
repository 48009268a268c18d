"""Checks that every name in a scenario leads somewhere, and that nothing is named twice.

Rule of this file: it reads and reports; each fault names the place and the name probably meant.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from routing_policies.errors import Fault
from routing_policies.kinds_base import ANY_SITE
from routing_policies.unknown_names import unknown
from simulator.scenarios.callers import CallerClass
from simulator.scenarios.kind import Ingress, PathKind, ScenarioSpec
from simulator.scenarios.sites import Site


def reference_faults(spec: ScenarioSpec, source: str) -> list[Fault]:
    """Every name that leads nowhere or stands twice."""
    check = _Check(spec, source)
    check.all()
    return check.faults


class _Check:
    """One pass over a scenario."""

    def __init__(self, spec: ScenarioSpec, source: str) -> None:
        self._spec = spec
        self._source = source
        self._sites = {site.name: site for site in spec.sites}
        self._services = {service.name for service in spec.services}
        self._queues = {queue.name for site in spec.sites for queue in site.queues}
        self._ingresses = {ingress.name for ingress in spec.ingresses}
        self.faults: list[Fault] = []

    def all(self) -> None:
        spec = self._spec
        self._services_served()
        for s, site in enumerate(spec.sites):
            self._site(f"spec.sites[{s}]", site)
        for p, path in enumerate(spec.paths):
            self._path(f"spec.paths[{p}]", path)
        for i, ingress in enumerate(spec.ingresses):
            self._ingress(f"spec.ingresses[{i}]", ingress)
        for c, one in enumerate(spec.caller_classes):
            self._class(f"spec.caller_classes[{c}]", one)
        for key in ("talk", "acw", "patience"):
            for service in getattr(spec, key):
                self._known(f"spec.{key}.{service}", "service", service, self._services)
        self._arrivals()
        for i, fault in enumerate(spec.faults):
            if fault.site is not None:
                self._known(f"spec.faults[{i}].site", "site", fault.site, self._sites)
        self._named_twice()

    def _services_served(self) -> None:
        for i, service in enumerate(self._spec.services):
            place = f"spec.services[{i}].{'queue' if service.queue else 'name'}"
            self._known(place, "queue", service.queue or service.name, self._queues)

    def _site(self, place: str, site: Site) -> None:
        queues = {queue.name for queue in site.queues}
        for a, group in enumerate(site.agents):
            for name in group.skills:
                kind = f"queue at {site.name}:"
                self._known(f"{place}.agents[{a}].skills.{name}", kind, name, queues)
        self._twice(f"{place}.queues[{{}}].name", [queue.name for queue in site.queues])
        self._twice(f"{place}.agents[{{}}].group", [group.group for group in site.agents])
        self._twice(f"{place}.trunks[{{}}].name", [trunk.name for trunk in site.trunks])

    def _path(self, place: str, path: PathKind) -> None:
        for key in ("from_site", "to_site"):
            name = getattr(path, key)
            if name != ANY_SITE:
                self._known(f"{place}.{key}", "site", name, self._sites)
        self._twice(f"{place}.methods[{{}}]", path.methods)
        if path.trunk_group != ANY_SITE:
            origins = self._meant(path.from_site)
            self._trunk(f"{place}.trunk_group", path.trunk_group, origins, every=False)
        targets = [site for site in self._meant(path.to_site) if site.name != path.from_site]
        self._trunk(f"{place}.arrives_on", path.arrives_on, targets, every=True)

    def _meant(self, name: str) -> list[Site]:
        return [site for site in self._spec.sites if name in (ANY_SITE, site.name)]

    def _trunk(self, place: str, name: str, sites: list[Site], *, every: bool) -> None:
        """All of the sites, or one of them, have this trunk group."""
        lacking = [s for s in sites if name not in {trunk.name for trunk in s.trunks}]
        if lacking and (every or len(lacking) == len(sites)):
            known = {trunk.name for trunk in lacking[0].trunks}
            kind = f"trunk group at {lacking[0].name}:"
            self.faults.append(unknown(self._source, place, kind, name, known))

    def _ingress(self, place: str, ingress: Ingress) -> None:
        self._known(f"{place}.service", "service", ingress.service, self._services)
        self._twice(f"{place}.entry_sites[{{}}].site", [one.site for one in ingress.entry_sites])
        queue = next(
            (one.queue or one.name for one in self._spec.services if one.name == ingress.service),
            None,
        )
        for e, entry in enumerate(ingress.entry_sites):
            inside = f"{place}.entry_sites[{e}]"
            self._known(f"{inside}.site", "site", entry.site, self._sites)
            site = self._sites.get(entry.site)
            if site is None:
                continue
            if entry.trunk is not None:
                self._trunk(f"{inside}.trunk", entry.trunk, [site], every=True)
            elif not any(trunk.kind == "carrier" for trunk in site.trunks):
                problem = f"{site.name} has no trunk group of kind carrier"
                self._wrong(f"{inside}.site", problem, "write trunk: NAME")
            if queue is not None and queue not in {one.name for one in site.queues}:
                problem = f"{site.name} has no queue {queue}, where callers of this number wait"
                self._wrong(f"{inside}.site", problem, "add the queue, or name another site")

    def _class(self, place: str, one: CallerClass) -> None:
        self._ingresses_known(f"{place}.ingresses", one.ingresses)
        for key in ("talk", "acw"):
            for service in getattr(one, key):
                self._known(f"{place}.{key}.{service}", "service", service, self._services)

    def _arrivals(self) -> None:
        spec = self._spec
        profiles = {profile.name for profile in spec.profiles}
        for i, arrival in enumerate(spec.arrivals):
            place = f"spec.arrivals[{i}]"
            self._known(f"{place}.ingress", "ingress", arrival.ingress, self._ingresses)
            if arrival.profile is not None and arrival.profile.name is not None:
                self._known(f"{place}.profile.name", "profile", arrival.profile.name, profiles)
        for i, day in enumerate(spec.special_days):
            self._ingresses_known(f"spec.special_days[{i}].ingresses", day.ingresses)
            for j, name in enumerate(day.sites):
                self._known(f"spec.special_days[{i}].sites[{j}]", "site", name, self._sites)

    def _named_twice(self) -> None:
        spec = self._spec
        for key in ("services", "sites", "ingresses", "caller_classes", "profiles"):
            self._twice(f"spec.{key}[{{}}].name", [one.name for one in getattr(spec, key)])
        numbers: dict[str, str] = {}
        for i, ingress in enumerate(spec.ingresses):
            number = ingress.dialed_number
            if number and numbers.setdefault(number, ingress.service) != ingress.service:
                problem = f"{number} leads to service {numbers[number]} already"
                place = f"spec.ingresses[{i}].dialed_number"
                self._wrong(place, problem, "give each service its own numbers")

    # ---- one name ------------------------------------------------------------------------------

    def _ingresses_known(self, place: str, names: tuple[str, ...]) -> None:
        for j, name in enumerate(names):
            self._known(f"{place}[{j}]", "ingress", name, self._ingresses)

    def _known(self, place: str, kind: str, name: str, known: Collection[str]) -> None:
        if name not in known:
            self.faults.append(unknown(self._source, place, kind, name, known))

    def _twice(self, place: str, names: Iterable[str]) -> None:
        seen: set[str] = set()
        for i, name in enumerate(names):
            if name in seen:
                self._wrong(place.format(i), f"{name} is given twice", "give each its own")
            seen.add(name)

    def _wrong(self, place: str, problem: str, remedy: str) -> None:
        fault = Fault(source=self._source, line=0, place=place, problem=problem, remedy=remedy)
        self.faults.append(fault)
