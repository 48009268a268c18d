"""Draws the cases of the fault search: networks, policies, rules, load and faults by chance.

Rule of this file: one seed, one case. What is drawn is a network that a person could have set up;
only the carriers, the machines and the links misbehave.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from simulator.world.dice import Dice
from simulator.world.drawn_faults import Where, drawn_faults
from simulator.world.drawn_handlers import drawn_handler
from simulator.world.drawn_transfers import drawn_transfers
from simulator.world.fault_case import FaultCase, SiteCase
from simulator.world.liveness import lasting
from simulator.world.peer_plan import drawn_away, drawn_plan

NAMES = ("lisbon", "porto", "faro", "braga")
LADDERS = (
    ("redirect_302",),
    ("redirect_302", "refer"),
    ("redirect_302", "refer", "bridge"),
    ("refer", "bridge"),
    ("bridge",),
)
SELECTS = (
    "longest_available",
    "least_occupied",
    "highest_skill",
    "fewest_calls",
    "min_expected_delay",
    "rotary",
    "broadcast",
    "service_level_risk",
)
RULES = (
    "{name: no, when: call.share < 0.05 and call.waited_s > 1, action: reject, reason: busy}",
    "{name: later, when: call.share < 0.12, action: retry_after, retry_after_s: 3}",
    "{name: told, when: call.share < 0.2, action: announce, announcement: busy}",
    "{name: all, when: call.share > 0.85, select: broadcast, action: route}",
    "{name: limited, select: SELECT, candidates: queue.lendable_count > 0, action: route}",
    "{name: gain, select: min_expected_delay, min_gain_s: 2, action: route}",
)
QUEUED_SHARE = 0.4
"Of the cases have their callers wait in the network queue."
LIVENESS_SHARE = 0.12
"Of the seeds have one fault that stays."
FAILSAFE_SHARE = 0.3
"Of the cases with several nodes have them lead on without etcd while all agree."
CLOSING = (
    "calendar: office, on_close_with_waiting: interflow, stop_accepting: true",
    "calendar: office, on_close_with_waiting: drain",
    "on_unstaffed: interflow",
)
CALLED_BACK_SHARE = 0.3
"Of the cases have callers who let themselves be called back."
CALLED_BACK_CLOSING = (
    "calendar: office, on_close_with_waiting: callback",
    "on_unstaffed: callback",
)
OVERFLOW = """apiVersion: nirc/v1
kind: OverflowRules
metadata: {name: SITE}
spec:
  queues:
    - queue: sales
      requery_s: 1.5
      ask: [{name: late, when: call.waited_s > 0.5 or queue.waiting_count > 2}]
      lend: {max_loan: LOAN, min_reserve: RESERVE}
"""


def drawn_case(seed: int, for_s: float) -> FaultCase:
    """The case of a seed."""
    dice = Dice(seed)
    names = NAMES[: dice.choice((2, 3, 3, 4), "sites")]
    nodes = dice.choice((1, 3, 3, 5), "nodes")
    faults = drawn_faults(dice, Where(sites=names, nodes=nodes, for_s=for_s))
    liveness = dice.share("liveness") < LIVENESS_SHARE
    if liveness:
        nodes = max(nodes, 3)
        faults = [lasting(dice, names, nodes, for_s)]
    closing = dice.share("closing") < 0.3
    talk_s = dice.choice((2.0, 4.0, 8.0), "talk")
    plan = drawn_plan(dice, for_s) if faults else None
    if plan is not None and not liveness:
        faults = sorted([*faults, *drawn_away(dice, for_s)], key=lambda one: float(one["from_s"]))
    case = FaultCase(
        seed=seed,
        for_s=for_s,
        nodes=nodes,
        sites=tuple(_site(dice, name, talk_s, closing=closing) for name in names),
        policy=_policy(dice),
        faults=tuple(faults),
        liveness=liveness,
        failsafe=nodes > 1 and dice.share("failsafe") < FAILSAFE_SHARE,
        talk_s=talk_s,
        patience_s=dice.choice((6.0, 12.0, 60.0), "patience"),
        redials_max=dice.choice((0, 0, 1), "redials"),
        service_document=dice.choice(
            ("aht_s: 5", "aht_s: 5, ageing: {every_s: 4, most: 5}"), "ageing"
        ),
        calendars=("office",) if closing else (),
        peer_plan=plan,
        handler=None if liveness else drawn_handler(dice),
        transfers=None if liveness else drawn_transfers(dice, names),
    )
    return _with_callbacks(dice, case)


def _with_callbacks(dice: Dice, case: FaultCase) -> FaultCase:
    """Some cases have callers called back: by wish, and some by the policy too, or where a queue
    closes or is left."""
    if dice.share("called back") >= CALLED_BACK_SHARE:
        return case
    policy, document = case.policy, ""
    if dice.share("called back", "policy") < 0.3:
        policy = policy.replace("{action: network_queue}", "{action: callback}")
    if case.calendars and dice.share("called back", "closing") < 0.5:
        document = dice.choice(CALLED_BACK_CLOSING, "called back", "closing")

    def one(what: str, *of: float) -> float:
        return dice.choice(of, "called back", what)

    return replace(
        case,
        policy=policy,
        sites=tuple(
            replace(site, queue_document=document or site.queue_document) for site in case.sites
        ),
        callbacks={
            "after_s": one("after", 0.5, 2.0, 5.0),
            "take_share": one("take", 0.3, 1.0),
            "answer_share": one("answer", 0.5, 0.9, 1.0),
            "answer_after_s": one("answer after", 0.5, 2.0, 5.0),
            "busy_share": one("busy", 0.0, 0.1),
            "attempts_max": int(one("attempts", 1, 3)),
            "pause_s": one("pause", 2.0, 10.0),
            "ring_s": 8.0,
            "keep_s": 150.0,
            "unresolved_s": one("unresolved", 30.0, 60.0),
        },
    )


def _site(dice: Dice, name: str, talk_s: float, *, closing: bool) -> SiteCase:
    def one(what: str, *of: Any) -> Any:
        return dice.choice(of, what, name)

    rules = ""
    if one("has rules", False, False, True):
        loan, reserve = one("loan", 1, 3, 4), one("reserve", 0, 1)
        rules = OVERFLOW.replace("SITE", name).replace("LOAN", str(loan))
        rules = rules.replace("RESERVE", str(reserve))
    agents = one("agents", 1, 2, 3, 4)
    return SiteCase(
        name=name,
        agents=agents,
        per_s=round(agents * one("load", 0.1, 0.4, 1.0, 1.8) / talk_s, 6),
        methods=one("methods", *LADDERS),
        set_up_s=one("set up", 0.05, 0.5, 2.0),
        ring_s=one("ring", 0.0, 0.0, 0.5),
        no_answer_share=one("no answer", 0.0, 0.0, 0.2),
        answer_after_s=one("answer", None, 0.2, 1.0),
        acw_s=one("acw", 0.0, 0.0, 1.0),
        places=one("places", 3, 30),
        channels=one("channels", 4, 60, 60),
        max_loan=one("max loan", 2, 4, 100),
        min_reserve=one("min reserve", 0, 0, 1),
        ask_after_s=one("ask after", 0.0, 0.2),
        requery_s=one("requery", 1.0, 2.0),
        link_delay_s=one("delay", 0.001, 0.005, 0.03),
        rules=rules,
        queue_document=one("closing", "", *CLOSING) if closing else "",
    )


def _policy(dice: Dice) -> str:
    rules = [rule for rule in RULES if dice.share("rule", rule) < 0.35]
    rules.append("{name: last, select: SELECT, action: route}")
    select = dice.choice(SELECTS, "select")
    lines = "".join(f"    - {rule.replace('SELECT', select)}\n" for rule in rules)
    if dice.share("network queue") < QUEUED_SHARE:
        lines += "  otherwise: {action: network_queue}\n"
    return f"kind: RoutingPolicy\nmetadata: {{name: default}}\nspec:\n  rules:\n{lines}"
