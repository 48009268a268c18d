"""FreeSWITCH with mod_callcenter as a site's ACD.

Rule of this file: it hands messages, commands and time to the parts and gathers what they tell and
say; what is decided stands in the parts.
"""

from __future__ import annotations

from collections.abc import Callable

from nrcli.wire.messages import TransferMethod
from site_agent.adapters import base
from site_agent.adapters.freeswitch.agents import AgentBook
from site_agent.adapters.freeswitch.arrivals import Arrivals
from site_agent.adapters.freeswitch.calls import CallBook, Stage
from site_agent.adapters.freeswitch.channel_steps import ChannelSteps
from site_agent.adapters.freeswitch.conversation import Conversation, GiveUpLink, Say
from site_agent.adapters.freeswitch.desk import Desk
from site_agent.adapters.freeswitch.esl_protocol import EslError, EslReader
from site_agent.adapters.freeswitch.happenings import Happenings
from site_agent.adapters.freeswitch.holds import Holds
from site_agent.adapters.freeswitch.known_names import KnownNames
from site_agent.adapters.freeswitch.moves import Moves
from site_agent.adapters.freeswitch.probing import Probing
from site_agent.adapters.freeswitch.resync import Resync
from site_agent.adapters.freeswitch.settings import FreeswitchSettings

Outcome = base.AcdEvent | Say | GiveUpLink


class FreeswitchAcd:
    """One FreeSWITCH. Inputs return what happened and what is to be said, in order."""

    def __init__(
        self, settings: FreeswitchSettings, password: str, new_id: Callable[[], str]
    ) -> None:
        line = Conversation(password=password, answer_s=settings.answer_s)
        self._desk = Desk(settings, line, new_id)
        self._line = line
        self._agents = AgentBook(self._desk)
        self._calls = CallBook(self._desk)
        self._holds = Holds(self._desk, self._agents)
        self._steps = ChannelSteps(self._desk)
        self._moves = Moves(self._desk, self._calls, self._steps)
        names = KnownNames(self._desk, self._agents)
        self._arrivals = Arrivals(
            self._desk, self._agents, self._calls, self._holds, self._steps, names
        )
        self._resync = Resync(
            self._desk, self._agents, self._calls, self._holds, self._arrivals, names
        )
        self._probing = Probing(self._desk, self._calls, self._steps)
        self._happenings = Happenings(
            self._desk,
            self._agents,
            self._calls,
            self._holds,
            self._moves,
            self._arrivals,
            self._probing,
            self._resync.look_soon,
        )
        self._resync.join(self._happenings)
        self._reader = EslReader()
        self._commands = self._table()

    @property
    def is_up(self) -> bool:
        """Did FreeSWITCH let us in, on the line that stands?"""
        return self._line.up

    def capabilities(self) -> base.Capabilities:
        """What this FreeSWITCH can do, by its settings and version."""
        refer = (TransferMethod.REFER,) if self._desk.keeps_after_refer else ()
        return base.Capabilities(
            hold_agent=base.HoldLevel.PAUSE,
            insert_by_age=base.HoldLevel.EXACT,
            methods=(TransferMethod.REDIRECT_302, *refer, TransferMethod.BRIDGE),
        )

    def snapshot(self, now_s: float) -> list[base.AcdEvent]:
        """Queues, trunk groups and agents as far as they are known."""
        self._desk.begin(now_s)
        self._calls.forget_told()
        self._calls.tell()
        return [*self._desk.taken(), *self._agents.snapshot()]

    def command(self, command: base.AcdCommand, now_s: float) -> list[Outcome]:
        """Carry out one command of the daemon."""
        self._desk.begin(now_s)
        found = self._commands.get(type(command))
        if found is not None:
            found(command)
        return self._end()

    def link_up(self, now_s: float) -> list[Outcome]:
        """A connection was opened."""
        self._desk.begin(now_s)
        self._reader = EslReader()
        self._line.opened()
        return self._end()

    def link_down(self, now_s: float) -> list[Outcome]:
        """It is gone: nothing is promised, and callers who are moved go on."""
        self._desk.begin(now_s)
        self._desk.synced = False
        self._line.lost()
        self._resync.stop()
        self._holds.all_lost("the connection to FreeSWITCH is lost")
        self._agents.tell_all()
        self._line.outcomes.clear()
        return self._end()

    def receive(self, data: bytes, now_s: float) -> list[Outcome]:
        """Bytes of FreeSWITCH. What cannot be read ends the connection."""
        self._desk.begin(now_s)
        try:
            messages = self._reader.feed(data)
        except EslError as error:
            self._line.outcomes.append(GiveUpLink(problem=f"not an event socket: {error}"))
            return self._end()
        for message in messages:
            was_up = self._line.up
            event = self._line.heard(message)
            if self._line.up and not was_up:
                self._resync.begin()
            if event is not None:
                self._happenings.take(event)
        return self._end()

    def next_timer_s(self) -> float | None:
        """When `fire` is needed next."""
        due = (self._desk.timers.next_s(), self._line.next_timer_s())
        return min((at_s for at_s in due if at_s is not None), default=None)

    def fire(self, now_s: float) -> list[Outcome]:
        """Do what is due."""
        self._desk.begin(now_s)
        self._desk.timers.fire(now_s)
        self._line.fire()
        return self._end()

    # ---- inner -------------------------------------------------------------------------------

    def _end(self) -> list[Outcome]:
        self._calls.tell()
        said, self._line.outcomes = self._line.outcomes, []
        return [*self._desk.taken(), *said]

    def _table(self) -> dict[type, Callable[..., None]]:
        return {
            base.HoldAgent: self._holds.hold_agent,
            base.HoldPlace: self._hold_place,
            base.ReleaseHold: self._holds.release,
            base.AcceptArrival: self._arrivals.accept,
            base.RefuseArrival: self._arrivals.refuse,
            base.TreatAsOrdinary: self._arrivals.ordinary,
            base.StartMove: self._moves.start,
            base.AbortMove: self._moves.abort,
            base.PutBack: self._put_back,
            base.EndMoved: self._moves.end_moved,
            base.ProbeCaller: self._moves.probe,
            base.GiveData: self._arrivals.give_data,
            base.PlayAnnouncement: self._not_played,
            base.RejectCall: self._reject,
            base.SetQueueClosed: self._calls.held_queues.put,
            base.SetQueueShifted: self._calls.held_queues.put,
            base.DialCaller: self._not_dialed,
            base.PlaceProbe: self._probing.place,
            base.AnswerProbe: self._probing.answer,
        }

    def _hold_place(self, command: base.HoldPlace) -> None:
        free_count = self._calls.free_places(command.queue)
        self._holds.hold_place(command, free_count=free_count)

    def _put_back(self, command: base.PutBack) -> None:
        """Back in the queue with the time waited; who only rings may ring on for a while."""
        call = self._calls.get(command.call_id)
        if call is None or call.stage not in (Stage.PARKED, Stage.KEPT):
            return
        call.move_id = call.moved = ""
        call.held_back = False
        rings_on = self._desk.now_s < call.came_at_s + self._desk.settings.queue_after_s
        if call.stage is Stage.PARKED and rings_on and not self._agents.ready_in(call.queue):
            self._arrivals.wait_for_queue(call)
        else:
            self._steps.to_queue(call)

    def _reject(self, command: base.RejectCall) -> None:
        call = self._calls.get(command.call_id)
        if call is None or call.move_id or call.own_agent_rings:
            return
        if call.stage not in (Stage.PARKED, Stage.KEPT, Stage.QUEUED):
            return
        call.moved = "site"
        call.sip_status = base.REJECT_STATUS.get(command.reason, 480)
        if call.stage is Stage.PARKED:
            self._steps.refuse(call, call.sip_status)
        else:
            self._steps.end(call)

    def _not_played(self, command: base.PlayAnnouncement) -> None:
        self._desk.tell(
            base.AnnouncementOver(
                call_id=command.call_id,
                name=command.name,
                played=False,
                problem="FreeSWITCH plays its own: see announce-sound in callcenter.conf.xml",
            )
        )

    def _not_dialed(self, command: base.DialCaller) -> None:
        self._desk.tell(base.CallerDialed(call_id=command.call_id, outcome="failed"))
