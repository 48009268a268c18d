"""What a killed site took with it: legs that ended with its process, told as if it had said so.

Rule of this file: a leg that stood when its site was started anew, and that the site does not take
up in the same turn (`call_resumed`), ended with the process: `call_ended` by CUT. All checkers read
the history with these lines in it; holds and moves must be ended by the site itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from simulator.history import Line

CUT = "cut_with_site"
STARTED = "site_started"


def with_cuts(lines: Sequence[Line]) -> list[Line]:
    """The history, with the end of every leg that a kill ended before the start that followed."""
    if not any(line.kind == STARTED for line in lines):
        return list(lines)
    resumed = {
        (line.site, line.at_s, line.text("call")) for line in lines if line.kind == "call_resumed"
    }
    told: list[Line] = []
    legs: dict[tuple[str, str], Line] = {}
    agents: dict[tuple[str, str], str] = {}
    for line in lines:
        leg = (line.site, line.text("call"))
        if line.kind == STARTED:
            mine = [leg for leg in legs if leg[0] == line.site]
            for gone in mine:
                if (line.site, line.at_s, gone[1]) not in resumed:
                    told += _ended(line, legs.pop(gone), agents.pop(gone, ""))
        elif line.kind == "call_offered" or _came(line):
            legs[leg] = line
        elif line.kind == "agent_call":
            agents[leg] = line.text("agent")
        elif line.kind == "call_ended":
            legs.pop(leg, None)
            agents.pop(leg, None)
        told.append(line)
    return told


def cut_count(lines: Iterable[Line]) -> int:
    """Callers whose last leg ended with a killed process, and who have no leg since."""
    last: dict[str, str] = {}
    live: dict[str, set[tuple[str, str]]] = {}
    for line in lines:
        interaction, leg = line.text("interaction"), (line.site, line.text("call"))
        if not interaction:
            continue
        legs = live.setdefault(interaction, set())
        if line.kind == "call_offered" or _came(line):
            legs.add(leg)
        elif line.kind == "call_ended":
            legs.discard(leg)
            last[interaction] = line.text("released_by")
    return sum(1 for name, by in last.items() if by == CUT and not live[name])


def _came(line: Line) -> bool:
    return line.kind == "call_arriving" and line.text("verdict") != "refused"


def _ended(at: Line, begun: Line, agent: str) -> list[Line]:
    call, interaction = begun.text("call"), begun.text("interaction")
    fields = {"call": call, "interaction": interaction, "released_by": CUT, "agent": agent}
    ended = Line(at_s=at.at_s, site=at.site, kind="call_ended", fields=fields)
    if not agent:
        return [ended]
    free = {"agent": agent, "call": call}
    return [Line(at_s=at.at_s, site=at.site, kind="agent_free", fields=free), ended]
