"""Peers that a trunk group reaches by a number alone: a call by the plan without a token.

Rule of this file: such a call is an ordinary new one at the peer, who cannot tell it from others,
so the origin keeps the plan's bounds. Only the signed plan names the number, and only the site's
own settings where it is dialed.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping

from nrcli.wire.messages import Rung, TransferMethod
from routing_policies.peer_plan_kinds import PeerPlanDoc, PlanPeer, PlanWay
from site_agent.core.blind_share import PLACE
from site_agent.core.calls import Call
from site_agent.core.moves import BLIND_START
from site_agent.core.settings import TrunkRules

MINUTE_S = 60.0


class PlanNumbers:
    """Calls that went to peers by number."""

    __slots__ = ("_begun", "_calls", "_site", "here")

    def __init__(self, site: str) -> None:
        self._site = site
        self._calls: dict[str, list[Call]] = {}
        self._begun: dict[str, deque[float]] = {}
        self.here: Callable[[Call], bool] = lambda call: True
        "Does the call still stand at this site?"

    def way(self, call: Call, peer: PlanPeer) -> PlanWay | None:
        """How the call would reach the peer, if it is by a number."""
        found = peer.way(self._site, call.trunk_group)
        return found if found is not None and found.number is not None else None

    def has_room(self, call: Call, peer: PlanPeer, now_s: float) -> bool:
        """Are the peer's bounds kept with one more call of this service?"""
        key = _key(call.service, peer.site)
        calls = [one for one in self._calls.get(key, ()) if self.here(one)]
        self._calls[key] = calls
        begun = self._begun.setdefault(key, deque())
        while begun and begun[0] <= now_s - MINUTE_S:
            begun.popleft()
        return len(calls) < peer.calls_max and len(begun) < peer.calls_per_minute_max

    def move(
        self, call: Call, peer: PlanPeer, token: str, set_up_p99_s: float
    ) -> tuple[str, str, Rung]:
        """Target (as history names it), token and rung of the move."""
        rung = Rung(
            method=TransferMethod.BRIDGE,
            path=PLACE,
            arrives_on="",
            set_up_p99_s=set_up_p99_s,
            origin_channels=1,
        )
        target = f"{_key(call.service, peer.site)}/{call.trunk_group}"
        return target, BLIND_START + token.removeprefix("nirc-"), rung

    def began(self, call: Call, target: str, now_s: float) -> None:
        """The number is called."""
        key = target.partition("/")[0]
        self._calls.setdefault(key, []).append(call)
        self._begun.setdefault(key, deque()).append(now_s)

    def over(self, call: Call, target: str) -> None:
        """The call did not get there."""
        calls = self._calls.get(target.partition("/")[0], [])
        if call in calls:
            calls.remove(call)


def _key(service: str, site: str) -> str:
    return f"{PLACE}{service}@{site}"


def site_of(target: str) -> str:
    """The peer behind a target.

    >>> site_of("porto"), site_of("blind:sales@porto/legacy"), site_of("blind:sales")
    ('porto', 'porto', 'blind:sales')
    """
    _, at, found = target.partition("@")
    return found.partition("/")[0] if at else target


def number_address(
    site: str, plan: PeerPlanDoc | None, trunks: Mapping[str, TrunkRules], target: str
) -> str:
    """SIP URI of a target by number; empty: no plan names it any more, or nothing dials it."""
    service, _, rest = target.removeprefix(PLACE).partition("@")
    peer_site, _, trunk_group = rest.partition("/")
    peer = plan.peer(service, peer_site) if plan is not None else None
    way = peer.way(site, trunk_group) if peer is not None else None
    rules = trunks.get(trunk_group)
    if way is None or way.number is None or rules is None or not rules.dial_to:
        return ""
    return f"sip:{way.number}@{rules.dial_to}"
