"""S10: after quiet nothing is left: no open hold, no open move, no agent on a call, no call, no
question to NIRC.

Rule of this file: it is run on the history of a network that was given time to become quiet.
"""

from __future__ import annotations

from collections.abc import Iterable

from simulator.history import Line, Violation

NAME = "S10"
LOOKS_AT = ("hold", "move_started", "agent_call", "call_offered", "call_arriving")
OPENS = {
    "hold": ("hold", "token"),
    "move_started": ("move", "token"),
    "agent_call": ("agent", "agent"),
    "call_offered": ("call", "call"),
    "request_begun": ("request", "request"),
}
CLOSES = {
    "hold_ended": ("hold", "token"),
    "move_ended": ("move", "token"),
    "agent_free": ("agent", "agent"),
    "call_ended": ("call", "call"),
    "request_ended": ("request", "request"),
}


def check(lines: Iterable[Line]) -> list[Violation]:
    """What is left at the end of the history."""
    left: dict[tuple[str, str, str], Line] = {}
    for line in lines:
        if line.kind in OPENS:
            kind, name = OPENS[line.kind]
            left[(line.site, kind, line.text(name))] = line
        elif line.kind == "call_arriving" and line.text("verdict") != "refused":
            left[(line.site, "call", line.text("call"))] = line
        elif line.kind in CLOSES:
            kind, name = CLOSES[line.kind]
            left.pop((line.site, kind, line.text(name)), None)
    return [
        Violation(invariant=NAME, at_s=line.at_s, site=site, text=f"{kind} {name} is left over")
        for (site, kind, name), line in left.items()
    ]
