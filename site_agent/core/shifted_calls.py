"""Decides which new callers are to be served elsewhere though own agents are ready.

Rule of this file: the leader orders a traffic shift and goes on ordering it; what it does not order
again in time is over. Who is not meant, and everybody while nobody leads, is let in at once.
"""

from __future__ import annotations

from nrcli.wire.messages import DOMAIN_FIRST, ShiftOrder, ShiftOrders
from routing_policies.call_features import shift_share_of
from site_agent.adapters.base import SetQueueShifted
from site_agent.core.calls import Call
from site_agent.core.leaders import Leaders
from site_agent.core.local_fallback import let_in
from site_agent.core.outbox import Outbox
from site_agent.core.queue_limits import QueueLimits


class ShiftedCalls:
    """The orders that stand."""

    __slots__ = ("_leaders", "_limits", "_orders", "_out", "_until_s")

    def __init__(self, limits: QueueLimits, leaders: Leaders, out: Outbox) -> None:
        self._limits = limits
        self._leaders = leaders
        self._out = out
        self._orders: tuple[ShiftOrder, ...] = ()
        self._until_s = 0.0

    def told(self, node: str, message: ShiftOrders, now_s: float) -> None:
        """The leader orders these shifts, and no others."""
        if self._leaders.obeys(node, message.domain, message.epoch, ""):
            self._until_s = now_s + message.holds_s
            self._take(message.orders)

    def look(self, now_s: float) -> None:
        """Each second: orders that nobody repeated in time are over."""
        if self._orders and now_s >= self._until_s:
            self._out.count("shift_orders_lapsed")
            self._take(())

    def entered(self, call: Call) -> None:
        """A new caller who is held back for a shift alone, and not meant by it, is let in."""
        if not call.held_back or call.queue in self._limits.closed or call.consult_of:
            return
        order = self._order_for(call) if self._leaders.node_of(DOMAIN_FIRST) else None
        if order is None:
            let_in(self._out, call)
            return
        self._out.count("shifted")
        self._out.write(
            "call_shifted",
            call=call.call_id,
            interaction=call.interaction_id,
            shift=order.shift_id,
            percent=order.share_percent,
        )

    @property
    def orders(self) -> tuple[ShiftOrder, ...]:
        """Shifts that are ordered now."""
        return self._orders

    def _order_for(self, call: Call) -> ShiftOrder | None:
        for order in self._orders:
            meant = order.queue == call.queue and order.service in ("", call.service)
            share = shift_share_of(order.shift_id, call.interaction_id)
            if meant and 100 * share < order.share_percent:
                return order
        return None

    def _take(self, orders: tuple[ShiftOrder, ...]) -> None:
        self._orders = orders
        wanted = {order.queue for order in orders if order.share_percent > 0}
        for queue in sorted(wanted ^ self._limits.shifted):
            self._out.do(SetQueueShifted(queue=queue, shifted=queue in wanted))
        self._limits.shifted.clear()
        self._limits.shifted.update(wanted)
