"""What keeps a Handler from being used by itself.

Rule of this file: faults of one document, each with its place and what to do.
"""

from __future__ import annotations

from routing_policies.handler_kinds import HandlerDoc, host_is_name, transport_clashes

Problem = tuple[tuple[str | int, ...], str, str]
"(path in the document, problem, remedy)"


def handler_problems(document: HandlerDoc) -> list[Problem]:
    """Everything that is wrong with this one document."""
    return [*_address_problems(document), *_way_problems(document)]


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
