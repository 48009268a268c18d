"""What is told about holds: to the leader, and to the history.

Rule of this file: it words, it decides nothing.
"""

from __future__ import annotations

from nrcli.wire.messages import Reserve, ReserveGranted, ReserveRefusal, ReserveRefused
from site_agent.core.hold import Hold
from site_agent.core.outbox import Outbox
from site_agent.core.site_model import SiteModel


class HoldWords:
    """Words about holds."""

    __slots__ = ("_model", "_out")

    def __init__(self, model: SiteModel, out: Outbox) -> None:
        self._model = model
        self._out = out

    def granted(self, hold: Hold, now_s: float) -> None:
        """Tell the leader that it is held."""
        message = hold.message
        self._out.send(
            hold.node,
            ReserveGranted(
                domain=message.domain,
                epoch=message.epoch,
                request_id=message.request_id,
                token=hold.token,
                queue=message.queue,
                agent=message.agent,
                expires_s=max(0.0, hold.expires_at_s - now_s),
                number=hold.number,
            ),
        )

    def refused(self, node: str, message: Reserve, reason: ReserveRefusal, detail: str) -> None:
        """Tell the leader that nothing is held, and why."""
        self._out.count(f"refused_{reason.value}")
        self._out.send(
            node,
            ReserveRefused(
                domain=message.domain,
                epoch=message.epoch,
                request_id=message.request_id,
                reason=reason,
                detail=detail,
            ),
        )

    def write(self, hold: Hold) -> None:
        """Write down what is held, with the limits that it must keep."""
        message, queue = hold.message, self._model.queues.get(hold.message.queue)
        self._out.write(
            "hold",
            token=hold.token,
            agent=message.agent,
            number=hold.number,
            queue=message.queue,
            request=message.request_id,
            interaction=message.interaction_id,
            generation=message.epoch.generation,
            revision=message.epoch.revision,
            origin=message.origin_site,
            expires_s=message.expires_s,
            places_max=queue.places_max if queue else 0,
            waiting_count=queue.waiting_count if queue else 0,
            max_loan=self._model.limits.rules(message.queue).max_loan,
            channels=",".join(f"{claim.trunk_group}={claim.count}" for claim in message.channels),
            channels_free=",".join(
                f"{claim.trunk_group}={self._model.free_channels(claim.trunk_group)}"
                for claim in message.channels
            ),
        )
