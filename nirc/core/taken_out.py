"""Judges whether an operator may take an entry out of the network queue, and tells its origin.

Rule of this file: the origin owns the caller, so it is the origin that ends the entry; nothing is
changed here but that the entry is offered to nobody until its site says more. Who is already on
the way to an agent is left alone.
"""

from __future__ import annotations

from collections.abc import Callable

from nirc.core.actions import Action, EntryTold, SendToSite
from nirc.core.events import TakeEntryOut
from nirc.core.match import Match
from nirc.core.network_queue import Entry
from nirc.core.parts import Parts
from nrcli.wire.messages import RouteAnswer, RouteOutcome

REASON = "taken out by an operator"
Problem = tuple[str, str, str]
"(unknown | elsewhere | away | busy, what is wrong, remedy)"


def taking_out(parts: Parts, match: Match) -> Callable[[TakeEntryOut, float, list[Action]], None]:
    """What the router does about `TakeEntryOut`."""

    def take_out(event: TakeEntryOut, now_s: float, out: list[Action]) -> None:
        entry = parts.queue.get(event.entry_id)
        problem = _problem(parts, match, entry, event.entry_id, now_s)
        if problem is None and entry is not None:
            out.append(SendToSite(site=entry.site, message=_word(parts, entry, event)))
            match.cancelled(entry.site, entry.id, REASON, now_s, out)
            parts.statistics.count("network_queue.taken_out")
        out.append(
            EntryTold(
                id=event.id,
                problem=problem,
                site=entry.site if entry else "",
                interaction_id=entry.report.interaction_id if entry else "",
                kind="callback" if entry and entry.group.callback else "call",
            )
        )

    return take_out


def _problem(
    parts: Parts, match: Match, entry: Entry | None, entry_id: str, now_s: float
) -> Problem | None:
    if entry is None:
        return "unknown", f"no entry {entry_id[:80]}", "`nrcli queue` lists those that wait"
    domain = entry.group.domain
    if not parts.leadership.leads(domain, now_s):
        leader = parts.knowledge.leader(domain, now_s).node
        remedy = f"ask {leader}, which leads" if leader else "nobody leads now: try again later"
        return "elsewhere", f"this node does not lead {domain}", remedy
    if away := parts.choice.unusable(domain, entry.site):
        remedy = "the callers of this site are served at home meanwhile; try again when it is back"
        return "away", f"{entry.site} cannot be told: {away}", remedy
    moving = match.notes.state(entry.id) == "moving"
    if entry.report.callback_state == "dialing" or (moving and entry.group.callback):
        return "busy", "the caller is being called back", "look again when the call is over"
    if moving:
        return "busy", "the caller is on the way to an agent", "look again in a few seconds"
    return None


def _word(parts: Parts, entry: Entry, event: TakeEntryOut) -> RouteAnswer:
    """An answer to no question: stay, and be no entry any more."""
    why = f": {event.reason}" if event.reason else ""
    return RouteAnswer(
        domain=entry.group.domain,
        epoch=parts.leadership.epoch(entry.group.domain),
        request_id=entry.id,
        outcome=RouteOutcome.STAY,
        reason=f"{event.author}{why}",
        announcement=event.announcement,
        entry_id=entry.id,
        taken_out=True,
    )
