"""The blind share: with neither NIRC nor a plan, some callers go to another centre's public number.

Rule of this file: off unless the site's own settings say so; nobody is asked, so the call is an
ordinary new one there and outside every promise. It is bridged: the caller is held here until
somebody answers. Whether a call is among the share follows from its interaction.
"""

from __future__ import annotations

from collections.abc import Mapping

from nrcli.wire.messages import Rung, TransferMethod
from site_agent.core.calls import Call
from site_agent.core.moves import BLIND_START
from site_agent.core.return_ramp import fraction_of
from site_agent.core.settings import BlindShare
from site_agent.core.tiers import Tier

PLACE = "blind:"


class BlindShares:
    """What the settings say, by service."""

    __slots__ = ("_shares",)

    def __init__(self, shares: Mapping[str, BlindShare]) -> None:
        self._shares = shares

    def takes(self, call: Call, tier: Tier) -> bool:
        """Does this call go there, once?"""
        share = self._shares.get(call.service)
        if share is None or tier is not Tier.LOCAL_ONLY or call.foreign:
            return False
        tried = PLACE + call.service in call.refused_targets or call.blind_tried
        return not tried and fraction_of(f"blind/{call.interaction_id}") < share.share

    def move(self, call: Call, token: str) -> tuple[str, str, Rung]:
        """Target (as history names it), token and rung of the move."""
        share = self._shares[call.service]
        call.blind_tried = True
        rung = Rung(
            method=TransferMethod.BRIDGE,
            path=PLACE,
            arrives_on="",
            set_up_p99_s=share.set_up_p99_s,
            origin_channels=1,
        )
        return PLACE + call.service, BLIND_START + token.removeprefix("nirc-"), rung

    def address(self, target: str) -> str:
        """The public number behind a target, or empty."""
        share = self._shares.get(target.removeprefix(PLACE))
        return share.address if share is not None else ""
