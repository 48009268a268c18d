"""S14: nobody whose outcomes are bad gets more calls of other sites than one who serves them.

Rule of this file: a queue that ends talks at once is free at once, and every selection likes it
best. What it should take at most is what its agents could have served in the time that a talk
takes elsewhere; it may take 1.5 times that. Whose talks are short everywhere is no hole.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from simulator.history import Line, Violation

NAME = "S14"
LOOKS_AT = ("call_connected",)
AT_ONCE_S = 10.0
"A talk shorter than this ended at once."
WINDOW_S = 120.0
STEP_S = 60.0
"Windows overlap: one begins every so often."
TIMES_MAX = 1.5
TAKEN_MIN = 20
"Fewer moved calls in a window say nothing."
ELSEWHERE_MIN = 20
"Nor do fewer talks at other sites."
BAD_SHARE = 0.5
USUAL_SHARE_MAX = 0.25
"Where more of the others' talks end at once, that is how this work is."
Place = tuple[str, str]
"(site, queue)"


@dataclass(slots=True)
class _Talk:
    place: Place
    began_at_s: float
    moved: bool
    lasted_s: float | None = None


@dataclass(slots=True)
class _Network:
    """What a history tells of talks."""

    talks: list[_Talk] = field(default_factory=list)
    agents: defaultdict[Place, set[str]] = field(default_factory=lambda: defaultdict(set))


def check(lines: Iterable[Line]) -> list[Violation]:
    """Violations of S14, in order."""
    network = _read(lines)
    moved: defaultdict[Place, list[_Talk]] = defaultdict(list)
    for talk in network.talks:
        if talk.moved:
            moved[talk.place].append(talk)
    found = []
    for place, talks in moved.items():
        elsewhere = [talk for talk in network.talks if talk.place[0] != place[0]]
        wrong = _judged(place, talks, elsewhere, len(network.agents[place]))
        if wrong is not None:
            found.append(wrong)
    return sorted(found, key=lambda wrong: wrong.at_s)


def _judged(
    place: Place, talks: Sequence[_Talk], elsewhere: Sequence[_Talk], agents_count: int
) -> Violation | None:
    """The first window in which the place took too much."""
    usual = _short_share(elsewhere)
    lasting = [
        talk.lasted_s
        for talk in elsewhere
        if talk.lasted_s is not None and talk.lasted_s >= AT_ONCE_S
    ]
    if len(lasting) < ELSEWHERE_MIN or usual > USUAL_SHARE_MAX:
        return None
    serving_s = sum(lasting) / len(lasting)
    should = agents_count * (WINDOW_S / serving_s + 1)
    starts_s = [talk.began_at_s for talk in talks]
    from_s = starts_s[0] // STEP_S * STEP_S
    while from_s <= starts_s[-1]:
        until = bisect_left(starts_s, from_s + WINDOW_S)
        taken = talks[bisect_left(starts_s, from_s) : until]
        bad = _short_share(taken)
        if len(taken) >= TAKEN_MIN and bad >= BAD_SHARE and len(taken) > TIMES_MAX * should:
            text = (
                f"{place[0]}/{place[1]} took {len(taken)} moved calls in {WINDOW_S:.0f} s, where"
                f" {agents_count} agents serve at most {should:.0f}: {bad:.0%} of their talks"
                f" ended within {AT_ONCE_S:.0f} s, elsewhere {usual:.0%}"
            )
            return Violation(invariant=NAME, at_s=taken[-1].began_at_s, site=place[0], text=text)
        from_s += STEP_S
    return None


def _short_share(talks: Sequence[_Talk]) -> float:
    ended = [talk.lasted_s for talk in talks if talk.lasted_s is not None]
    return sum(1 for lasted_s in ended if lasted_s < AT_ONCE_S) / len(ended) if ended else 0.0


def _read(lines: Iterable[Line]) -> _Network:
    network = _Network()
    queues: dict[tuple[str, str], tuple[str, bool]] = {}
    "Queue of each call, and whether it came by a token."
    held: dict[str, str] = {}
    "Queue by token."
    talking: dict[tuple[str, str], _Talk] = {}
    for line in lines:
        call = (line.site, line.text("call"))
        if line.kind == "hold":
            held[line.text("token")] = line.text("queue")
        elif line.kind == "call_offered":
            queues[call] = (line.text("queue"), False)
        elif line.kind == "call_arriving" and line.text("verdict") in ("accepted", "ordinary"):
            queues[call] = (held.get(line.text("token"), ""), True)
        elif line.kind == "call_connected" and call in queues and call not in talking:
            queue, moved = queues[call]
            talking[call] = _Talk((line.site, queue), line.at_s, moved)
            network.talks.append(talking[call])
            network.agents[line.site, queue].add(line.text("agent"))
        elif line.kind == "call_ended":
            queues.pop(call, None)
            talk = talking.pop(call, None)
            if talk is not None:
                talk.lasted_s = line.at_s - talk.began_at_s
    return network
