"""The columns of Parquet files of calls and outcomes: names, units, meaning, and which are words.

Rule of this file: data only. A number that stands for a name is written as the name, so that a
person reads the file in pandas or DuckDB without the scenario beside it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from simulator.model.network import NetworkModel
from simulator.model.outcomes import Callback, Method, MoveEnd, Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """What a column says."""

    unit: str
    "`us` (microseconds since the start, or lasting), `count`, `share`, `number` or `name`."
    meaning: str
    names: str = ""
    "Which names the numbers stand for, a key of `names_of`."


def _us(meaning: str) -> Column:
    return Column(unit="us", meaning=meaning)


def _count(meaning: str) -> Column:
    return Column(unit="count", meaning=meaning)


def _name(meaning: str, names: str) -> Column:
    return Column(unit="name", meaning=meaning, names=names)


NUMBER = Column(unit="number", meaning="id of the call within the run, growing with arrival")
CALLS: Mapping[str, Column] = {
    "number": NUMBER,
    "arrival_us": _us("since the start of the run"),
    "ingress": _name("dialed number", "ingress"),
    "caller": Column(unit="number", meaning="who calls; -1: not known"),
    "caller_class": _name("class of caller", "caller_class"),
    "priority": Column(unit="number", meaning="the caller's own, 0 to 10"),
    "ahead_us": _us("head start in queues"),
    "patience_us": _us("waiting after which the caller gives up; 2**62: never"),
    "balks": Column(unit="number", meaning="1: hangs up at once if no agent is ready"),
    "talk_us": _us("talk, at home"),
    "acw_us": _us("after-call work, at home"),
    "redials_max": _count("how many times the caller tries again"),
    "redial_after_us": _us("from giving up to the next try"),
    "ring_luck": Column(unit="share", meaning="decides which rings stay without an answer"),
    "luck": Column(unit="share", meaning="decides whether a caller of a lost site is lost"),
    "callback_luck": Column(unit="share", meaning="decides what a caller does who is called back"),
}
OUTCOMES: Mapping[str, Column] = {
    "number": NUMBER,
    "attempt": _count("0, then 1 for the first redial"),
    "outcome": _name("how the try ended", "outcome"),
    "ingress": _name("dialed number", "ingress"),
    "entry_row": _name("site/queue where it entered; none: came into no queue", "row"),
    "row": _name("site/queue where it ended", "row"),
    "agent": _name("site/agent who answered", "agent"),
    "arrival_us": _us("of this try, since the start of the run"),
    "queued_us": _us("when it came into the queue of `row`"),
    "wait_us": _us("from arrival to the agent's answer, or to the end without one"),
    "talk_us": _us("talk, as it was"),
    "acw_us": _us("after-call work, as it was"),
    "ended_us": _us("when the caller's call ended"),
    "expected_us": _us("expected wait at home on entering; -1: none was predicted"),
    "moves": _count("moves that arrived"),
    "method": _name("method of the last move that arrived", "method"),
    "asked": _count("route requests"),
    "refused": _count("reservations that targets refused"),
    "rings": _count("rings that stayed without an answer"),
    "held_us": _us("agents' time held for this call by reservations"),
    "callback": _name("being called back: none, offered, wanted, promised", "callback"),
    "calls_back": _count("how often the caller's telephone rang"),
}
MOVES: Mapping[str, Column] = {
    "number": NUMBER,
    "attempt": _count("0, then 1 for the first redial"),
    "from_row": _name("site/queue that it left", "row"),
    "to_row": _name("site/queue that it went to", "row"),
    "agent": _name("site/agent reserved; none: a place", "agent"),
    "method": _name("transfer method", "method"),
    "ended": _name("how the move ended", "ended"),
    "asked_us": _us("when the request was made"),
    "began_us": _us("when the move began"),
    "ended_us": _us("when it ended"),
}
FIXED = {"outcome": Outcome, "method": Method, "ended": MoveEnd, "callback": Callback}


def names_of(model: NetworkModel) -> dict[str, tuple[str, ...]]:
    """Names by what they name; the place of a name is its number. Number 0 of a fixed list of words
    that begins with 1 is empty."""
    sites = model.sites
    names: dict[str, tuple[str, ...]] = {
        "ingress": tuple(ingress.name for ingress in model.ingresses),
        "row": tuple(f"{sites[s].name}/{sites[s].queues[q].name}" for s, q in model.rows),
        "agent": tuple(f"{sites[s].name}/{sites[s].agents[a].name}" for s, a in model.agents),
    }
    for key, words in FIXED.items():
        spelt = {int(word): word.name.lower() for word in words}
        names[key] = tuple(spelt.get(i, "") for i in range(max(spelt) + 1))
    return names
