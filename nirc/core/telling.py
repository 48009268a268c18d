"""What is said beside an answer: that another node leads, that a policy went wrong.

Rule of this file: it tells, and decides nothing.
"""

from __future__ import annotations

from nirc.core.actions import Action, SendToSite
from nirc.core.choice import Choice
from nirc.core.parts import Parts
from nrcli.wire.messages import (
    NO_EPOCH,
    NotLeading,
    Release,
    ReserveGranted,
    ReserveRefusal,
    ReserveRefused,
    RouteRequest,
)


def say_failed(
    parts: Parts, choice: Choice, message: RouteRequest, now_s: float, out: list[Action]
) -> None:
    """A policy went wrong at call time: the built-in one decided."""
    parts.statistics.count("policy.failed")
    text = f"{choice.failed}; the built-in policy decided: go back to the version before"
    parts.alarms.raise_event("policy_failed", message.service, text, now_s, out)


def say_not_leading(
    parts: Parts, site: str, message: RouteRequest, leader: str, out: list[Action]
) -> None:
    """This node may not answer; `leader` is who may, or empty."""
    answer = NotLeading(
        domain=message.domain,
        request_id=message.request_id,
        leader=leader,
        epoch=parts.leadership.latest.get(message.domain, NO_EPOCH),
    )
    out.append(SendToSite(site=site, message=answer))


def say_not_needed(
    parts: Parts,
    about: RouteRequest | ReserveGranted,
    site: str,
    now_s: float,
    out: list[Action],
) -> None:
    """A target holds what nobody will use."""
    release = Release(
        domain=about.domain,
        epoch=parts.leadership.epoch(about.domain),
        request_id=about.request_id,
        reason="not needed",
    )
    parts.leadership.command(about.domain, site, release, now_s, out)


def refused_because(message: ReserveRefused) -> str:
    """Why a target lost, for the record; of a number also which pools have none left."""
    detail = message.detail if message.reason is ReserveRefusal.NO_NUMBER else ""
    return f"refused: {message.reason.value}" + (f" ({detail})" if detail else "")
