"""What keeps a Handler from being used: by itself, or beside the other documents.

Rule of this file: each fault has its place and what to do. Nothing is said about policies that name
handlers: `policy_references` does.
"""

from __future__ import annotations

from collections.abc import Iterator

from routing_policies.collected import Collected
from routing_policies.errors import Fault
from routing_policies.handler_kinds import HandlerDoc, host_is_name, transport_clashes
from routing_policies.kinds_base import ANY_SITE
from routing_policies.unknown_names import unknown

Problem = tuple[tuple[str | int, ...], str, str]
"(path in the document, problem, remedy)"


def handler_problems(document: HandlerDoc) -> list[Problem]:
    """Everything that is wrong with this one document."""
    return [*_address_problems(document), *_way_problems(document)]


def handler_faults(found: Collected) -> Iterator[Fault]:
    """Names in handlers that lead nowhere."""
    for handler in found.handlers.values():
        source, calendar = f"Handler/{handler.name}", handler.spec.calendar
        if calendar is not None and calendar not in found.calendars:
            yield unknown(source, "spec.calendar", "Calendar", calendar, found.calendars)
        for i, way in enumerate(handler.spec.ways):
            if way.site != ANY_SITE and way.site not in found.sites:
                yield unknown(source, f"spec.ways[{i}].site", "Site", way.site, found.sites)


def _address_problems(document: HandlerDoc) -> list[Problem]:
    spec = document.spec
    if (spec.uri is None) == (spec.number is None):
        has = "neither uri nor number" if spec.uri is None else "both uri and number"
        return [(("spec",), f"has {has}", "write one of them: where its calls go")]
    if spec.uri is not None and transport_clashes(spec.uri):
        problem = "sips: is TLS, and another transport stands behind it"
        return [(("spec", "uri"), problem, "write ;transport=tls, or nothing")]
    return []


def _way_problems(document: HandlerDoc) -> list[Problem]:
    spec, found = document.spec, list[Problem]()
    seen: dict[tuple[str, str], int] = {}
    named = spec.uri is not None and host_is_name(spec.uri)
    for i, way in enumerate(spec.ways):
        place: tuple[str | int, ...] = ("spec", "ways", i)
        first = seen.setdefault((way.site, way.trunk_group), i)
        if first != i:
            problem = f"is for the site and trunk group of spec.ways[{first}] too"
            found.append((place, problem, "make one of the two"))
        if "redirect_302" in way.methods and not way.follows_contacts:
            problem = "a 302 cannot be taken back, and nobody tries the second Contact here"
            remedy = (
                "remove redirect_302, or write follows_contacts: true if the carrier does"
                " (RFC 3261 8.1.3.4)"
            )
            found.append(((*place, "methods"), problem, remedy))
        if named and "bridge" in way.methods:
            problem = f"{spec.uri} has a host name, and sites look up no names for a bridge"
            found.append(((*place, "methods"), problem, "write the address as numbers in uri"))
    return found
