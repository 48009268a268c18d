"""Checks the names inside routing policies: sites, queues, services, calendars, lists.

Rule of this file: it reads and reports. What a site says itself (agents, queues of a site whose
document lists none) cannot be known from documents and passes.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from routing_policies.collected import Collected, WrittenPolicy
from routing_policies.errors import Fault
from routing_policies.kinds import NamedTarget, Rule, Select
from routing_policies.unknown_names import unknown
from routing_policies.vocabulary import Names

Named = tuple[str, str, str, Collection[str]]
"(place, kind, name, known names)."


def policy_faults(found: Collected) -> list[Fault]:
    """Names in policies that lead nowhere, in all their versions."""
    known = _Known(found)
    faults: dict[tuple[str, str, str], Fault] = {}
    for policy in found.versions:
        for place, kind, name, names in known.named_in(policy):
            if name not in names:
                fault = unknown(policy.source, place, kind, name, names)
                faults.setdefault((policy.source, place, name), fault)
    return list(faults.values())


class _Known:
    """What the other documents have, as names."""

    def __init__(self, found: Collected) -> None:
        self._found = found
        self._calendars = found.calendars
        self._lists = found.list_names()
        self._queues = found.queue_names()
        self._all_queues_listed = all(site.spec.queues for site in found.sites.values())
        self._trunk_groups = found.trunk_groups()

    def named_in(self, policy: WrittenPolicy) -> Iterator[Named]:
        """Every name of other documents that this policy needs."""
        for i, rule in enumerate(policy.document.spec.rules):
            yield from self._in_rule(rule, f"spec.rules[{i}]")
        compiled = policy.compiled
        for place, whose, name in getattr(compiled, "names", ()):
            yield from self._compared(place, whose, name)
        for place, name in getattr(compiled, "lists", ()):
            yield place, "number list", name, self._lists
        for place, name in getattr(compiled, "calendars", ()):
            yield place, "Calendar", name, self._calendars

    def _in_rule(self, rule: Rule, place: str) -> Iterator[Named]:
        if rule.select is not None:
            yield from self._in_select(rule.select, f"{place}.select")
        if rule.to is not None:
            yield from self._in_target(rule.to, f"{place}.to")
        if rule.handler is not None:
            yield f"{place}.handler", "Handler", rule.handler, self._found.handlers

    def _in_select(self, select: Select, place: str) -> Iterator[Named]:
        parts = [(place, select)]
        if select.regimes is not None:
            regimes = select.regimes
            for name in type(regimes).model_fields:
                if (part := getattr(regimes, name)) is not None:
                    parts.append((f"{place}.regimes.{name}", part))
        sites = self._found.sites
        for inside, part in parts:
            for j, site in enumerate(part.sites or ()):
                yield f"{inside}.sites[{j}]", "Site", site, sites
            for site in part.shares or ():
                yield f"{inside}.shares.{site}", "Site", site, sites
            if part.site is not None:
                yield f"{inside}.site", "Site", part.site, sites

    def _in_target(self, target: NamedTarget, place: str) -> Iterator[Named]:
        yield f"{place}.site", "Site", target.site, self._found.sites
        site = self._found.sites.get(target.site)
        if site is not None and site.spec.queues:
            names = {queue.name for queue in site.spec.queues}
            yield f"{place}.queue", f"queue at {target.site}:", target.queue, names

    def _compared(self, place: str, whose: Names, name: str) -> Iterator[Named]:
        """A name that an expression compares with."""
        if whose is Names.SITE:
            yield place, "Site", name, self._found.sites
        elif whose is Names.SERVICE:
            yield place, "NetworkService", name, self._found.services
        elif whose is Names.QUEUE and self._all_queues_listed:
            yield place, "queue", name, self._queues
        elif whose is Names.TRUNK_GROUP and self._trunk_groups:
            yield place, "trunk group", name, self._trunk_groups
        elif whose is Names.AGENT and "/" in name:
            yield place, "Site", name.partition("/")[0], self._found.sites
