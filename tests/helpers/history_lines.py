"""Small histories for tests of the checkers."""

from __future__ import annotations

from itertools import count
from typing import Any

from simulator.history import Line

_TIMES = count(1)


def line(kind: str, site: str = "lisbon", **fields: Any) -> Line:
    """A line; each is a second after the one made before."""
    return Line(at_s=float(next(_TIMES)), site=site, kind=kind, fields=fields)


def good_move() -> list[Line]:
    """One caller moved from lisbon to porto by REFER, with data, served and gone."""
    leg = {"interaction": "i", "call": "c1"}
    far = {"interaction": "i", "call": "c2"}
    epoch = {"domain": "default", "generation": 1, "revision": 5}
    held = {"places_max": 2, "waiting_count": 0, "channels": "n=1", "channels_free": "n=3"}
    asked = {"request": "r", **leg}
    return [
        line("tier", tier=0),
        line("epoch", "porto", node="n1", **epoch),
        line("call_offered", queue="q", trunk_group="t", **leg),
        line("request_begun", deadline_s=5.0, ready_count=0, about="", entry="", **asked),
        line("command", "porto", request="r", **epoch),
        line("hold", "porto", token="T", agent="anna", queue="q", expires_s=10.0, **held),
        line("move_started", token="T", target="porto", method="refer", limit_s=55.0, **leg),
        line("request_ended", how="routed", why="move", **asked),
        line("data", token="T", reason="sent", digest="abc", call="c1"),
        line("hold_ended", "porto", token="T", agent="anna", why="used"),
        line("call_arriving", "porto", token="T", verdict="accepted", **far),
        line("data", "porto", token="T", reason="", digest="abc", call="c2"),
        line("agent_call", "porto", agent="anna", **far),
        line("call_connected", "porto", agent="anna", **far),
        line("call_arrived", "porto", token="T", **far),
        line("move_ended", token="T", outcome="arrived", method="refer", **leg),
        line("call_ended", released_by="moved", sip_status=0, agent="", **leg),
        line("agent_free", "porto", agent="anna", call="c2"),
        line("call_ended", "porto", released_by="caller", sip_status=0, agent="anna", **far),
    ]
