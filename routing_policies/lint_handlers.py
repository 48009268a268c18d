"""Lint of handlers: those that callers cannot get to, or not while they ring.

Rule of this file: what is looked at are the documents given; where none of them names a trunk
group, nothing is said about trunk groups.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from routing_policies.handler_kinds import BEFORE_ANSWER
from routing_policies.kinds import ANY_SITE, Document, HandlerDoc, PathDoc, SiteTableDoc
from routing_policies.lint_findings import Finding


def handler_findings(documents: Sequence[tuple[str, Document]]) -> Iterator[Finding]:
    """Everything to be said about handlers among (source, document)."""
    known = _trunk_groups(documents)
    for source, handler in documents:
        if not isinstance(handler, HandlerDoc):
            continue
        ways = handler.spec.ways
        if known and not any(
            way.trunk_group == group and way.site in (ANY_SITE, site)
            for way in ways
            for site, group in known
        ):
            problem = "no site has a trunk group that its ways name: nobody can be sent there"
            yield _finding(source, problem, "name a trunk group of a Path or of the SiteTable")
        elif not any(method in BEFORE_ANSWER for way in ways for method in way.methods):
            problem = "callers who still ring cannot be sent there: REFER is for answered ones"
            yield _finding(source, problem, "add bridge, or redirect_302 with follows_contacts")


def _finding(source: str, problem: str, remedy: str) -> Finding:
    return Finding(
        code="handler-out-of-reach",
        severity="warning",
        source=source,
        place="spec.ways",
        problem=problem,
        remedy=remedy,
    )


def _trunk_groups(documents: Sequence[tuple[str, Document]]) -> set[tuple[str, str]]:
    """(site, trunk group) that documents name."""
    found: set[tuple[str, str]] = set()
    for _, one in documents:
        if isinstance(one, PathDoc):
            found.add((one.spec.from_site, one.spec.trunk_group))
        elif isinstance(one, SiteTableDoc):
            found |= {(address.site, address.trunk_group) for address in one.spec.addresses}
    return found
