"""Reads from a site's reports how talks went since the report before.

Rule of this file: counts of a site only grow; one that went back began anew with the site agent.
Which came first within a report is not known: good ones are told first, so that none is judged
too early.
"""

from __future__ import annotations

from dataclasses import dataclass

from nirc.core.hole_places import AGENT, QUEUE, Key
from nirc.core.outcome_window import LASTED, SHORT, UNANSWERED
from nirc.core.site_state import Change
from nrcli.wire.messages import AgentReport, QueueReport


@dataclass(slots=True)
class Talks:
    """What is new of one queue or agent."""

    key: Key
    group: str
    "The queue's name."
    lasted: int
    short: int
    unanswered: int
    usual_good: int = 0
    "Of a queue: all talks, its own callers' too."
    usual_bad: int = 0

    def outcomes(self, most: int) -> list[str]:
        """Of calls moved there, at most so many of each kind."""
        counts = ((LASTED, self.lasted), (SHORT, self.short), (UNANSWERED, self.unanswered))
        return [what for what, count in counts for _ in range(min(count, most))]


def talks_of(site: str, change: Change) -> Talks | None:
    """What a change says of talks; None if nothing, or if there is nothing to compare it with."""
    old, new = change.old, change.new
    if isinstance(new, AgentReport) and isinstance(old, AgentReport):
        group = new.queues[0].queue if new.queues else ""
        return Talks((AGENT, site, new.agent), group, *_network(old, new))
    if isinstance(new, QueueReport) and isinstance(old, QueueReport):
        lasted, short, unanswered = _network(old, new)
        return Talks(
            (QUEUE, site, new.queue),
            new.queue,
            lasted,
            short,
            unanswered,
            lasted + _grown(old.lasted_count, new.lasted_count),
            short + unanswered + _grown(old.short_count, new.short_count),
        )
    return None


def _network(
    old: AgentReport | QueueReport, new: AgentReport | QueueReport
) -> tuple[int, int, int]:
    return (
        _grown(old.network_lasted_count, new.network_lasted_count),
        _grown(old.network_short_count, new.network_short_count),
        _grown(old.network_unanswered_count, new.network_unanswered_count),
    )


def _grown(old: int, new: int) -> int:
    """By how much a count grew.

    >>> _grown(3, 5), _grown(5, 2)
    (2, 2)
    """
    return new - old if new >= old else new
