"""Asterisk as an adapter: the manager's events and the site daemon's commands in, outcomes out.

Rule of this file: translation only. It sets the time of a turn and hands each event, command and
timer to the part it concerns. A lost connection promises nothing: nobody is ready, no hold stands.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from nrcli.wire.messages import TransferMethod
from site_agent.adapters import base
from site_agent.adapters.asterisk import ami_events as ami
from site_agent.adapters.asterisk import ami_lists
from site_agent.adapters.asterisk.announcing import Announcing
from site_agent.adapters.asterisk.arrivals import DATA, VERDICT, Arrivals
from site_agent.adapters.asterisk.asterisk_protocol import AmiMessage
from site_agent.adapters.asterisk.callers import Callers
from site_agent.adapters.asterisk.desk import Desk, Outcome
from site_agent.adapters.asterisk.holds import ANSWER, EXPIRY, Holds
from site_agent.adapters.asterisk.known_names import KnownNames
from site_agent.adapters.asterisk.members import Members
from site_agent.adapters.asterisk.moves import MOVE, Moves
from site_agent.adapters.asterisk.probing import PROBE, Probing
from site_agent.adapters.asterisk.settings import AsteriskSettings
from site_agent.adapters.asterisk.state import Place
from site_agent.adapters.asterisk.syncing import SYNC, Syncing
from site_agent.adapters.asterisk.talks import AFTER_CALL, LEFT, Talks


class AsteriskAcd:
    """The ACD of one site behind one Asterisk. `Say` goes to the PBX, all else to the daemon."""

    def __init__(self, settings: AsteriskSettings, new_id: Callable[[], str]) -> None:
        self._desk = desk = Desk(settings, new_id)
        self._holds = Holds(desk)
        self._talks = Talks(desk, self._holds)
        self._names = KnownNames(desk)
        self._callers = Callers(desk, self._holds, self._talks, self._names)
        self._arrivals = Arrivals(desk, self._callers, self._holds, self._talks)
        self._probing = Probing(desk, self._arrivals)
        self._moves = Moves(desk, self._callers, self._talks)
        self._members = Members(desk, self._holds)
        self._announcing = Announcing(desk, self._callers)
        self._syncing = Syncing(desk, self._callers, self._members, self._holds, self._names)
        self._on_event = self._events()
        self._on_command = self._commands()
        self._on_timer: dict[str, Callable[[str], None]] = {
            ANSWER: lambda about: self._holds.lose(about, "silent"),
            EXPIRY: lambda about: self._holds.lose(about, "expired"),
            VERDICT: self._arrivals.unspoken,
            DATA: self._arrivals.ring,
            PROBE: self._probing.late,
            MOVE: self._moves.late,
            LEFT: self._callers.still_left,
            AFTER_CALL: self._talks.after_call_over,
            SYNC: lambda about: self._syncing.begin(),
        }

    # ---- for the shell -------------------------------------------------------------------------

    def connected(self, now_s: float) -> list[Outcome]:
        """The manager let us in: ask for everything."""
        self._desk.now_s = now_s
        self._desk.connected = True
        self._syncing.begin()
        return self._desk.take_out()

    def lost(self, now_s: float) -> list[Outcome]:
        """The connection is gone: nothing is promised until the state was heard again."""
        self._desk.now_s = now_s
        self._desk.connected = False
        self._holds.lose_all("pbx_lost")
        for call in [one for one in self._desk.calls.values() if one.place is Place.ARRIVING]:
            self._callers.close(call, "site")
        self._probing.lose_all()
        self._syncing.stop()
        return self._desk.take_out()

    def receive(self, message: AmiMessage, now_s: float) -> list[Outcome]:
        """One message of the PBX."""
        self._desk.now_s = now_s
        event = ami.read(message)
        if event is not None:
            self._on_event[type(event)](event)
        return self._desk.take_out()

    def fire(self, now_s: float) -> list[Outcome]:
        """Run every timer that is due."""
        self._desk.now_s = now_s
        for kind, about in self._desk.timers.due(now_s):
            self._on_timer[kind](about)
        return self._desk.take_out()

    def next_timer_s(self) -> float | None:
        """When `fire` is needed next."""
        return self._desk.timers.next_s()

    # ---- for the daemon ------------------------------------------------------------------------

    def capabilities(self) -> base.Capabilities:
        """What this ACD can do."""
        return base.Capabilities(
            hold_agent=base.HoldLevel.PAUSE,
            insert_by_age=base.HoldLevel.POSITION,
            methods=(TransferMethod.REDIRECT_302, TransferMethod.REFER, TransferMethod.BRIDGE),
        )

    def snapshot(self, now_s: float) -> list[base.AcdEvent]:
        """Agents, queues and trunks as they are known now."""
        desk = self._desk
        desk.now_s = now_s
        return [
            *[desk.agent_event(agent) for agent in desk.agents.values()],
            *[desk.queue_event(queue) for queue in desk.queues.values()],
            *[desk.trunk_event(name) for name in desk.trunks],
        ]

    def command(self, command: base.AcdCommand, now_s: float) -> list[Outcome]:
        """Carry out one command."""
        self._desk.now_s = now_s
        self._on_command[type(command)](command)
        return self._desk.take_out()

    # ---- which part gets what ------------------------------------------------------------------

    def _events(self) -> dict[type, Callable[[Any], None]]:
        return {
            ami.ChannelSeen: self._channel_seen,
            ami.ChannelOver: self._channel_over,
            ami.FarEndHungUp: self._far_end_over,
            ami.CallerInQueue: self._callers.joined,
            ami.CallerLeft: self._callers.left,
            ami.MemberSeen: lambda event: self._members.seen(event, self._syncing.listing),
            ami.MemberRemoved: self._members.removed,
            ami_lists.QueueSeen: self._syncing.queue_seen,
            ami_lists.EndpointSeen: self._names.endpoint_seen,
            ami.AgentSign: self._talks.agent_sign,
            ami.DialSign: self._dialed,
            ami.AgiWaits: self._arrivals.waits,
            ami.DialplanSaid: self._said,
            ami_lists.ListOver: self._syncing.over,
            ami.Answered: self._answered,
        }

    def _commands(self) -> dict[type, Callable[[Any], None]]:
        moves, arrivals, announcing = self._moves, self._arrivals, self._announcing
        return {
            base.HoldAgent: self._holds.hold_agent,
            base.HoldPlace: self._holds.hold_place,
            base.ReleaseHold: self._holds.release,
            base.AcceptArrival: arrivals.accept,
            base.RefuseArrival: arrivals.refuse,
            base.TreatAsOrdinary: arrivals.treat_as_ordinary,
            base.GiveData: arrivals.give,
            base.StartMove: moves.start,
            base.AbortMove: moves.abort,
            base.PutBack: lambda command: moves.put_back(command.call_id),
            base.EndMoved: lambda command: moves.end_moved(command.call_id),
            base.ProbeCaller: lambda command: moves.probe(command.call_id),
            base.Announce: announcing.position,
            base.PlayAnnouncement: announcing.play,
            base.RejectCall: announcing.reject,
            base.DialCaller: announcing.dial,
            base.SetQueueClosed: announcing.unsupported,
            base.SetQueueShifted: announcing.unsupported,
            base.SetAgeing: announcing.unsupported,
            base.WatchNumbers: announcing.unsupported,
            base.PlaceProbe: self._probing.place,
            base.AnswerProbe: self._probing.answer,
            base.ReturnToAgent: announcing.unsupported,
            base.JoinConsult: announcing.unsupported,
            base.SetAgentState: announcing.unsupported,
        }

    def _channel_seen(self, event: ami.ChannelSeen) -> None:
        self._syncing.channel_seen(event)
        self._probing.seen(event)
        self._callers.seen(event)

    def _far_end_over(self, event: ami.FarEndHungUp) -> None:
        self._syncing.far_end_over(event.unique_id)
        self._callers.hung_up(event.unique_id)
        self._probing.hung_up(event.unique_id)

    def _channel_over(self, event: ami.ChannelOver) -> None:
        self._syncing.channel_over(event)
        self._callers.over(event.unique_id)
        self._probing.over(event)

    def _dialed(self, event: ami.DialSign) -> None:
        call = self._desk.channels.get(event.unique_id)
        if call is not None and call.place is Place.GIVEN:
            self._arrivals.dialed(event, call)
        elif call is not None and call.place is Place.MOVING:
            self._moves.dialed(event, call)

    def _said(self, event: ami.DialplanSaid) -> None:
        parts: dict[str, Callable[[ami.DialplanSaid], None]] = {
            "NircMove": self._moves.said,
            "NircAgent": self._arrivals.said,
            "NircData": self._callers.said,
            "NircPlayed": self._announcing.said,
        }
        if event.kind in parts:
            parts[event.kind](event)

    def _answered(self, event: ami.Answered) -> None:
        kind, about = self._desk.asked(event.action_id, keep=event.success and not event.done)
        if kind == PROBE:
            self._probing.answered(about, event)
        elif kind == "timer" and event.success and event.done:
            self._holds.timed(about, event.unique_id)
        if event.success or not kind:
            return
        if kind in ("timer", "pause", "held"):
            self._holds.lose(about, "refused")
        elif kind == "redirect":
            self._moves.redirect_failed(about)
