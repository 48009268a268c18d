"""Joins all phones of one process on one user agent core: legs to phones, timers, results.

Rule of this file: it dispatches and decides nothing about a call; no clock and no sockets. Every
method takes `now_s` and returns the bytes to send.
"""

from __future__ import annotations

import heapq
import random
from collections.abc import Callable, Sequence
from functools import partial
from itertools import count as counter

from nrcli.errors import LocalProtocolError
from site_agent.phones.agent_phone import AgentPhone, AgentSettings, Behaviour, TakenCall
from site_agent.phones.caller import Caller, story_of
from site_agent.phones.logging_in import LogIn
from site_agent.phones.plan import CallPlan
from site_agent.phones.results import CallResult
from site_agent.sip.signals import (
    InviteReceived,
    Output,
    Peer,
    RequestReceived,
    ResponseReceived,
    SendBytes,
    UserAgentCore,
    UserAgentEvent,
)

Job = Callable[[float], list[Output]]
Address = tuple[str, int]


class Switchboard:
    """All callers and agents' phones."""

    def __init__(
        self,
        user_agent: UserAgentCore,
        *,
        agents: Sequence[AgentSettings],
        caller_local: Address,
        ivr_local: Address,
        rtp: Address,
        seed: int,
        new_id: Callable[[], str],
    ) -> None:
        self._user_agent = user_agent
        self._locals = {False: caller_local, True: ivr_local}
        self._rtp = rtp
        self._new_id = new_id
        self._jobs: list[tuple[float, int, Job]] = []
        self._job_numbers = counter()
        self._legs: dict[str, Caller | AgentPhone] = {}
        self.callers: dict[int, Caller] = {}
        self.agents = {
            (one.listen, one.name): AgentPhone(
                settings=one,
                user_agent=user_agent,
                draw=random.Random(f"{seed}/{one}"),
                rtp=rtp,
                start_timer=self._start_timer,
                told=self._told,
                new_leg=partial(self._new_leg, "agent", (one.listen, one.name)),
            )
            for one in agents
        }
        phones = (
            LogIn(settings=one, user_agent=user_agent, start_timer=self._start_timer)
            for one in agents
            if one.register_at is not None
        )
        self.log_ins = {phone.handle: phone for phone in phones}
        for phone in self.log_ins.values():
            self._start_timer(0.0, phone.start)
        self._hung_up: set[int] = set()
        self._planned: set[int] = set()

    # ---- calls -------------------------------------------------------------------------------

    def schedule(self, plans: Sequence[CallPlan], now_s: float) -> None:
        """Place these calls at their times, counted from now."""
        for plan in plans:
            self._planned.add(plan.number)
            job = partial(self._place_planned, plan)
            self._start_timer(now_s + plan.at_s, job)

    def stop_schedule(self) -> None:
        """Place no more of the scheduled calls."""
        self._planned.clear()

    def place(self, plan: CallPlan, now_s: float) -> list[SendBytes]:
        """Place one call at once."""
        return self._settle(self._place(plan, now_s), now_s)

    def hang_up(self, number: int, now_s: float) -> list[SendBytes]:
        """Make a caller leave; KeyError for an unknown number."""
        return self._settle(self.callers[number].leave(now_s), now_s)

    def set_behaviour(
        self, site: str, agent: str, behaviour: Behaviour, talk_s: float | None
    ) -> bool:
        """What an agent's phone does from the next ring on; False if there is none of that name."""
        found = False
        for phone in self.agents.values():
            if (phone.settings.site, phone.settings.name) == (site, agent):
                phone.behaviour, found = behaviour, True
                phone.talk_s = phone.settings.talk_s if talk_s is None else (talk_s, talk_s)
        return found

    def order_agent(self, site: str, agent: str, do: str, to: str, now_s: float) -> list[SendBytes]:
        """An agent does something with the caller at hand; ValueError where it cannot be."""
        for phone in self.agents.values():
            if (phone.settings.site, phone.settings.name) == (site, agent):
                try:
                    return self._settle(phone.order(do, to, now_s), now_s)
                except LocalProtocolError as error:
                    raise ValueError(f"{agent} cannot {do} now: {error}") from error
        raise ValueError(f"there is no {agent} of {site}")

    def results(self) -> list[CallResult]:
        """Every call placed so far."""
        return [caller.result for caller in self.callers.values()]

    def _place_planned(self, plan: CallPlan, now_s: float) -> list[Output]:
        return self._place(plan, now_s) if plan.number in self._planned else []

    def _place(self, plan: CallPlan, now_s: float) -> list[Output]:
        caller = Caller(
            plan=plan,
            user_agent=self._user_agent,
            local=self._locals[plan.from_ivr],
            rtp=self._rtp,
            new_leg=partial(self._new_leg, "caller", plan.number),
            start_timer=self._start_timer,
            agent_hung_up=self._hung_up.__contains__,
            result=story_of(plan),
        )
        self.callers[plan.number] = caller
        return caller.start(now_s)

    def _new_leg(self, kind: str, whose: int | tuple[Address, str]) -> str:
        leg = f"{kind}-{self._new_id()}"
        self._legs[leg] = self.callers[whose] if isinstance(whose, int) else self.agents[whose]
        return leg

    def _told(self, taken: TakenCall) -> None:
        """An agent's phone knows more: write it into the caller's story."""
        caller = self._caller_of(taken)
        if caller is None:
            return
        if taken.connected and not taken.call:
            caller.talks_with((taken.agent, taken.site), taken.connected_at_s)
        if taken.agent_hung_up:
            self._hung_up.add(caller.plan.number)
        if taken.connected:
            caller.result.data_received = taken.data
            caller.result.interaction_received = taken.interaction_id

    def _caller_of(self, taken: TakenCall) -> Caller | None:
        """By the caller's media, else (a PBX in between makes its own) by the interaction's id."""
        if taken.call:
            return self.callers.get(int(taken.call)) if taken.call.isdigit() else None
        known = (one for one in self.callers.values() if one.plan.interaction_id)
        return next((one for one in known if one.plan.interaction_id == taken.interaction_id), None)

    # ---- bytes and time ----------------------------------------------------------------------

    def receive(self, data: bytes, peer: Peer, now_s: float) -> list[SendBytes]:
        """One SIP message came in."""
        return self._settle(self._user_agent.receive(data, peer, now_s), now_s)

    def send_failed(self, peer: Peer, now_s: float) -> list[SendBytes]:
        """The shell could not send on this flow."""
        return self._settle(self._user_agent.send_failed(peer, now_s), now_s)

    def fire(self, now_s: float) -> list[SendBytes]:
        """Run every timer that is due."""
        sent = self._settle(self._user_agent.fire(now_s), now_s)
        while self._jobs and self._jobs[0][0] <= now_s:
            _, _, job = heapq.heappop(self._jobs)
            sent += self._settle(job(now_s), now_s)
        return sent

    def next_timer_s(self) -> float | None:
        """When `fire` is next needed."""
        own = self._jobs[0][0] if self._jobs else None
        core = self._user_agent.next_timer_s()
        return min((at_s for at_s in (own, core) if at_s is not None), default=None)

    def _start_timer(self, at_s: float, job: Job) -> None:
        heapq.heappush(self._jobs, (at_s, next(self._job_numbers), job))

    def _settle(self, outputs: list[Output], now_s: float) -> list[SendBytes]:
        """Hand events to their phones until only bytes are left."""
        sent: list[SendBytes] = []
        pending = list(reversed(outputs))
        while pending:
            output = pending.pop()
            if isinstance(output, SendBytes):
                sent.append(output)
            else:
                pending.extend(reversed(self._dispatch(output, now_s)))
        return sent

    def _dispatch(self, event: UserAgentEvent, now_s: float) -> list[Output]:
        if isinstance(event, RequestReceived):
            return self._user_agent.respond(event.transaction, 200, now_s)
        if isinstance(event, ResponseReceived):
            log_in = self.log_ins.get(event.handle)
            return log_in.answered(event, now_s) if log_in is not None else []
        if isinstance(event, InviteReceived):
            phone = self.agents.get((event.peer.local, event.request.uri.user))
            if phone is None:
                return self._user_agent.reject(event.leg, 404, now_s)
            self._legs[event.leg] = phone
        leg = getattr(event, "leg", "")
        owner = self._legs.get(leg)
        return owner.on(event, now_s) if owner is not None else []
