"""What FreeSWITCH tells by itself: channels, mod_callcenter, registrations.

Rule of this file: each event goes to the part it is about; one that contradicts what is known is
an ordinary case, and the newer word counts.
"""

from __future__ import annotations

from collections.abc import Callable

from site_agent.adapters.freeswitch.agents import AVAILABLE, Agent, AgentBook
from site_agent.adapters.freeswitch.arrivals import Arrivals
from site_agent.adapters.freeswitch.calls import Call, CallBook, Stage
from site_agent.adapters.freeswitch.desk import Desk
from site_agent.adapters.freeswitch.esl_protocol import EslEvent
from site_agent.adapters.freeswitch.holds import Holds
from site_agent.adapters.freeswitch.moves import Moves
from site_agent.adapters.freeswitch.probing import Probing
from site_agent.adapters.freeswitch.tables import whole

CHANNEL_EVENTS = (
    "CHANNEL_CREATE",
    "CHANNEL_PARK",
    "CHANNEL_PROGRESS",
    "CHANNEL_PROGRESS_MEDIA",
    "CHANNEL_ANSWER",
    "CHANNEL_BRIDGE",
    "CHANNEL_EXECUTE_COMPLETE",
    "CHANNEL_HANGUP_COMPLETE",
)
SUBSCRIPTION = (
    f"event plain {' '.join(CHANNEL_EVENTS)} BACKGROUND_JOB HEARTBEAT CUSTOM callcenter::info"
    " sofia::register sofia::unregister sofia::expire"
)
BROKE_OUT_S = 2.0
UNTIL_READ_S = 3.0
Handler = Callable[[EslEvent], None]


class Happenings:
    """Hands events on."""

    def __init__(  # noqa: PLR0917
        self,
        desk: Desk,
        agents: AgentBook,
        calls: CallBook,
        holds: Holds,
        moves: Moves,
        arrivals: Arrivals,
        probing: Probing,
        look_again: Callable[[], None],
    ) -> None:
        self._desk = desk
        self._agents = agents
        self._calls = calls
        self._holds = holds
        self._moves = moves
        self._arrivals = arrivals
        self._probing = probing
        self._look_again = look_again
        self._channels: dict[str, Handler] = {
            "CHANNEL_CREATE": lambda event: _count(calls, event),
            "CHANNEL_PARK": arrivals.parked,
            "CHANNEL_ANSWER": self._answered,
            "CHANNEL_BRIDGE": self._bridged,
            "CHANNEL_EXECUTE_COMPLETE": self._executed,
            "CHANNEL_HANGUP_COMPLETE": self._hung_up,
        }
        self._actions: dict[str, Handler] = {
            "agent-status-change": self._status,
            "agent-state-change": self._state,
            "member-queue-start": self._entered,
            "member-queue-resume": self._entered,
            "agent-offering": self._rings,
            "bridge-agent-start": self._talks,
            "bridge-agent-end": self._talked,
            "bridge-agent-fail": self._not_answered,
            "member-queue-end": self._left,
        }

    def take(self, event: EslEvent) -> None:
        """One event."""
        if event.name == "HEARTBEAT":
            self._desk.read_epoch(whole(event.get("Event-Date-Timestamp")) / 1e6)
        elif event.name != "CUSTOM":
            self._moves.far_leg(event)
            self._channels.get(event.name, _nothing)(event)
        elif event.subclass == "callcenter::info":
            self._actions.get(event.get("CC-Action"), _nothing)(event)
        elif event.subclass in ("sofia::register", "sofia::unregister", "sofia::expire"):
            self._phone(event)

    # ---- channels ----------------------------------------------------------------------------

    def _answered(self, event: EslEvent) -> None:
        call = self._calls.get(event.get("Unique-ID"))
        if call is not None:
            self._arrivals.answered(call)

    def _bridged(self, event: EslEvent) -> None:
        call = self._calls.get(event.get("Unique-ID"))
        if call is None:
            return
        if call.stage is Stage.RINGING and call.rung:
            self._arrivals.answered(call)
            self._calls.connected(call, call.rung)
        elif call.move_id:
            self._arrivals.answered(call)
            self._moves.joined(call, call.move_id)

    def _executed(self, event: EslEvent) -> None:
        call = self._calls.get(event.get("Unique-ID"))
        if call is None or event.get("Application") != "bridge":
            return
        if call.rung:
            cause = event.get("variable_originate_disposition")
            self._arrivals.agent_leg_over(call, self._agents.get(call.rung), cause)
        else:
            self._moves.bridge_over(call, event)

    def _hung_up(self, event: EslEvent) -> None:
        channel = event.get("Unique-ID")
        self._calls.channel_gone(channel)
        self._probing.hung_up(event)
        rung_for = self._calls.get(event.get("variable_nirc_ring"))
        if rung_for is not None and rung_for.call_id != channel:
            agent = self._agents.of_pbx(event.get("variable_nirc_agent"))
            self._arrivals.agent_leg_over(rung_for, agent, event.get("Hangup-Cause"))
        call = self._calls.get(channel)
        if call is not None:
            self._over(call, event)

    def _over(self, call: Call, event: EslEvent) -> None:
        cause = event.get("Hangup-Cause")
        by_caller = event.get("variable_sip_hangup_disposition") in ("recv_bye", "recv_cancel")
        if by_caller and call.moved != "site":
            call.moved, call.sip_status = "", 0
        released_by = self._moves.ended(call) or call.moved
        if not released_by:
            talked = call.agent and not by_caller
            released_by = "agent" if talked else "caller" if by_caller else "site"
            if cause == "BLIND_TRANSFER":
                released_by = "moved"
        self.finish_call(call, released_by)

    def finish_call(self, call: Call, released_by: str) -> None:
        """The call is over; an agent who was held for it has after-call work."""
        self._calls.end(call, released_by)
        agent = self._agents.get(call.rung or call.agent)
        if agent is not None and agent.call_id == call.call_id:
            self._arrivals.finish(agent, rest_s=0.0)

    # ---- mod_callcenter ----------------------------------------------------------------------

    def _entered(self, event: EslEvent) -> None:
        queue = self._calls.queue_of(event.get("CC-Queue"))
        call = self._calls.get(event.get("CC-Member-Session-UUID"))
        self._desk.timers.stop(f"lost {event.get('CC-Member-Session-UUID')}")
        if call is None and queue:
            self._arrivals.offer(event, queue, answered=True, queued=True)
        elif call is not None and queue and not call.move_id:
            self._desk.timers.stop(f"queue {call.call_id}")
            call.stage, call.queue, call.own_agent_rings = Stage.QUEUED, queue, False

    def _rings(self, event: EslEvent) -> None:
        call = self._calls.get(event.get("CC-Member-Session-UUID"))
        if call is not None and call.stage is Stage.QUEUED:
            call.own_agent_rings = True

    def _talks(self, event: EslEvent) -> None:
        call = self._calls.get(event.get("CC-Member-Session-UUID"))
        agent = self._agents.of_pbx(event.get("CC-Agent"))
        if call is not None and agent is not None:
            self._calls.connected(call, agent.name)

    def _talked(self, event: EslEvent) -> None:
        agent = self._agents.of_pbx(event.get("CC-Agent"))
        if agent is not None and not agent.call_id:
            agent.rests = False
            agent.busy_until_s = self._desk.now_s + agent.wrap_up_s

    def _not_answered(self, event: EslEvent) -> None:
        """mod_callcenter lets the agent rest, and does not say for how long: it is read."""
        call = self._calls.get(event.get("CC-Member-Session-UUID"))
        if call is not None:
            call.own_agent_rings = False
        agent = self._agents.of_pbx(event.get("CC-Agent"))
        if agent is not None and not agent.call_id:
            agent.rests = True
            agent.busy_until_s = self._desk.now_s + UNTIL_READ_S
        self._look_again()

    def _left(self, event: EslEvent) -> None:
        """Out of the queue: by us, with an agent, gone, or to somewhere in the dialplan."""
        call = self._calls.get(event.get("CC-Member-Session-UUID"))
        if call is None or call.stage is not Stage.QUEUED or event.get("CC-Cause") != "Cancel":
            return
        self._desk.timers.start(
            f"lost {call.call_id}", self._desk.now_s + BROKE_OUT_S, lambda: self._gone_away(call)
        )

    def _gone_away(self, call: Call) -> None:
        """Neither hung up nor back in the queue: the dialplan has it, NIRC no more."""
        if self._calls.get(call.call_id) is call and call.stage is Stage.QUEUED:
            self.finish_call(call, "site")

    def _status(self, event: EslEvent) -> None:
        agent = self._agents.of_pbx(event.get("CC-Agent"))
        status = event.get("CC-Agent-Status")
        if agent is None or not status:
            return
        if status in agent.own_changes:
            agent.own_changes.remove(status)
        elif status in AVAILABLE and agent.our_break:
            self._given_back(agent, status)
        else:
            agent.status = status
            self._chosen(agent)
        self._agents.tell(agent)

    def _given_back(self, agent: Agent, status: str) -> None:
        """FreeSWITCH's own timer, or the agent, ended our break; during a call it is made again."""
        agent.status, agent.our_break = status, False
        if agent.hold_id:
            self._holds.lost(agent, "the agent was given back by FreeSWITCH")
        elif agent.call_id:
            self._holds.keep_away(agent)

    def _chosen(self, agent: Agent) -> None:
        """The agent chose a status: it wins over whatever is held."""
        if agent.status in AVAILABLE:
            return
        if agent.our_break:
            self._holds.give_back(agent, as_is=True)
        if agent.hold_id:
            self._holds.lost(agent, "not ready")

    def _state(self, event: EslEvent) -> None:
        agent = self._agents.of_pbx(event.get("CC-Agent"))
        if agent is not None and event.get("CC-Agent-State"):
            agent.state = event.get("CC-Agent-State")
            self._agents.tell(agent)

    def _phone(self, event: EslEvent) -> None:
        user = event.get("from-user") or event.get("user") or event.get("username")
        domain = event.get("from-host") or event.get("host") or event.get("realm")
        here = event.subclass == "sofia::register"
        for agent in self._agents.registered(f"{user}@{domain}", here):
            if agent.hold_id and not self._agents.reachable(agent):
                self._holds.lost(agent, "the phone is not registered")
                self._holds.give_back(agent)
            self._agents.tell(agent)
        if not here:
            self._look_again()


def _nothing(event: EslEvent) -> None:
    return


def _count(calls: CallBook, event: EslEvent) -> None:
    calls.channel(
        event.get("Unique-ID"), event.get("Channel-Name"), event.get("variable_nirc_trunk")
    )
