"""Decisions, legs and moves of one made-up caller, for tests of what is told of a call."""

from __future__ import annotations

import dataclasses
from typing import Any

from nrcli.explaining.story import Known, MoveTold
from nrcli.wire.api_models import Candidate, Decision
from nrcli.wire.history_messages import CallLegRecord

AT = 1_800_014_400.0
"2027-01-15 12:00:00 UTC: the caller rings."
CALLER = "5eed0000000000000000000000000001"


def candidate(site: str, agent: str = "", lost: str = "", **more: Any) -> Candidate:
    """A candidate of queue sales, seen 0.2 s before."""
    said = {"queue": "sales", "value": 0.0, "age_s": 0.2, **more}
    return Candidate(site=site, agent=agent, lost_because=lost, **said)


def decision(outcome: str = "move", at_s: float = 1.0, **more: Any) -> Decision:
    """lisbon asks `at_s` after the caller rang, and policy default answers."""
    target = {"target_site": "porto", "queue": "sales", "agent": "elsa"}
    said: dict[str, Any] = {
        "decision_id": f"d{at_s}",
        "request_id": f"r{at_s}",
        "interaction_id": CALLER,
        "at_unix_s": AT + at_s,
        "node": "n1",
        "origin_site": "lisbon",
        "service": "sales",
        "domain": "default",
        "generation": 1,
        "revision": 10,
        "policy": "default",
        "policy_version": 7,
        "rules_tried": ("home", "idle"),
        "rules": (("home", "not now"), ("idle", "decided")),
        "candidates": (candidate("porto", "elsa", means="ready for 9 s"),),
        "took_s": 0.01,
        "call": (("waited_s", f"{at_s:.1f}"), ("trunk_group", "carrier")),
        **(target if outcome == "move" else {"target_site": "", "queue": "", "agent": ""}),
    }
    return Decision(outcome=outcome, **{**said, **more})


def leg(site: str, outcome: str = "answered", at_s: float = 0.0, **more: Any) -> CallLegRecord:
    """A caller's stay at a site, which began `at_s` after they rang; 10 s long unless told."""
    until_s = more.pop("until_s", at_s + 10.0)
    connected_s = more.pop("connected_s", None)
    said: dict[str, Any] = {
        "interaction_id": CALLER,
        "call_id": f"call-{site}",
        "sip_call_id": f"sip-{site}",
        "session_id": CALLER,
        "site": site,
        "leg": "caller",
        "leg_id": f"{site}/1/{at_s}",
        "trunk_group": "carrier",
        "queue": "sales",
        "service": "sales",
        "agent": "",
        "ani": "+351912345678",
        "dialed_number": "+351210000001",
        "method": "",
        "token": "",
        "started_unix_s": AT + at_s,
        "offered_unix_s": AT,
        "queued_unix_s": AT + at_s,
        "waited_s": (until_s if connected_s is None else connected_s),
        "talked_s": 0.0 if connected_s is None else until_s - connected_s,
        "connected_unix_s": 0.0 if connected_s is None else AT + connected_s,
        "answered_unix_s": 0.0 if connected_s is None else AT + connected_s,
        "ended_unix_s": AT + until_s,
        "released_by": "caller",
        "sip_status": 0,
        "outcome": outcome,
    }
    return CallLegRecord(**{**said, **more})


def moved(how: str = "redirect_302", at_s: float = 1.1, **more: Any) -> CallLegRecord:
    """The stay at lisbon of a caller who was moved to porto."""
    ways = {"sip_status": 302} if how == "redirect_302" else {}
    said = {"target_site": "porto", "target_queue": "sales", "left_token": "nirc-t1", **ways}
    return leg("lisbon", "moved_out", until_s=at_s, method=how, **{**said, **more})


def served(at_s: float = 1.2, connected_s: float = 2.0, **more: Any) -> CallLegRecord:
    """Their stay at porto, where elsa talks with them."""
    said = {"token": "nirc-t1", "agent": "elsa", "released_by": "agent", **more}
    return leg("porto", "answered", at_s, connected_s=connected_s, until_s=5.0, **said)


def rung(of: CallLegRecord, agent: str, rang_s: float, reason: str = "") -> CallLegRecord:
    """An agent's part in a stay."""
    return dataclasses.replace(
        of,
        leg="agent",
        leg_id=f"{of.leg_id}/{agent}",
        parent_leg_id=of.leg_id,
        agent=agent,
        rang_s=rang_s,
        end_reason=reason,
        outcome="",
        started_unix_s=of.queued_unix_s,
    )


def move(outcome: str = "arrived", at_s: float = 1.3, **more: Any) -> MoveTold:
    """How the move of the decision made at 1.0 s ended."""
    said: dict[str, Any] = {
        "request_id": "r1.0",
        "origin_site": "lisbon",
        "target_site": "porto",
        "method": "redirect_302",
        "took_s": 0.25,
    }
    return MoveTold(at_unix_s=AT + at_s, outcome=outcome, **{**said, **more})


def known(**more: Any) -> Known:
    """What is known of the caller."""
    return Known(interaction_id=CALLER, **more)
