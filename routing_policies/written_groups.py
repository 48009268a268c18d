"""Checks the trunk groups and lent numbers that documents name, when they are written.

Rule of this file: it reads and reports. What stands is used as it stands: a set is refused for
these faults by whoever writes it, never when it is read, so that no upgrade takes documents away.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping

from routing_policies.errors import Fault, nearest
from routing_policies.kinds import ANY_SITE, NumberPoolDoc, PathDoc
from routing_policies.network_documents import NetworkDocuments

Addresses = Collection[tuple[str, str]]
"(site, trunk group) of each row of the SiteTable, known by address or by name."
Reported = Mapping[str, frozenset[str]]
"Trunk groups that a site tells of itself, by site; a site that is not heard is missing."
_E164 = re.compile(r"\+[1-9][0-9]{1,14}")


def group_faults(documents: NetworkDocuments, addresses: Addresses) -> list[Fault]:
    """What must not be written. Without a SiteTable nothing is known of addresses."""
    faults: list[Fault] = []
    for path in documents.paths:
        faults += _path(path, addresses)
    for pool in documents.pools.values():
        faults += _pool(pool, addresses)
    return faults


def group_doubts(
    documents: NetworkDocuments, keys: Collection[str], reported: Reported
) -> list[str]:
    """What may be a slip, or may come later, of the documents with these keys (`kind/name`)."""
    doubts: list[str] = []
    for path in documents.paths:
        if f"Path/{path.name}" in keys:
            doubts += _path_doubts(path, documents, reported)
    for pool in documents.pools.values():
        group = pool.spec.trunk_group
        if f"NumberPool/{pool.name}" in keys and group is not None:
            place = f"NumberPool/{pool.name}: spec.trunk_group"
            doubts += _unreported(place, pool.spec.site, group, reported)
    for key in sorted(keys):
        if key.startswith("SiteTable/"):
            for i, (site, group) in enumerate(documents.addresses):
                place = f"{key}: spec.addresses[{i}].trunk_group"
                doubts += _unreported(place, site, group, reported)
    return doubts


def groups_of(site: str, groups: Iterable[tuple[str, str]]) -> list[str]:
    """Trunk groups of one site, of pairs (site, trunk group)."""
    return sorted(group for one, group in groups if one == site)


def _path(path: PathDoc, addresses: Addresses) -> Iterator[Fault]:
    spec, source, place = path.spec, f"Path/{path.name}", "spec.arrives_on"
    if not addresses:
        return
    if spec.to_site != ANY_SITE:
        if (spec.to_site, spec.arrives_on) not in addresses:
            known = groups_of(spec.to_site, addresses)
            yield _no_address(source, place, spec.to_site, spec.arrives_on, known)
    elif not any(group == spec.arrives_on and site != spec.from_site for site, group in addresses):
        known = sorted({group for site, group in addresses if site != spec.from_site})
        yield _no_address(source, place, "any other site", spec.arrives_on, known)


def _pool(pool: NumberPoolDoc, addresses: Addresses) -> Iterator[Fault]:
    spec, source = pool.spec, f"NumberPool/{pool.name}"
    known = groups_of(spec.site, addresses)
    if spec.trunk_group is not None and known and spec.trunk_group not in known:
        yield _no_address(source, "spec.trunk_group", spec.site, spec.trunk_group, known)
    for i, number in enumerate(spec.numbers):
        if not _E164.fullmatch(number):
            problem = f"{number} is no E.164 number, and a pool has no country"
            remedy = "write it with + and the country's code, such as +351211000000"
            yield _fault(source, f"spec.numbers[{i}]", problem, remedy)
            return


def _path_doubts(path: PathDoc, documents: NetworkDocuments, reported: Reported) -> Iterator[str]:
    spec, source = path.spec, f"Path/{path.name}"
    yield from _unreported(
        f"{source}: spec.trunk_group", spec.from_site, spec.trunk_group, reported
    )
    targets = [spec.to_site]
    if spec.to_site == ANY_SITE:
        targets = [site for site in sorted(documents.sites) if site != spec.from_site]
    if not documents.addresses:
        yield (
            f"{source}: there is no SiteTable yet, and without an address for {spec.arrives_on}"
            " no call is moved"
        )
    for site in targets:
        yield from _unreported(f"{source}: spec.arrives_on", site, spec.arrives_on, reported)
    without = [site for site in targets if (site, spec.arrives_on) not in documents.addresses]
    if documents.addresses and without:
        sites = ", ".join(without)
        yield (
            f"{source}: spec.arrives_on: the SiteTable has no address of {sites} for trunk group"
            f" {spec.arrives_on}: no call goes there by it"
        )


def _unreported(place: str, site: str, group: str, reported: Reported) -> Iterator[str]:
    known = reported.get(site)
    if known is not None and group not in known:
        near = nearest(group, known)
        told = f"did you mean {near}?" if near else f"it has {', '.join(sorted(known)) or 'none'}"
        yield f"{place}: {site} reports no trunk group {group} now ({told})"


def _no_address(source: str, place: str, site: str, group: str, known: Collection[str]) -> Fault:
    near = nearest(group, known)
    remedy = f"did you mean {near}?" if near else "add that row to the SiteTable first, or with it"
    problem = f"the SiteTable has no address of {site} for trunk group {group}"
    return _fault(source, place, problem, remedy)


def _fault(source: str, place: str, problem: str, remedy: str) -> Fault:
    return Fault(source=source, line=0, place=place, problem=problem, remedy=remedy)
