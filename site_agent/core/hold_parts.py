"""Joins what is held for calls of other sites, and what knows their numbers, to the rest.

Rule of this file: it builds and connects, nothing else.
"""

from __future__ import annotations

from nrcli.wire.messages import AgentState
from site_agent.core.lent_numbers import LentNumbers
from site_agent.core.number_arrivals import NumberArrivals
from site_agent.core.probes import Probes
from site_agent.core.round_trips import RoundTrips
from site_agent.core.site_base import SiteBase
from site_agent.core.target_holds import TargetHolds


def target_holds(base: SiteBase) -> TargetHolds:
    """What is held for calls of other sites."""
    return TargetHolds(
        site=base.site,
        settings=base.settings,
        model=base.model,
        leaders=base.leaders,
        out=base.out,
        mark=base.mark,
        keep=base.journal.mark,
        new_id=base.new_id,
        new_token=base.new_token,
        tombstones=base.tombstones,
        numbers=LentNumbers(base.numbers),
    )


def probes_of(base: SiteBase) -> Probes:
    """What places and answers test calls."""
    return Probes(
        site=base.site,
        able=base.settings.test_calls,
        trips=RoundTrips(
            settings=base.settings,
            leaders=base.leaders,
            addresses=base.addresses,
            out=base.out,
            new_token=base.new_token,
            watch=base.documents.watch_also,
        ),
        leaders=base.leaders,
        numbers=base.numbers,
        addresses=base.addresses,
        out=base.out,
        new_id=base.new_id,
        new_token=base.new_token,
    )


def number_arrivals(base: SiteBase, holds: TargetHolds) -> NumberArrivals:
    """What takes calls to numbers of this site's pools."""
    return NumberArrivals(
        pools=base.numbers,
        book=holds.book,
        documents=base.documents,
        new_id=base.new_id,
        ready_count=lambda queue: base.model.count(queue, AgentState.READY),
        out=base.out,
    )
