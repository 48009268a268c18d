"""Checks whether paths and number pools fit together, and with the site table.

Rule of this file: it reads and reports. A path that moves by number needs a pool at its target, and
a pool's numbers stand in the site table, or no origin would dial them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from routing_policies.collected import Collected
from routing_policies.errors import Fault
from routing_policies.kinds import ANY_SITE, NumberPoolDoc, PathDoc, SiteTableDoc
from routing_policies.path_problems import by_number, number_listed, serves

DIALED = ("bridge",)
"Methods by which the origin calls the target itself."


def path_faults(found: Collected) -> list[Fault]:
    """Everything that keeps paths by number from being used."""
    faults: list[Fault] = []
    for path in found.paths.values():
        faults += _path(path, found)
        faults += _named_only(path, found.tables.values())
    paths = [path for path in found.paths.values() if by_number(path)]
    for pool in found.pools.values():
        if any(_leads_to(path, pool) for path in paths):
            faults += _pool(pool, found.tables.values())
    return list(dict.fromkeys(faults))


def _leads_to(path: PathDoc, pool: NumberPoolDoc) -> bool:
    to_site = pool.spec.site if path.spec.to_site == ANY_SITE else path.spec.to_site
    return serves(pool, to_site, path.spec.arrives_on)


def _path(path: PathDoc, found: Collected) -> Iterator[Fault]:
    spec, source = path.spec, f"Path/{path.name}"
    if not by_number(path):
        return
    pools = [pool for pool in found.pools.values() if _leads_to(path, pool)]
    if not pools:
        where = f"at trunk group {spec.arrives_on} of " + (
            "any site" if spec.to_site == ANY_SITE else spec.to_site
        )
        problem = f"moves by number, and there is no NumberPool {where}"
        yield _fault(source, "spec.address", problem, "add one, or write address: token_user")
    longest = max((len(n) for pool in pools for n in pool.spec.numbers), default=0)
    if spec.user_part_max is not None and longest > spec.user_part_max:
        problem = f"a pool's number has {longest} characters and would be cut"
        yield _fault(source, "spec.user_part_max", problem, "use shorter numbers or another path")


def _named_only(path: PathDoc, tables: Iterable[SiteTableDoc]) -> Iterator[Fault]:
    """A site dials by itself only what is an IP address."""
    spec = path.spec
    dialed = [one for one in spec.methods if one in DIALED]
    if not dialed or by_number(path):
        return
    for table in tables:
        for i, row in enumerate(table.spec.addresses):
            meant = spec.to_site in (ANY_SITE, row.site) and row.site != spec.from_site
            if meant and row.trunk_group == spec.arrives_on and row.host is None:
                problem = f"has a name alone, and path {path.name} moves there by {dialed[0]}"
                remedy = "sites look up no names: add host and port, or take the method away"
                place = f"spec.addresses[{i}]"
                yield _fault(f"SiteTable/{table.name}", place, problem, remedy)


def _pool(pool: NumberPoolDoc, tables: Iterable[SiteTableDoc]) -> Iterator[Fault]:
    spec, source = pool.spec, f"NumberPool/{pool.name}"
    prefixes = [
        prefix
        for table in tables
        for address in table.spec.addresses
        if address.site == spec.site and spec.trunk_group in (None, address.trunk_group)
        for prefix in address.numbers
    ]
    for i, number in enumerate(spec.numbers):
        if not number.startswith("+") or not number[1:].isdecimal():
            problem = f"{number} is no E.164 number, and a path lends it"
            yield _fault(source, f"spec.numbers[{i}]", problem, "write it as +351211000000")
            return
        if not number_listed(number, prefixes):
            where = f"{spec.site}/{spec.trunk_group or 'any trunk group'}"
            problem = f"{number} stands not among the numbers of {where} in the SiteTable"
            yield _fault(source, f"spec.numbers[{i}]", problem, "add it there, and sign it anew")
            return


def _fault(source: str, place: str, problem: str, remedy: str) -> Fault:
    return Fault(source=source, line=0, place=place, problem=problem, remedy=remedy)
