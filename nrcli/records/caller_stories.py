"""Joins the legs of callers into calls, as the simulator reads them (docs/calls_table.md).

Rule of this file: one call for each caller's first stay in a queue of the network; where they were
moved to is part of it. What a record does not say is left empty.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, tzinfo

from nrcli.wire.history_messages import CallLegRecord, LegOutcome
from nrcli.wire.record_tables import Cell

TITLES = (
    *("date", "arrival_s", "ingress", "site", "service", "agent", "priority"),
    *("wait_s", "outcome", "talk_s", "acw_s", "caller"),
)
ENDED = {
    LegOutcome.ANSWERED.value: "served",
    LegOutcome.ABANDONED.value: "abandoned",
    LegOutcome.REFUSED.value: "busy",
}


def stories(legs: Iterable[CallLegRecord], zone: tzinfo) -> Iterator[list[Cell | None]]:
    """Lines of the `nirc` format, in order of arrival; callers are told apart, not named."""
    by_interaction: dict[str, list[CallLegRecord]] = {}
    worked: dict[str, list[CallLegRecord]] = {}
    for leg in legs:
        if leg.leg == "caller":
            by_interaction.setdefault(leg.interaction_id, []).append(leg)
        elif leg.leg == "agent" and not leg.end_reason:
            worked.setdefault(leg.parent_leg_id, []).append(leg)
    firsts = [_chain(sorted(stays, key=_began)) for stays in by_interaction.values()]
    callers: dict[str, str] = {}
    for chain in sorted(firsts, key=lambda chain: _began(chain[0])):
        ani = chain[0].ani
        caller = callers.setdefault(ani, f"c{len(callers) + 1}") if ani else None
        yield [*_line(chain, worked, zone), caller]


def _chain(stays: Sequence[CallLegRecord]) -> list[CallLegRecord]:
    """The first stay, and those that the caller was moved to before somebody answered."""
    chain = [stays[0]]
    for stay in stays[1:]:
        if chain[-1].outcome != LegOutcome.MOVED_OUT.value:
            break
        chain.append(stay)
    return chain


def _line(
    chain: Sequence[CallLegRecord], worked: dict[str, list[CallLegRecord]], zone: tzinfo
) -> list[Cell | None]:
    first, last = chain[0], chain[-1]
    began = datetime.fromtimestamp(_began(first), zone)
    served = last.outcome == LegOutcome.ANSWERED.value
    parts = worked.get(last.leg_id, [])
    seconds = began.hour * 3600 + began.minute * 60 + began.second + began.microsecond / 1e6
    return [
        began.date().isoformat(),
        round(seconds, 3),
        first.dialed_number or None,
        first.site,
        first.service or first.queue,
        last.agent if served else None,
        None,
        round(last.waited_s, 3),
        ENDED.get(last.outcome, "other"),
        round(last.talked_s, 3) if served else None,
        round(sum(part.acw_s for part in parts), 3) if served and parts else None,
    ]


def _began(leg: CallLegRecord) -> float:
    return leg.offered_unix_s or leg.started_unix_s
