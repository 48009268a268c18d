"""Callers who come by a token, and callers whom FreeSWITCH shows before they are in a queue.

Rule of this file: a token's caller is parked until the daemon has spoken; accepted, they are never
refused any more; an agent who does not answer costs them nothing but the ringing.
"""

from __future__ import annotations

import re

from site_agent.adapters import base
from site_agent.adapters.freeswitch.agents import Agent, AgentBook
from site_agent.adapters.freeswitch.calls import Call, CallBook, Stage
from site_agent.adapters.freeswitch.channel_steps import ChannelSteps, decoded
from site_agent.adapters.freeswitch.desk import Desk
from site_agent.adapters.freeswitch.esl_protocol import EslEvent
from site_agent.adapters.freeswitch.holds import Holds
from site_agent.adapters.freeswitch.known_names import KnownNames

TOKEN_START = "nirc-"
_NOT_NUMBER = re.compile(r"[^0-9A-Za-z+*#._-]")
_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
REST_S = 30.0
DATA_BYTES_MAX = 65_536


class Arrivals:
    """Beginnings of calls."""

    def __init__(  # noqa: PLR0917
        self,
        desk: Desk,
        agents: AgentBook,
        calls: CallBook,
        holds: Holds,
        steps: ChannelSteps,
        names: KnownNames,
    ) -> None:
        self._desk = desk
        self._agents = agents
        self._calls = calls
        self._holds = holds
        self._steps = steps
        self._names = names

    # ---- what FreeSWITCH told ----------------------------------------------------------------

    def parked(self, event: EslEvent) -> None:
        """A channel is parked: by the dialplan's entry, or with a token."""
        call_id = event.get("Unique-ID")
        if self._calls.get(call_id) is not None:
            return
        number = event.get("Caller-Destination-Number")
        if number.startswith(TOKEN_START):
            self._by_token(event, number)
        elif queue := self._calls.queue_of(event.get("variable_nirc_queue")):
            self.offer(event, queue, answered=event.get("Answer-State") == "answered")

    def offer(
        self,
        event: EslEvent,
        queue: str,
        *,
        answered: bool,
        queued: bool = False,
        waited_s: float = 0.0,
    ) -> None:
        """A caller who is new here. `queued`: in mod_callcenter's queue already."""
        call = self._new(event, Stage.KEPT if answered else Stage.PARKED)
        if call is None:
            return
        call.queue = queue
        call.held_back = queue in self._calls.held_queues
        call.interaction_id = _id_of(event)
        call.data = decoded(event.get("variable_nirc_data"), DATA_BYTES_MAX)
        if answered:
            call.answered_at_s = self._desk.now_s
        call.offered_at_s -= waited_s
        ready = not call.held_back and self._served_at_once(queue)
        number = _NOT_NUMBER.sub("", event.get("Caller-Caller-ID-Number"))[:40]
        self._desk.tell(
            base.CallOffered(
                call_id=call.call_id,
                interaction_id=call.interaction_id,
                service=_name(event.get("variable_nirc_service")) or queue,
                queue=queue,
                trunk_group=call.trunk_group,
                dialed_number=_dialed(event),
                ani=number,
                agent_ready=ready,
                emergency=event.get("variable_nirc_emergency") == "true",
                held_back=call.held_back,
                data=call.data,
                waited_s=waited_s,
                withheld=not number or event.get("Caller-Privacy-Hide-Number") == "true",
            )
        )
        if answered:
            self._desk.tell(base.CallAnswered(call_id=call.call_id))
        if queued:
            call.stage = Stage.QUEUED
            if call.held_back:
                self._steps.keep(call)
        elif ready:
            self._steps.to_queue(call)
        else:
            self.wait_for_queue(call)

    def wait_for_queue(self, call: Call) -> None:
        """Rings for a while, then goes into the queue, or hears music if it is held back."""
        at_s = max(self._desk.now_s, call.came_at_s + self._desk.settings.queue_after_s)
        self._desk.timers.start(f"queue {call.call_id}", at_s, lambda: self._rang_enough(call))

    def answered(self, call: Call) -> None:
        """200 went out. FreeSWITCH does not tell of the ACK: who stands a while later has come."""
        if call.answered:
            return
        call.answered_at_s = self._desk.now_s
        self._desk.tell(base.CallAnswered(call_id=call.call_id))
        if call.by_token:
            self._desk.timers.start(
                f"ack {call.call_id}",
                self._desk.now_s + self._desk.settings.ack_settle_s,
                lambda: self._acknowledged(call),
            )

    def agent_leg_over(self, call: Call, agent: Agent | None, cause: str) -> None:
        """The leg to a held agent is over: it was not answered, or the talk has ended."""
        if agent is None or agent.call_id != call.call_id:
            return
        if call.stage is Stage.RINGING:
            call.stage, call.rung = Stage.QUEUED, ""
            self.finish(agent, rest_s=0.0 if cause == "ORIGINATOR_CANCEL" else REST_S)
        else:
            self.finish(agent, rest_s=0.0)

    def finish(self, agent: Agent, *, rest_s: float) -> None:
        """An agent has nothing to do with a call of NIRC's any more: after-call work, or a rest."""
        agent.call_id = ""
        agent.rests = rest_s > 0.0
        agent.busy_until_s = self._desk.now_s + (rest_s or agent.wrap_up_s)
        self._desk.timers.stop(f"guard {agent.name}")
        self._desk.timers.start(
            f"back {agent.name}", agent.busy_until_s, lambda: self._back_to_work(agent)
        )
        self._agents.tell(agent)

    # ---- what the daemon says ----------------------------------------------------------------

    def accept(self, command: base.AcceptArrival) -> None:
        """Put the caller on what was held for them."""
        call = self._joining(command, by_token=bool(command.hold_id))
        if call is None:
            return
        call.answer_first = command.answer_now
        agent = self._holds.use(command.hold_id)
        if agent is None:
            self._steps.to_queue(call)
            return
        agent.call_id = call.call_id
        call.rung = agent.name
        self._agents.tell(agent)
        if command.data_within_s and not call.data:
            self._desk.timers.start(
                f"data {call.call_id}",
                self._desk.now_s + command.data_within_s,
                lambda: self._ring(call),
            )
            call.stage = Stage.RINGING
        else:
            self._ring(call)

    def ordinary(self, command: base.TreatAsOrdinary) -> None:
        """A dead token: into the queue by age."""
        call = self._joining(command, by_token=True)
        if call is not None:
            self._steps.to_queue(call)

    def refuse(self, command: base.RefuseArrival) -> None:
        """A final status; 480 and 503 only come here."""
        call = self._calls.get(command.call_id)
        if call is not None and call.stage is Stage.ARRIVING:
            call.moved, call.sip_status = "site", command.sip_status
            self._steps.refuse(call, command.sip_status)

    def give_data(self, command: base.GiveData) -> None:
        """Data that came late: an agent who waits for it is rung now."""
        call = self._calls.get(command.call_id)
        if call is None:
            return
        call.data = command.data
        if self._desk.timers.runs(f"data {call.call_id}"):
            self._desk.timers.stop(f"data {call.call_id}")
            self._ring(call)

    # ---- inner -------------------------------------------------------------------------------

    def _new(self, event: EslEvent, stage: Stage) -> Call | None:
        call_id = event.get("Unique-ID")
        if not _ID.fullmatch(call_id):
            return None
        trunk = self._calls.channel(
            call_id, event.get("Channel-Name"), event.get("variable_nirc_trunk")
        )
        self._names.caller(event.get("Channel-Name"), trunk)
        call = Call(call_id, stage, trunk, self._desk.now_s)
        return call if self._calls.add(call) else None

    def _by_token(self, event: EslEvent, token: str) -> None:
        call = self._new(event, Stage.ARRIVING)
        if call is None:
            return
        tag = event.get("variable_sip_from_tag")
        key = f"{event.get('variable_sip_call_id') or call.call_id};{tag}"
        number = _NOT_NUMBER.sub("", event.get("Caller-Caller-ID-Number"))[:40]
        self._desk.tell(
            base.CallArriving(
                call_id=call.call_id,
                token=_NOT_NUMBER.sub("", token)[:128],
                invite_key=key,
                trunk_group=call.trunk_group,
                ani=number,
                data=decoded(event.get("variable_sip_h_X-NIRC-Data"), DATA_BYTES_MAX),
            )
        )

    def _joining(
        self, command: base.AcceptArrival | base.TreatAsOrdinary, *, by_token: bool
    ) -> Call | None:
        call = self._calls.get(command.call_id)
        if call is None or call.stage is not Stage.ARRIVING:
            return None
        call.by_token = by_token
        call.queue, call.data = command.queue, command.data
        call.interaction_id = command.interaction_id
        call.offered_at_s = self._desk.now_s - command.waited_s
        return call

    def _ring(self, call: Call) -> None:
        agent = self._agents.get(call.rung)
        if self._calls.get(call.call_id) is not call:
            return
        if agent is None or not self._steps.ring(call, agent, answer_first=call.answer_first):
            if agent is not None:
                self.finish(agent, rest_s=0.0)
            call.rung = ""
            self._steps.to_queue(call, head=True)

    def _served_at_once(self, queue: str) -> bool:
        """Are more agents ready than callers before this one?"""
        before = [one for one in self._calls.waiting(queue) if one.stage is Stage.QUEUED]
        return len(self._agents.ready_in(queue)) > len(before)

    def _rang_enough(self, call: Call) -> None:
        if self._calls.get(call.call_id) is not call or call.move_id:
            return
        if not call.held_back:
            self._steps.to_queue(call)
        elif not call.answered:
            self._steps.answer_and_wait(call)

    def _acknowledged(self, call: Call) -> None:
        if self._calls.get(call.call_id) is call and not call.acknowledged:
            call.acknowledged = True
            self._desk.tell(base.ArrivalAcknowledged(call_id=call.call_id))

    def _back_to_work(self, agent: Agent) -> None:
        if not agent.call_id and not agent.hold_id:
            self._holds.give_back(agent)
            self._agents.tell(agent)


def _id_of(event: EslEvent) -> str:
    """The IVR's own word, else the channel's id."""
    own = event.get("variable_nirc_interaction")
    return own if _ID.fullmatch(own) else event.get("Unique-ID").replace("-", "")[:64]


def _name(text: str) -> str:
    return text if _ID.fullmatch(text) else ""


def _dialed(event: EslEvent) -> str:
    number = event.get("variable_nirc_dialed") or event.get("variable_sip_req_user")
    return _NOT_NUMBER.sub("", number)[:40]
