"""Decides whose call an INVITE to a lent number is.

Rule of this file: a pooled number proves only this number, this window, this trunk group. Within
the window it is the token; afterwards whoever comes is an ordinary caller without anybody's data,
or is refused where the caller of that hold may still be at their origin: one hold, one INVITE.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from site_agent.adapters.base import CallArriving, CallOffered, TreatAsOrdinary
from site_agent.core.hold import Hold, HoldState
from site_agent.core.hold_book import HoldBook
from site_agent.core.number_pools import RETURN, NumberPools
from site_agent.core.outbox import Outbox
from site_agent.core.site_documents import SiteDocuments

Offered = Callable[[CallOffered, float], None]


def is_number(token: str) -> bool:
    """Is this user part a number, not a token?"""
    return token.startswith("+")


class NumberArrivals:
    """Calls to numbers of this site's pools."""

    __slots__ = ("_book", "_documents", "_new_id", "_offered", "_out", "_pools", "_ready_count")

    def __init__(
        self,
        *,
        pools: NumberPools,
        book: HoldBook,
        documents: SiteDocuments,
        new_id: Callable[[], str],
        ready_count: Callable[[str], int],
        out: Outbox,
    ) -> None:
        self._pools = pools
        self._book = book
        self._documents = documents
        self._new_id = new_id
        self._ready_count = ready_count
        self._out = out
        self._offered: Offered = lambda event, now_s: None
        pools.still_refused = self._still_refused

    def join(self, offered: Offered) -> None:
        """Name what takes an ordinary new call; once, before the first event."""
        self._offered = offered

    def hold_of(self, event: CallArriving, now_s: float) -> Hold | None:
        """The hold whose token this number stands for now; none: a stranger or a straggler."""
        one = self._pools.owner(event.token, event.trunk_group)
        hold = self._book.by_hold_id.get(one.hold_id) if one else None
        if one is None or hold is None or hold.number != event.token or not hold.token:
            return None
        if hold.state is HoldState.LIVE and one.lent and now_s <= one.until_s:
            return hold
        if _same_invite(hold, event) or _caller_may_be_there(hold):
            return hold
        if hold.state is not HoldState.TAKEN and _same_caller(hold, event):
            _without_data(hold)
            self._out.count("numbers_late")
            return hold
        return None

    def returns(self, event: CallArriving) -> bool:
        """Does this number stand for the way home of a caller whom this site sent away by 302?"""
        one = self._pools.owner(event.token, event.trunk_group)
        return one is not None and one.lent and one.hold_id.startswith(RETURN)

    def ordinary(self, event: CallArriving, now_s: float) -> bool:
        """Take a caller of nobody's hold as an ordinary new one; false: nobody serves them."""
        service = event.service or self._pools.straggler_service(event.token)
        known = self._documents.services.get(service)
        queue = event.queue or (known.spec.queue if known else "")
        if not service or not queue:
            return False
        interaction_id = self._new_id()
        self._out.count("numbers_stragglers")
        self._out.do(
            TreatAsOrdinary(
                call_id=event.call_id, interaction_id=interaction_id, queue=queue, service=service
            )
        )
        self._offered(
            CallOffered(
                call_id=event.call_id,
                interaction_id=interaction_id,
                service=service,
                queue=queue,
                trunk_group=event.trunk_group,
                dialed_number=event.token,
                ani=event.ani,
                agent_ready=self._ready_count(queue) > 0,
            ),
            now_s,
        )
        return True

    def _still_refused(self, hold_id: str, now_s: float) -> bool:
        hold = self._book.by_hold_id.get(hold_id)
        return hold is not None and _caller_may_be_there(hold) and hold.forget_at_s > now_s


def _same_invite(hold: Hold, event: CallArriving) -> bool:
    return hold.state is HoldState.TAKEN and event.invite_key == hold.invite_key


def _caller_may_be_there(hold: Hold) -> bool:
    """The origin was told that the token is dead, or that of its one INVITE nothing came yet."""
    if hold.state is HoldState.CANCELLED:
        return True
    return hold.state is HoldState.TAKEN and not hold.arrived


def _same_caller(hold: Hold, event: CallArriving) -> bool:
    """Comes the very caller late? Then their origin must let go of them."""
    return bool(event.ani) and event.ani == hold.message.ani


def _without_data(hold: Hold) -> None:
    hold.data = b""
    hold.message = replace(hold.message, data=b"", data_version=0, data_digest=b"")
