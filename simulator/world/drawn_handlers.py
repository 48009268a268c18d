"""The handlers of fault cases: what chance draws of a voicemail, and the documents that name it.

Rule of this file: plain data, by chances of its own, so that nothing else of a seed is moved.

    {"methods": ["refer", "bridge"], "set_up_s": 0.2, "calls_max": 2, "call_s": 8.0,
     "by": "policy", "after_s": 3.0, "calendar": false}
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from simulator.world.dice import Dice

Handler = Mapping[str, Any]
NAME = "mail"
URI = "sip:mail@192.0.2.9"
HANDLER_SHARE = 0.3
"Of the cases have a voicemail."
METHODS = (("redirect_302",), ("refer",), ("bridge",), ("redirect_302", "refer", "bridge"))
BY = ("policy", "rules", "both")
"Whose word sends callers there: NIRC's, or the sites' own."
SITE_RULES = """apiVersion: nirc/v1
kind: OverflowRules
metadata: {name: SITE}
spec:
  queues:
    - queue: QUEUE
"""


def drawn_handler(dice: Dice) -> dict[str, Any] | None:
    """A voicemail, or none."""
    if dice.share("handler") >= HANDLER_SHARE:
        return None

    def one(what: str, *of: Any) -> Any:
        return dice.choice(of, "handler", what)

    return {
        "methods": list(one("methods", *METHODS)),
        "set_up_s": one("set up", 0.05, 0.5, 2.0),
        "calls_max": one("calls", 1, 3, 100),
        "call_s": one("call", 2.0, 20.0),
        "by": one("by", *BY),
        "after_s": one("after", 1.0, 3.0, 6.0),
        "calendar": one("calendar", False, True),
    }


def handler_texts(handler: Handler | None, groups: Sequence[str], calendar: str) -> dict[str, str]:
    """Its document, without the head; `calendar`: one that the network has, or empty."""
    if handler is None:
        return {}
    methods = ", ".join(handler["methods"])
    ways = ", ".join(
        f"{{trunk_group: {group}, methods: [{methods}], follows_contacts: true,"
        f" set_up_p99_s: {handler['set_up_s']}}}"
        for group in groups
    )
    hours = f", calendar: {calendar}" if calendar and handler["calendar"] else ""
    return {
        f"Handler/{NAME}": f"kind: Handler\nmetadata: {{name: {NAME}}}\n"
        f'spec: {{uri: "{URI}", calls_max: {handler["calls_max"]},'
        f" call_s: {handler['call_s']}{hours}, ways: [{ways}]}}\n"
    }


def with_handler(policy: str, handler: Handler | None) -> str:
    """The policy, whose first rule sends there who has waited long enough."""
    if handler is None or handler["by"] == "rules":
        return policy
    rule = (
        f"    - {{name: mail, when: call.waited_s > {handler['after_s']}, action: to_handler,"
        f" handler: {NAME}, reason: busy}}\n"
    )
    return policy.replace("  rules:\n", "  rules:\n" + rule, 1)


def rules_with(rules: str, site: str, queue: str, handler: Handler | None) -> str:
    """A site's own rules, which send there, too."""
    if handler is None or handler["by"] == "policy":
        return rules
    found = rules or SITE_RULES.replace("SITE", site).replace("QUEUE", queue)
    late = f"call.waited_s > {handler['after_s']}"
    return (
        f"{found}      to_handler: [{{name: late, when: {late}, handler: {NAME}, reason: busy}}]\n"
    )
