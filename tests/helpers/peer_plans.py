"""A peer plan of three sites, and a site that has it."""

from __future__ import annotations

import json
from typing import Any

from site_playbook import SETTINGS, SitePlay, agent_of, queue_of, trunk_of

from nrcli.wire.messages import AgentState
from routing_policies.loading import load_document
from routing_policies.peer_plan_kinds import PeerPlanDoc
from site_agent.core.events import PeerPlanRead, WallTimeRead
from site_agent.core.peer_plans import PlanTrust
from site_agent.core.plan_tokens import PlanCall, plan_digest, token_of
from site_agent.core.settings import SiteSettings
from site_agent.core.site_daemon import SiteDaemon

KEY = b"k" * 32
UNTIL_UNIX_S = 1801353600.0
"2027-01-31, midnight UTC."
TRUST = PlanTrust(
    problem_of=lambda text: "" if "unsigned" not in text else "it is not signed", call_key=KEY
)


def plan_text(serial: int = 7, name: str = "network", **changed: Any) -> str:
    spec: dict[str, Any] = {
        "serial": serial,
        "valid_until": "2027-01-31T00:00:00Z",
        "sites": [
            {"site": site, "host": f"192.0.2.{number}", "port": 5062}
            for number, site in enumerate(("lisbon", "porto", "faro"), 1)
        ],
        "services": [
            {
                "service": "sales",
                "peers": [
                    {"site": "lisbon", "queue": "sales", "calls_max": 2},
                    {"site": "porto", "queue": "sales", "share": 0.6},
                    {"site": "faro", "queue": "sales", "share": 0.3},
                ],
            }
        ],
    }
    head = {"apiVersion": "nirc/v1", "kind": "PeerPlan", "metadata": {"name": name}}
    return json.dumps(head | {"spec": spec | changed})


def plan_of(text: str) -> PeerPlanDoc:
    document = load_document(text, source="plan")
    assert isinstance(document, PeerPlanDoc)
    return document


def plan_call(**changed: Any) -> PlanCall:
    known: dict[str, Any] = {
        "origin": "porto",
        "target": "lisbon",
        "service": "sales",
        "waited_s": 42.0,
        "answered": True,
        "priority": 3,
        "moves_since_person_count": 1,
        "moves_count": 2,
        "visited_sites": ("faro",),
        "interaction_id": "0123456789abcdef" * 2,
    }
    return PlanCall(**(known | changed))


def plan_token(nonce: str = "1", text: str = "", key: bytes = KEY, **changed: Any) -> str:
    text = text or plan_text()
    return token_of(plan_call(**changed), plan_of(text), plan_digest(text), key, nonce)


def alone(settings: SiteSettings = SETTINGS, text: str | None = None) -> SitePlay:
    """Lisbon without a node, long enough to act by its plan; nobody is ready."""
    play = SitePlay(settings)
    tokens, ids = iter(range(10_000)), iter(range(10_000))
    play.daemon = SiteDaemon(
        site="lisbon",
        incarnation=3,
        settings=settings,
        epochs={},
        site_table=None,
        plan_trust=TRUST,
        new_token=lambda: f"nirc-{next(tokens)}",
        new_id=lambda: f"id{next(ids)}",
    )
    play.event(PeerPlanRead(source="plan", text=plan_text() if text is None else text))
    play.event(queue_of()).event(trunk_of("carrier")).event(trunk_of("network"))
    play.event(agent_of("anna", AgentState.BUSY))
    return seconds(play, 3)


def seconds(play: SitePlay, count: int) -> SitePlay:
    """Time passes, and the clock on the wall is read each second."""
    for _ in range(count):
        play.wait(1.0)
        play.event(WallTimeRead(unix_s=1_790_000_000.0 + play.now_s))
    return play
