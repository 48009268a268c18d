"""Decides what a run's report says and whether all was well.

Rule of this file: pure. The phones' story and the checkers' findings are two witnesses of the
same calls, so the worse of the two counts; they are never added up.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from nirc.demo.layout import Layout, SiteLayout

COUNTED = (
    "calls",
    "served_home",
    "moved_302",
    "moved_refer",
    "moved_bridge",
    "data_checked",
    "data_intact",
    "abandoned",
    "failed",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckerFindings:
    """What the checkers of the invariants found in the sites' histories."""

    violations: tuple[str, ...] = ()
    lost_count: int = 0
    double_booked_count: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The report, and why it is not well; empty when it is."""

    report: dict[str, Any]
    complaints: tuple[str, ...]

    @property
    def exit_code(self) -> int:
        """0 when all is well, 1 otherwise."""
        return 1 if self.complaints else 0


def site_entry(layout: Layout, site: SiteLayout) -> dict[str, Any]:
    """How a report names a site: where to ring it, and its queues with the number each serves."""
    return {
        "name": site.name,
        "kind": site.kind.value,
        "sip_address": site.trunks[0].address,
        "trunk_groups": {trunk.shape.name: trunk.address for trunk in site.trunks},
        "queues": [
            {"name": service, "number": number} for service, number in layout.shape.services.items()
        ],
    }


def verdict(
    layout: Layout,
    *,
    phones: Mapping[str, Any],
    findings: CheckerFindings,
    channels_held: int,
    stories: Sequence[Mapping[str, Any]] = (),
) -> Verdict:
    """Join the witnesses. `phones` is what the phones' `/status` answers, `stories` the calls."""
    report: dict[str, Any] = {name: int(phones.get(name, 0)) for name in COUNTED}
    report["lost"] = max(int(phones.get("lost", 0)), findings.lost_count)
    report["double_booked"] = max(int(phones.get("double_booked", 0)), findings.double_booked_count)
    report["channels_held"] = channels_held
    report["moved_between"] = moved_between(stories)
    report["sites"] = [site_entry(layout, site) for site in layout.sites]
    unfinished = int(phones.get("open", 0))
    damaged = report["data_checked"] - report["data_intact"]
    complaints = [
        *([f"{report['lost']} calls lost"] if report["lost"] else []),
        *([f"{report['double_booked']} double bookings"] if report["double_booked"] else []),
        *([f"{damaged} calls with damaged or missing data"] if damaged else []),
        *([f"{channels_held} channels still held after quiet"] if channels_held else []),
        *([f"{unfinished} calls did not end"] if unfinished else []),
        *findings.violations,
    ]
    return Verdict(report=report, complaints=tuple(complaints))


def moved_between(stories: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    """Calls served by an agent of another site, by `origin to target`."""
    found = Counter(
        f"{one['site']} to {one['agent_site']}"
        for one in stories
        if one["outcome"] == "served" and one["moved"] != "no"
    )
    return dict(sorted(found.items()))
