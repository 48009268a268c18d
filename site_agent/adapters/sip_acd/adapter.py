"""The built-in ACD as an adapter: the site daemon's commands in, ACD events out.

Rule of this file: translation only. It sets the time of a turn, hands commands to the part they
concern, and turns what changed in queues, agents and trunks into events, once a turn.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from nrcli.wire.messages import TransferMethod
from routing_policies.network_kinds import Ageing
from site_agent.adapters.base import (
    AbortMove,
    AcceptArrival,
    AcdCommand,
    AcdEvent,
    AgentChanged,
    AgentUnanswered,
    Announce,
    AnswerProbe,
    CallResumed,
    CallSilent,
    Capabilities,
    DialCaller,
    EndMoved,
    GiveData,
    HoldAgent,
    HoldGranted,
    HoldLevel,
    HoldLost,
    HoldPlace,
    HoldRefused,
    JoinConsult,
    KeepForRestart,
    PlaceProbe,
    PlayAnnouncement,
    ProbeCaller,
    PutBack,
    QueueChanged,
    RefuseArrival,
    RejectCall,
    ReleaseHold,
    ReturnToAgent,
    SetAgeing,
    SetAgentState,
    SetQueueClosed,
    SetQueueShifted,
    StartMove,
    TreatAsOrdinary,
    TrunkChanged,
    WatchNumbers,
)
from site_agent.adapters.sip_acd.back_to_back import BackToBack
from site_agent.adapters.sip_acd.calls import Hears
from site_agent.adapters.sip_acd.desk import Desk, Outcome
from site_agent.adapters.sip_acd.settings import Address, SipAcdSettings, check
from site_agent.sip.signals import Peer, UserAgentCore


class SipAcd:
    """The ACD of one site. Every method returns its outcomes in order; the shell sorts them.

    `SendBytes` goes to the SIP transport, `PlayMedia` and `StopMedia` to the media player, all
    others are events of the site daemon.
    """

    def __init__(
        self,
        settings: SipAcdSettings,
        user_agent: UserAgentCore,
        new_id: Callable[[], str],
        emit: Callable[[AcdEvent], None] | None = None,
        *,
        keeps: bool = False,
    ) -> None:
        self._keeps = keeps
        "Tells what must be kept for the next process."
        check(settings)
        self._desk = Desk(settings, user_agent, new_id)
        self._b2b = BackToBack(self._desk)
        self.use_numbers = self._desk.use_numbers
        self.media_bound = self._desk.media_bound
        self.is_listed, self.admits = self._desk.is_listed, self._desk.admits
        self.sip_call_id = self._desk.sip_call_id
        self._emit = emit

    # ---- for the shell -------------------------------------------------------------------------

    def receive(self, data: bytes, peer: Peer, now_s: float) -> list[Outcome]:
        """One datagram, or one message cut from a stream."""
        self._desk.now_s = now_s
        self._desk.take(self._desk.ua.receive(data, peer, now_s))
        return self._turn()

    def send_failed(self, peer: Peer, now_s: float) -> list[Outcome]:
        """The shell could not send on this flow."""
        self._desk.now_s = now_s
        self._desk.take(self._desk.ua.send_failed(peer, now_s))
        return self._turn()

    def fire(self, now_s: float) -> list[Outcome]:
        """Run every timer that is due."""
        desk = self._desk
        desk.now_s = now_s
        desk.take(desk.ua.fire(now_s))
        self._b2b.run()
        desk.queueing.fire(now_s)
        for agent in desk.registrar.fire(now_s):
            desk.queueing.set_reachable(agent, False, now_s)
            desk.touched_phones.add(agent)
        self._b2b.fire()
        return self._turn()

    def next_timer_s(self) -> float | None:
        """When `fire` is next needed; None if no timer runs."""
        desk = self._desk
        sources = (desk.ua, desk.queueing, desk.registrar)
        times = [source.next_timer_s() for source in sources]
        times.append(desk.timers.next_s())
        return min((at_s for at_s in times if at_s is not None), default=None)

    def trunk_bound(self, trunk_group: str, listen: Address) -> None:
        """Where the shell really listens for a trunk group whose port was 0."""
        self._desk.trunks.rebind(trunk_group, listen)

    def agents_bound(self, listen: Address) -> None:
        """Where the shell really listens for agents if the port was 0."""
        self._desk.registrar.rebind(listen)

    def drain(self, draining: bool) -> None:
        """Refuse new calls with 503; those that stand go on."""
        self._desk.draining = draining

    def set_agent_state(self, agent: str, ready: bool, now_s: float) -> list[Outcome]:
        """What an agent wants to be; on a call it counts from its end.

        Raises:
            KeyError: there is no such agent.
        """
        self._desk.now_s = now_s
        if not self._desk.queueing.set_ready(agent, ready, now_s):
            raise KeyError(agent)
        return self._turn()

    def resume(
        self, kept: Sequence[KeepForRestart], shift_s: float, now_s: float
    ) -> tuple[list[CallResumed], list[Outcome]]:
        """Go on with what the process before this one kept, as far as SIP allows."""
        self._desk.now_s = now_s
        resumed = self._b2b.resuming.all(kept, shift_s)
        self._b2b.intake.begin_after(len(kept))
        return resumed, self._turn()

    def take_in_again(
        self, kept: Sequence[KeepForRestart], shift_s: float, now_s: float
    ) -> list[Outcome]:
        """INVITEs without a final answer that the process before this one kept."""
        self._desk.now_s = now_s
        self._b2b.kept.invites.again(kept, shift_s)
        return self._turn()

    # ---- for the daemon ------------------------------------------------------------------------

    def capabilities(self) -> Capabilities:
        """What this ACD can do."""
        return Capabilities(
            hold_agent=HoldLevel.EXACT,
            insert_by_age=HoldLevel.EXACT,
            methods=(
                TransferMethod.REDIRECT_302,
                TransferMethod.REFER,
                TransferMethod.BRIDGE,
                TransferMethod.TRANSLATION_ROUTE,
            ),
        )

    def snapshot(self, now_s: float) -> list[AcdEvent]:
        """Agents, queues and trunks as they are now."""
        desk = self._desk
        return [
            *self._agents([agent.name for agent in desk.queueing.agents.all()]),
            *self._queues(list(desk.queueing.lines), now_s),
            *self._trunks([group.settings.name for group in desk.trunks.all()]),
        ]

    def command(self, command: AcdCommand, now_s: float) -> list[Outcome]:
        """Carry out one command."""
        self._desk.now_s = now_s
        if isinstance(command, HoldAgent | HoldPlace | ReleaseHold):
            self._hold(command)
        elif isinstance(command, WatchNumbers):
            self._desk.pooled = frozenset(command.numbers)
        elif isinstance(command, SetQueueClosed | SetQueueShifted):
            self._desk.queueing.held_queues.put(command)
        elif isinstance(command, SetAgeing):
            ageing = Ageing(every_s=command.every_s, most=command.most)
            self._desk.age(command.call_id, ageing)
        elif isinstance(command, SetAgentState):
            self._b2b.set_agent(command)
        elif isinstance(command, GiveData):
            call = self._desk.calls.get(command.call_id)
            if call is not None:
                self._b2b.intake.give(call, command.data)
        else:
            self._call_command(command)
        return self._turn()

    def _hold(self, command: HoldAgent | HoldPlace | ReleaseHold) -> None:
        desk, holds = self._desk, self._desk.queueing.holds
        if isinstance(command, ReleaseHold):
            who = desk.queueing.agents.get(command.agent)
            holds.release(command.hold_id or (who.hold_id if who else ""), desk.now_s)
            return
        agent = command.agent if isinstance(command, HoldAgent) else ""
        if isinstance(command, HoldAgent):
            reason = holds.hold_agent(command.hold_id, agent, command.queue, desk.now_s)
        else:
            reason = holds.hold_place(command.hold_id, command.queue, desk.now_s)
        if reason:
            desk.tell(HoldRefused(hold_id=command.hold_id, reason=reason))
        else:
            desk.tell(HoldGranted(hold_id=command.hold_id, queue=command.queue, agent=agent))

    def _call_command(self, command: AcdCommand) -> None:
        intake, moves = self._b2b.intake, self._b2b.moves
        self._desk.touched.add(getattr(command, "call_id", ""))
        if isinstance(command, AcceptArrival):
            intake.accept(command)
        elif isinstance(command, RefuseArrival):
            intake.refuse(command)
        elif isinstance(command, TreatAsOrdinary):
            intake.treat_as_ordinary(command)
        elif isinstance(command, StartMove):
            intake.awaiting_verdict(command.call_id)
            moves.start(command)
        elif isinstance(command, AbortMove):
            moves.abort(command)
        elif isinstance(command, PutBack):
            moves.put_back(command.call_id)
        elif isinstance(command, EndMoved):
            moves.end_moved(command.call_id)
        elif isinstance(command, ProbeCaller):
            moves.probe(command.call_id)
        elif isinstance(command, Announce):
            intake.announce(command)
            self._b2b.announcing.position(command)
        elif isinstance(command, PlayAnnouncement):
            self._b2b.announcing.play(command)
        elif isinstance(command, RejectCall):
            self._b2b.announcing.reject(command)
        elif isinstance(command, JoinConsult):
            self._b2b.consults.join(command.call_id, command.consult_call_id)
        elif isinstance(command, ReturnToAgent):
            self._b2b.transfers.give_back(command.call_id, command.sip_status)
        elif isinstance(command, DialCaller):
            self._b2b.dialing.dial(command, intake.next_serial())
        elif isinstance(command, PlaceProbe):
            self._b2b.probing.place(command, intake.next_serial())
        elif isinstance(command, AnswerProbe):
            self._b2b.probing.answer(command, intake.awaiting_verdict(command.call_id))

    # ---- what changed --------------------------------------------------------------------------

    def _turn(self) -> list[Outcome]:
        self._b2b.run()
        desk = self._desk
        for lost in desk.queueing.holds.take_lost():
            desk.tell(HoldLost(hold_id=lost.hold_id, reason=lost.reason))
        for agent, call_id in desk.queueing.unanswered:
            desk.tell(AgentUnanswered(agent=agent, call_id=call_id))
        desk.queueing.unanswered.clear()
        agents, queues = desk.queueing.agents.changed, desk.queueing.changed_queues
        trunks = desk.trunks.changed
        if agents:
            desk.tell(*self._agents(sorted(agents)))
            agents.clear()
        if queues:
            desk.tell(*self._queues(sorted(queues), desk.now_s))
            queues.clear()
        if trunks:
            desk.tell(*self._trunks(sorted(trunks)))
            trunks.clear()
        _tell_silences(desk)
        if self._keeps:
            self._b2b.kept.write()
        desk.touched.clear()
        desk.touched_phones.clear()
        return desk.take_out()

    def _agents(self, names: Sequence[str]) -> list[AcdEvent]:
        events: list[AcdEvent] = []
        for name in names:
            agent = self._desk.queueing.agents.get(name)
            if agent is not None and agent.shown is not None:
                events.append(
                    AgentChanged(
                        agent=name,
                        state=agent.shown,
                        queues=agent.memberships,
                        calls_count=1 if agent.call_id else 0,
                        reason=agent.reason,
                        pending=agent.pending,
                        network_id=agent.network_id,
                    )
                )
        return events

    def _queues(self, names: Sequence[str], now_s: float) -> list[AcdEvent]:
        lines = self._desk.queueing.lines
        return [
            QueueChanged(
                queue=name,
                open=lines[name].open,
                waiting_count=lines[name].waiting_count,
                places_max=lines[name].settings.places_max,
                answered_count=lines[name].answered_count,
                abandoned_count=lines[name].abandoned_count,
                aht_s=lines[name].aht_s(now_s),
                oldest_offered_at_s=lines[name].oldest_offered_at_s(),
            )
            for name in names
        ]

    def _trunks(self, names: Sequence[str]) -> list[AcdEvent]:
        groups = [self._desk.trunks.get(name) for name in names]
        return [
            TrunkChanged(
                trunk_group=group.settings.name,
                channels_max=group.settings.channels_max,
                channels_used_count=group.used_count,
            )
            for group in groups
        ]


def _tell_silences(desk: Desk) -> None:
    """Callers of this turn who hear nothing, and those who hear something again."""
    for call_id in desk.touched:
        call = desk.calls.get(call_id)
        silent = call is not None and call.hears is Hears.SILENCE
        if call is not None and silent != call.silence_told:
            call.silence_told = silent
            desk.tell(CallSilent(call_id=call_id, silent=silent))
