"""L3: no livelock while something stays broken for long and most nodes are whole.

Rule of this file: it is judged by what came of it: sites have a leader most of the time, leaders do
not follow one another without end, and questions are answered. Which of these a fault may cost at
first is no matter: the time that a new leader may take is left out; so are sites that are cut off
themselves.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from simulator.checkers.bounds import SIMULATED, Bounds, Clocked
from simulator.checkers.calm import Calm, calms
from simulator.checkers.leaders_told import Beliefs
from simulator.history import Line, Violation

NAME = "L3"
LOOKS_AT = ("fault_begun",)
LASTS_S_MIN = 10.0
"A shorter time says nothing."
LED_SHARE_MIN = 0.5
EPOCHS_PER_S_MAX = 0.1
REQUESTS_MIN = 10
FAILED_SHARE_MAX = 0.5
ANSWERED = "move"
"A question that was answered, and whose answer could not be carried out."


def check(
    lines: Iterable[Line], bounds: Bounds = SIMULATED, clocked: Clocked | None = None
) -> list[Violation]:
    """Violations of L3, in order."""
    lines = list(lines)
    beliefs, found = Beliefs(lines), []
    for calm in calms(lines):
        from_s = calm.from_s + bounds.leader_s * bounds.scale
        if calm.has_quorum and not calm.only() and calm.until_s - from_s >= LASTS_S_MIN:
            for text in _problems(calm, from_s, lines, beliefs):
                found.append(Violation(invariant=NAME, at_s=calm.from_s, site="", text=text))
    return found


def _problems(calm: Calm, from_s: float, lines: Sequence[Line], beliefs: Beliefs) -> list[str]:
    lasts_s = calm.until_s - from_s
    what = ", ".join(sorted({fault.what or fault.effect for fault in calm.faults}))
    mine = [
        line for line in lines if from_s <= line.at_s <= calm.until_s and calm.spares(line.site)
    ]
    sites = [site for site in beliefs.sites if calm.spares(site)]
    problems = []
    led_share = beliefs.led_share(sites, from_s, calm.until_s)
    if sites and led_share < LED_SHARE_MIN:
        problems.append(f"sites had a leader in {led_share:.0%} of {lasts_s:.0f} s ({what})")
    epochs = {
        (line.number("generation"), line.number("revision"))
        for line in mine
        if line.kind == "epoch"
    }
    if len(epochs) > max(2.0, EPOCHS_PER_S_MAX * lasts_s):
        problems.append(f"{len(epochs)} leaders followed one another in {lasts_s:.0f} s ({what})")
    ended = [line for line in mine if line.kind == "request_ended"]
    failed = sum(line.text("how") == "failed" and line.text("why") != ANSWERED for line in ended)
    if len(ended) >= REQUESTS_MIN and failed > FAILED_SHARE_MAX * len(ended):
        problems.append(f"{failed} of {len(ended)} questions failed in {lasts_s:.0f} s ({what})")
    return problems
