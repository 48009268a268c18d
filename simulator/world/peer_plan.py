"""The peer plan of a fault case: what it says, whom sites trust, and how chance draws one.

Rule of this file: who signs is not simulated, for a wrong signature is refused before anything
else: each text counts as signed. A plan of a fault case is plain data, made into a text for the
sites that the case has.

    {"by": "hand", "methods": ["bridge"], "calls_max": 3, "calls_per_minute_max": 20,
     "set_up_p99_s": 0.5, "leaderless_s": 3.0, "ends_s": 12.0, "newer_s": 8.0}
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from simulator.model.instants import to_us
from simulator.model.network import PeerPlanModel
from simulator.model.peer_plan_text import PlanWords, plan_text
from simulator.world.dice import Dice
from site_agent.core.peer_plans import PlanTrust

Plan = Mapping[str, Any]
TRUST = PlanTrust(problem_of=lambda text: "", call_key=b"plan calls of the simulated network")
BY = ("hand", "link")
METHODS = (("bridge",), ("bridge",), ("redirect_302",), ("redirect_302", "bridge"))
NEWER_EVERY_S = 1.5
"A newer plan is laid at one site after another."
PLAN_SHARE = 0.35
"Of the cases in which something breaks have a peer plan."
AWAY_SHARE = 0.75
"Of these have NIRC away once more, for long enough."


def words_of(
    names: Sequence[str], plan: Plan, start_unix_s: float, *, serial: int = 1
) -> PlanWords:
    """What a case's plan says; one of a higher serial takes less."""
    return PlanWords(
        methods=tuple(plan["methods"]),
        calls_max=max(0, int(plan["calls_max"]) - serial + 1),
        calls_per_minute_max=int(plan["calls_per_minute_max"]),
        set_up_p99_s=float(plan["set_up_p99_s"]),
        shares=tuple(round(1.0 / (1 + number), 3) for number in range(len(names))),
        serial=serial,
        ends_unix_s=start_unix_s + float(plan["ends_s"]) if plan.get("ends_s") else 0.0,
    )


def plan_model(
    names: Sequence[str], queue: str, plan: Plan | None, start_unix_s: float
) -> PeerPlanModel | None:
    """What the engine takes; None: sites go without a plan."""
    if plan is None:
        return None
    services = {queue: (queue, names)}
    laid: tuple[tuple[int, int, str], ...] = ()
    if plan.get("newer_s"):
        words = words_of(names, plan, start_unix_s, serial=2)
        newer = plan_text(names, services, words, start_unix_s)
        laid = tuple(
            (to_us(float(plan["newer_s"]) + NEWER_EVERY_S * site), site, newer)
            for site in range(len(names))
        )
    return PeerPlanModel(
        text=plan_text(names, services, words_of(names, plan, start_unix_s), start_unix_s),
        by_hand=plan["by"] == "hand",
        laid=laid,
        leaderless_s=float(plan["leaderless_s"]),
    )


def drawn_plan(dice: Dice, for_s: float) -> dict[str, Any] | None:
    """A plan, or none; by chances of its own, so that nothing else of a seed is moved."""
    if dice.share("peer plan") >= PLAN_SHARE:
        return None

    def one(what: str, *of: Any) -> Any:
        return dice.choice(of, "peer plan", what)

    plan = {
        "by": one("by", *BY),
        "methods": list(one("methods", *METHODS)),
        "calls_max": one("calls", 1, 3, 10),
        "calls_per_minute_max": one("a minute", 4, 60, 60),
        "set_up_p99_s": one("set up", 0.5, 2.0),
        "leaderless_s": one("leaderless", 1.0, 3.0, 10.0),
    }
    if one("ends", False, False, False, False, True):
        plan["ends_s"] = round(dice.between(0.3, 1.0, "peer plan", "end") * for_s, 3)
    if one("newer", False, False, False, True):
        plan["newer_s"] = round(dice.between(0.2, 0.8, "peer plan", "newer at") * for_s, 3)
    return plan


def drawn_away(dice: Dice, for_s: float) -> list[dict[str, Any]]:
    """NIRC is away for long enough that plans are used: now and then, in one way or another."""
    if dice.share("peer plan", "away") >= AWAY_SHARE:
        return []
    away = {
        "kind": dice.choice(("node", "pause", "link", "link", "etcd"), "peer plan", "away"),
        "from_s": round(dice.between(0.5, 0.6 * for_s, "peer plan", "away"), 3),
        "lasts_s": dice.choice((5.0, 8.0, 14.0), "peer plan", "away"),
    }
    if away["kind"] == "etcd":
        return [away | {"way": "down"}]
    return [away | ({"way": ""} if away["kind"] == "link" else {"node": -1})]
