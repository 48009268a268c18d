"""What a killed site took with it: legs that ended with its process, told as if it had said so.

Rule of this file: a leg that stood when its site was started anew, and that the site does not take
up in the same turn (`call_resumed`), ended with the process: `call_ended` by CUT. An agent who had
passed on a caller who is taken up without them had their own part in it cut. A site that is
not sure of what it kept (`sure` false: its machine was down) has let go of every hold, whether it
remembers it or not. All checkers read the history with these lines in it; moves, and the holds of a
site that is sure, must be ended by the site itself.
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
    lines = _unsure_holds_ended(lines)
    resumed = {
        (line.site, line.at_s, line.text("call")): line.text("agent")
        for line in lines
        if line.kind == "call_resumed"
    }
    told: list[Line] = []
    legs: dict[tuple[str, str], Line] = {}
    agents: dict[tuple[str, str], str] = {}
    requests: dict[tuple[str, str], Line] = {}
    for line in lines:
        leg = (line.site, line.text("call"))
        if line.kind == "request_begun":
            requests[line.site, line.text("request")] = line
        elif line.kind == "request_ended":
            requests.pop((line.site, line.text("request")), None)
        elif line.kind == STARTED:
            told += _requests_ended(line, requests)
            mine = [leg for leg in legs if leg[0] == line.site]
            for gone in mine:
                again = resumed.get((line.site, line.at_s, gone[1]))
                if again is None:
                    told += _ended(line, legs.pop(gone), agents.pop(gone, ""))
                elif agents.get(gone, again) != again:
                    told.append(_freed(line, gone[1], agents.pop(gone)))
        elif line.kind == "call_offered" or _came(line):
            legs[leg] = line
        elif line.kind == "agent_call":
            agents[leg] = line.text("agent")
        elif line.kind == "call_ended":
            legs.pop(leg, None)
            agents.pop(leg, None)
        told.append(line)
    return told


def _requests_ended(at: Line, requests: dict[tuple[str, str], Line]) -> list[Line]:
    """End what the process had open with NIRC."""
    mine = [place for place in requests if place[0] == at.site]
    return [
        Line(
            at_s=at.at_s,
            site=at.site,
            kind="request_ended",
            fields=requests.pop(place).fields | {"how": CUT, "why": "the process was killed"},
        )
        for place in mine
    ]


def _unsure_holds_ended(lines: Sequence[Line]) -> list[Line]:
    """End the holds of a site that is not sure at its start; its own words on them go unheard."""
    told: list[Line] = []
    holds: dict[tuple[str, str], Line] = {}
    ended: dict[str, float] = {}
    for line in lines:
        where = (line.site, line.text("token"))
        if line.kind == STARTED and not line.fields.get("sure", True):
            for hold in [hold for hold in holds if hold[0] == line.site]:
                fields = {"token": hold[1], "agent": holds.pop(hold).text("agent"), "why": "lost"}
                told.append(Line(at_s=line.at_s, site=line.site, kind="hold_ended", fields=fields))
            ended[line.site] = line.at_s
        elif line.kind == "hold":
            holds[where] = line
        elif line.kind == "hold_ended":
            if where not in holds and ended.get(line.site) == line.at_s:
                continue
            holds.pop(where, None)
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
    return [_freed(at, call, agent), ended]


def _freed(at: Line, call: str, agent: str) -> Line:
    fields = {"agent": agent, "call": call}
    return Line(at_s=at.at_s, site=at.site, kind="agent_free", fields=fields)
