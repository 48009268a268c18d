"""Callers who come to join a consult call that is here already: by the token that names its leg.

Rule of this file: such a token is good once, while its consult call talks with an agent, on the
trunk groups that call was let in by, and never after its origin cancelled it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from nrcli.wire.messages import CallTaken
from site_agent.adapters.base import AcceptArrival, CallArriving
from site_agent.core.calls import Call, CallBook, CallState
from site_agent.core.consult_tokens import caller_of, completion_of, is_consult
from site_agent.core.hold import Hold, HoldState
from site_agent.core.late_match import LateMatch
from site_agent.core.leaders import Leaders
from site_agent.core.outbox import Outbox
from site_agent.core.site_base import SiteBase
from site_agent.core.target_holds import TargetHolds
from site_agent.core.tombstones import Tombstones

STANDS_S = 5.0
"What the history says of how long such a token is good: it is used in the turn it is made."


class ConsultArrivals:
    """Consult calls of other sites that stand here, by the token that names them."""

    __slots__ = (
        "_calls",
        "_holds",
        "_leaders",
        "_new_id",
        "_out",
        "_site",
        "_tombstones",
        "late_match",
    )

    def __init__(
        self,
        *,
        site: str,
        holds: TargetHolds,
        calls: CallBook,
        leaders: Leaders,
        out: Outbox,
        tombstones: Tombstones,
        new_id: Callable[[], str],
        late_match: LateMatch,
    ) -> None:
        self.late_match = late_match
        "What finds the moves of calls that come without any token."
        self._site = site
        self._holds = holds
        self._calls = calls
        self._leaders = leaders
        self._out = out
        self._tombstones = tombstones
        self._new_id = new_id

    def source(self, token: str) -> tuple[Hold, Call] | None:
        """The consult call that a token names, with what it came by; it talks with an agent."""
        if token in self._tombstones:
            return None
        for call in self._calls.all():
            if call.token and is_consult(call.interaction_id) and call.agent:
                hold = self._holds.by_token(call.token)
                stands = hold is not None and call.state is CallState.CONNECTED
                if hold is not None and stands and completion_of(call.token) == token:
                    return hold, call
        return None

    def stand_in(self, token: str, hold: Hold, consult: Call) -> Hold:
        """The claim of the caller who joins: the agent who talks with the origin's agent now."""
        message = replace(
            hold.message,
            request_id=f"{hold.message.request_id}/{token}",
            interaction_id=caller_of(hold.message.interaction_id),
            agent=consult.agent,
            answered=True,
        )
        found = Hold(self._new_id(), message, hold.node)
        found.token, found.state, found.data = token, HoldState.LAPSED, hold.data
        self._holds.book.add(found)
        self._holds.book.by_token[token] = found
        self._out.write(
            "hold",
            token=token,
            agent="",
            queue="consult",
            request=message.request_id,
            origin=message.origin_site,
            expires_s=STANDS_S,
            places_max=1,
            waiting_count=0,
            max_loan=1,
            channels="",
            channels_free="",
        )
        self._out.write("hold_ended", token=token, agent="", why="used")
        return found

    def joined(self, event: CallArriving, hold: Hold, call: Call, consult: Call) -> None:
        """The caller is let in, and given the agent; the origin is told."""
        self._out.count("consults_joined")
        self._out.do(
            AcceptArrival(
                call_id=call.call_id,
                hold_id="",
                interaction_id=call.interaction_id,
                service=call.service,
                queue=call.queue,
                agent=consult.agent,
                waited_s=0.0,
                priority=call.priority,
                answer_now=True,
                data=hold.data,
                joins=consult.call_id,
            )
        )
        self._calls.add(call)
        origin = hold.message.origin_site
        taken = CallTaken(token=event.token, from_site=self._site, to_site=origin)
        self._out.send(self._leaders.relay(), taken)


def consult_arrivals(base: SiteBase, holds: TargetHolds) -> ConsultArrivals:
    """The part, joined with those it needs."""
    return ConsultArrivals(
        site=base.site,
        holds=holds,
        calls=base.calls,
        leaders=base.leaders,
        out=base.out,
        tombstones=base.tombstones,
        new_id=base.new_id,
        late_match=late_match_of(base, holds),
    )


def late_match_of(base: SiteBase, holds: TargetHolds) -> LateMatch:
    """What finds the moves of calls that come without any token."""

    def is_shared(list_name: str, number: str) -> bool:
        found = base.documents.lists.get(list_name)
        return found is not None and found.holds(number, verified=True)

    return LateMatch(base.settings.late_match, holds.book.by_token.values, is_shared, base.out)
