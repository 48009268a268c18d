"""Calls that this site makes to callers who are called back: for itself, and for other sites.

Rule of this file: an agent is held before anybody's telephone rings, and let go of when nobody
answers. One token dials once, whatever is asked again; who has been reached is this site's caller
from then on, like any other.
"""

from __future__ import annotations

from collections.abc import Callable

from nrcli.wire.messages import AgentState, CallTaken, Cancel, CancelVerdict
from site_agent.adapters.base import (
    CallerDialed,
    DialCaller,
    HoldAgent,
    HoldGranted,
    HoldLost,
    ReleaseHold,
)
from site_agent.core.attached_data import AttachedData
from site_agent.core.callback import Callback, CallbackState
from site_agent.core.callback_book import CallbackBook
from site_agent.core.callback_settings import CallbackSettings
from site_agent.core.callbacks import Callbacks
from site_agent.core.calls import Call, CallBook, Mark
from site_agent.core.hold import Hold, HoldState
from site_agent.core.leaders import Leaders
from site_agent.core.outbox import Outbox
from site_agent.core.site_model import Agent, SiteModel
from site_agent.core.target_holds import EXPIRY_TIMER, TargetHolds

SETTLE_S = 10.0
"How much longer than the telephone rings the ACD may take to say how it went."
DIALING = "dialing"


class _Own:
    """A call made for a promise of this site itself."""

    __slots__ = ("agent", "call_id", "callback", "hold_id", "since_s")

    def __init__(self, callback: Callback, agent: str, hold_id: str, now_s: float) -> None:
        self.callback = callback
        self.agent = agent
        self.hold_id = hold_id
        self.call_id = ""
        self.since_s = now_s


class CallbackCalls:
    """Who is being dialed from here."""

    __slots__ = (
        "_book",
        "_callbacks",
        "_calls",
        "_can_dial",
        "_entered",
        "_foreign",
        "_holds",
        "_leaders",
        "_mark",
        "_model",
        "_new_id",
        "_out",
        "_own",
        "_settings",
        "_site",
    )

    def __init__(
        self,
        *,
        site: str,
        settings: CallbackSettings,
        book: CallbackBook,
        callbacks: Callbacks,
        calls: CallBook,
        model: SiteModel,
        holds: TargetHolds,
        leaders: Leaders,
        out: Outbox,
        new_id: Callable[[], str],
        entered: Callable[[Call, float], None],
        can_dial: bool,
        mark: Mark,
    ) -> None:
        self._mark = mark
        self._site = site
        self._settings = settings
        self._book = book
        self._callbacks = callbacks
        self._calls = calls
        self._model = model
        self._holds = holds
        self._leaders = leaders
        self._out = out
        self._new_id = new_id
        self._entered = entered
        self._can_dial = can_dial
        self._own: dict[str, _Own] = {}
        "By hold, while an agent is held for it."
        self._foreign: dict[str, Hold] = {}
        "By call, while a caller of another site's promise is dialed."

    def __len__(self) -> int:
        return len(self._own) + len(self._foreign)

    # ---- own agents ------------------------------------------------------------------------

    def look(self, now_s: float) -> None:
        """Ready agents whom no waiting caller claims call those back who are due, in rank."""
        for own in [own for own in self._own.values() if self._is_late(own, now_s)]:
            self._own_over(own, "failed" if own.call_id else "not_dialed", now_s)
        if not self._can_dial or not len(self._book):
            return
        due = [one for one in self._book if one.state is CallbackState.DUE]
        for callback in sorted(due, key=lambda one: (-one.priority, one.since_s, one.entry_id)):
            agent = self._free_agent(callback.queue)
            if agent is not None:
                self._hold(callback, agent.agent, now_s)

    def _free_agent(self, queue: str) -> Agent | None:
        figures = self._model.queues.get(queue)
        if figures is None or not figures.open or queue in self._model.limits.closed:
            return None
        if any(call.queue == queue for call in self._calls.waiting()):
            return None
        taken = {own.agent for own in self._own.values() if not own.call_id}
        taken.update(one.agent for one in self._holds.book.pending_agents())
        ready = [
            agent
            for agent in self._model.agents.values()
            if agent.state is AgentState.READY and agent.serves(queue) and agent.agent not in taken
        ]
        return min(ready, key=lambda agent: agent.since_s, default=None)

    def _hold(self, callback: Callback, agent: str, now_s: float) -> None:
        own = _Own(callback, agent, self._new_id(), now_s)
        self._own[own.hold_id] = own
        self._book.put(callback, CallbackState.HOLDING)
        self._out.do(HoldAgent(hold_id=own.hold_id, agent=agent, queue=callback.queue))

    def granted(self, event: HoldGranted, now_s: float) -> bool:
        """The ACD holds somebody; False: not for a promise of ours."""
        own = self._own.get(event.hold_id)
        if own is None:
            return False
        if own.call_id:
            return True
        callback = own.callback
        own.call_id = callback.call_id = self._new_id()
        callback.asked_at_s = now_s
        self._book.put(callback, CallbackState.DIALING)
        self._dial(
            call_id=own.call_id,
            hold_id=own.hold_id,
            agent=own.agent,
            callback=callback,
            now_s=now_s,
        )
        return True

    def hold_over(self, hold_id: str, now_s: float) -> bool:
        """The ACD cannot hold the agent, or not any more; False: not for a promise of ours."""
        own = self._own.get(hold_id)
        if own is None:
            return False
        if not own.call_id:
            self._own_over(own, "not_dialed", now_s)
        return True

    def _dial(
        self, *, call_id: str, hold_id: str, agent: str, callback: Callback, now_s: float
    ) -> None:
        self._out.count("callbacks_dialed")
        self._write_dialed(call_id, callback.interaction_id, "", agent)
        self._out.do(
            DialCaller(
                call_id=call_id,
                hold_id=hold_id,
                agent=agent,
                queue=callback.queue,
                service=callback.service,
                interaction_id=callback.interaction_id,
                number=callback.number,
                ring_s=self._settings.ring_s,
                waited_s=max(0.0, now_s - callback.since_s),
                priority=callback.priority,
            )
        )

    def _is_late(self, own: _Own, now_s: float) -> bool:
        return now_s - own.since_s > self._settings.ring_s + SETTLE_S

    def _own_over(self, own: _Own, outcome: str, now_s: float) -> None:
        self._own.pop(own.hold_id, None)
        if outcome != "answered":
            self._out.do(ReleaseHold(hold_id=own.hold_id))
        if own.callback.busy and self._book.get(own.callback.entry_id) is own.callback:
            self._callbacks.tried(own.callback, outcome, now_s)

    # ---- for other sites -------------------------------------------------------------------

    def asked(self, node: str, message: Cancel, now_s: float) -> None:
        """An origin says that a token given for a callback is to be used, or asks how it goes."""
        hold = self._holds.by_token(message.token)
        if hold is None or not hold.message.callback:
            self._tell(node, message, CancelVerdict.NEVER, "")
            return
        if hold.dialed == "answered":
            self._tell(node, message, CancelVerdict.TAKEN, "")
        elif hold.dialed == DIALING and hold.state is HoldState.LIVE:
            self._out.send(node, self._taken(message))
        elif hold.dialed or hold.state is not HoldState.LIVE or not self._can_dial:
            detail = "failed" if hold.dialed == DIALING else hold.dialed
            self._tell(node, message, CancelVerdict.NEVER, detail)
        else:
            self._dial_for(hold, now_s)
            self._out.send(node, self._taken(message))

    def _dial_for(self, hold: Hold, now_s: float) -> None:
        reserve, call_id = hold.message, self._new_id()
        hold.dialed, hold.call_id = DIALING, call_id
        hold.expires_at_s = now_s + self._settings.ring_s + SETTLE_S
        self._out.start(EXPIRY_TIMER + hold.hold_id, hold.expires_at_s)
        self._mark("reservation", hold.token)
        self._foreign[call_id] = hold
        self._out.count("callbacks_dialed")
        self._write_dialed(call_id, reserve.interaction_id, hold.token, reserve.agent)
        self._out.do(
            DialCaller(
                call_id=call_id,
                hold_id=hold.hold_id,
                agent=reserve.agent,
                queue=reserve.queue,
                service=reserve.service,
                interaction_id=reserve.interaction_id,
                number=reserve.ani,
                ring_s=self._settings.ring_s,
                waited_s=reserve.waited_s,
                priority=reserve.priority,
                data=hold.data,
            )
        )

    def _taken(self, message: Cancel) -> CallTaken:
        return CallTaken(token=message.token, from_site=self._site, to_site=message.from_site)

    def _tell(self, node: str, message: Cancel, verdict: CancelVerdict, detail: str) -> None:
        self._holds.answer_cancel(node, message.token, message.from_site, verdict, detail)

    # ---- how it went -----------------------------------------------------------------------

    def dialed(self, event: CallerDialed, now_s: float) -> None:
        """The caller answered, or did not."""
        own = next((one for one in self._own.values() if one.call_id == event.call_id), None)
        hold = self._foreign.pop(event.call_id, None)
        answered = event.outcome == "answered"
        if own is not None:
            if answered:
                self._begins(self._own_call(own, event), now_s)
            self._own_over(own, event.outcome, now_s)
        elif hold is not None:
            if answered:
                call = self._foreign_call(hold, event)
                self._holds.take(hold, event.call_id, "", now_s)
                self._begins(call, now_s)
                hold.arrived = True
            hold.dialed = event.outcome
            self._mark("reservation", hold.token)
            if not answered:
                lost = HoldLost(hold_id=hold.hold_id, reason=event.outcome)
                self._holds.lost(lost, now_s)
            verdict = CancelVerdict.TAKEN if answered else CancelVerdict.NEVER
            node, origin = self._leaders.relay(), hold.message.origin_site
            detail = "" if answered else event.outcome
            self._holds.answer_cancel(node, hold.token, origin, verdict, detail)

    def _begins(self, call: Call, now_s: float) -> None:
        call.offered_at_s = call.entered_at_s = now_s
        call.answered = True
        self._calls.add(call)
        self._out.count("callbacks_reached")
        self._out.write(
            "call_offered",
            call=call.call_id,
            interaction=call.interaction_id,
            queue=call.queue,
            trunk_group=call.trunk_group,
        )
        self._entered(call, now_s)

    def _own_call(self, own: _Own, event: CallerDialed) -> Call:
        callback = own.callback
        call = Call(
            call_id=event.call_id,
            interaction_id=callback.interaction_id,
            service=callback.service,
            queue=callback.queue,
            offered_at_s=callback.since_s,
        )
        call.trunk_group, call.ani = event.trunk_group, callback.number
        call.dialed_number, call.priority = callback.dialed_number, callback.priority
        call.verified = callback.verified
        return call

    def _foreign_call(self, hold: Hold, event: CallerDialed) -> Call:
        message = hold.message
        call = Call(
            call_id=event.call_id,
            interaction_id=message.interaction_id,
            service=message.service,
            queue=message.queue,
            offered_at_s=0.0,
        )
        call.trunk_group, call.ani = event.trunk_group, message.ani
        call.dialed_number, call.priority = message.dialed_number, message.priority
        call.foreign, call.token, call.held_agent = True, hold.token, message.agent
        call.visited_sites = (*message.visited_sites, message.origin_site)
        if hold.data:
            call.data = AttachedData(
                version=message.data_version, digest=message.data_digest, data=hold.data
            )
        return call

    def _write_dialed(self, call_id: str, interaction: str, token: str, agent: str) -> None:
        self._out.write(
            "callback_dialed",
            call=call_id,
            interaction=interaction,
            token=token,
            agent=agent,
            expires_s=self._settings.ring_s + SETTLE_S,
        )

    # ---- after a restart -------------------------------------------------------------------

    def take_up(self, callback: Callback, now_s: float, *, here: bool) -> None:
        """A promise of before a restart. `here`: the call it was given in, or that was made for it,
        goes on. What this site itself dialed otherwise ended with the process, and counts as a call
        made in vain."""
        state = callback.state
        self._book.add(callback)
        if state is CallbackState.PLEDGED:
            self._callbacks.call_over(callback.call_id, "moved" if here else "site", now_s)
        elif state is CallbackState.DIALING and callback.token:
            self._callbacks.due(callback.entry_id, now_s)
        elif state in (CallbackState.DIALING, CallbackState.HOLDING):
            outcome = "failed" if state is CallbackState.DIALING else "not_dialed"
            self._callbacks.tried(callback, "answered" if here else outcome, now_s)
