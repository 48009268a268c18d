"""What the site's own settings say of a CTI that pushes: names, limits, times.

Rule of this file: data only. The site's word is the upper bound of what the CTI says it can do.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from nrcli.wire.messages import TransferMethod
from site_agent.adapters.base import HoldLevel
from site_agent.adapters.http_push.http_push_protocol import Bounds


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueLimits:
    """What a queue of the settings bounds."""

    places_max: int = 50
    aht_s: float = 180.0
    "Mean handle time until the CTI says one."


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpPushSettings:
    """One CTI's settings; seconds."""

    queues: Mapping[str, QueueLimits]
    trunks: Mapping[str, int] = field(default_factory=dict)
    "Channels at most, by trunk group."
    site: str = ""
    hold_agent: HoldLevel = HoldLevel.EXACT
    methods: tuple[TransferMethod, ...] = tuple(TransferMethod)
    silence_s: float = 15.0
    "Nothing heard, or a command not acknowledged, for so long: nothing is promised."
    hold_answer_s: float = 0.8
    "A hold is granted or refused within this; below the daemon's own limit."
    resend_s: float = 2.0
    "A command that was not acknowledged is told again after this."
    move_margin_s: float = 2.0
    "A move of which nothing is heard for this long beyond its set-up time is silent."
    end_answer_s: float = 10.0
    "A call that was to be ended, and was not told to be over within this, is over."
    announcement_s_max: float = 300.0
    dial_margin_s: float = 5.0
    "The outcome of a call back may come so long after the ringing."
    commands_max: int = 1000
    "Commands that wait for their acknowledgement."
    agents_max: int = 5000
    calls_max: int = 5000
    bounds: Bounds = field(default_factory=Bounds)

    @property
    def heartbeat_s(self) -> float:
        """How often a CTI is to say something: three times before it counts as silent."""
        return self.silence_s / 3
