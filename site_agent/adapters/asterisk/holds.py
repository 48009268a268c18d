"""Agents and places held for calls that are on their way.

Rule of this file: an agent is held by a pause whose reason says so, granted only when the PBX shows
the pause and an idle phone afterwards. The timer inside the PBX that ends the pause runs before it
is asked for, so that whoever dies leaves no agent paused. The agent's own pause always wins. A hold
ends in one way: used, released, or lost.
"""

from __future__ import annotations

from nrcli.wire.messages import AgentState
from site_agent.adapters import base
from site_agent.adapters.asterisk.ami_events import MemberSeen
from site_agent.adapters.asterisk.asterisk_protocol import AmiAction, action
from site_agent.adapters.asterisk.desk import Desk
from site_agent.adapters.asterisk.settings import HOLD_REASON
from site_agent.adapters.asterisk.state import AT_THE_PHONE, NOT_IN_USE, Agent, Hold

ANSWER = "hold_answer"
EXPIRY = "hold_expiry"
CONTEXT = "nirc-hold"


class Holds:
    """Open holds by id."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._knows_timers = False
        "Every timer in the PBX that may still end a pause is one of ours."

    def hold_agent(self, command: base.HoldAgent) -> None:
        """Pause an agent who is ready; the answer comes with what the PBX says then."""
        desk, agent = self._desk, self._desk.agents.get(command.agent)
        queue = desk.queues.get(command.queue)
        refused = ""
        if command.hold_id in desk.holds or agent is None or command.queue not in agent.members:
            refused = "unknown"
        elif queue is None or not desk.queue_event(queue).open:
            refused = "closed"
        elif desk.agent_event(agent).state is not AgentState.READY:
            refused = "no_agent"
        if refused or agent is None:
            desk.tell(base.HoldRefused(hold_id=command.hold_id, reason=refused))
            return
        hold = Hold(command.hold_id, command.queue, command.agent)
        desk.holds[hold.hold_id] = hold
        agent.hold_id = hold.hold_id
        self._start_timer(hold, agent.interface)
        desk.timers.start((ANSWER, hold.hold_id), desk.now_s + desk.settings.answer_s)
        desk.touched_agents.add(agent.name)

    def timed(self, hold_id: str, channel: str) -> None:
        """The timer runs in the PBX: pause the agent, and look at them. A hold that is over by now
        needs no timer."""
        desk, hold = self._desk, self._desk.holds.get(hold_id)
        agent = desk.agents.get(hold.agent) if hold is not None else None
        if hold is None or agent is None:
            desk.say(action("Hangup", Channel=channel))
            return
        hold.paused = True
        desk.say(
            self._pause(agent.interface, True, desk.ask("pause", hold_id)),
            action(
                "QueueStatus",
                action_id=desk.ask("held", hold_id),
                Queue=hold.queue,
                Member=agent.interface,
            ),
        )

    def hold_place(self, command: base.HoldPlace) -> None:
        """A place is held in the book alone: the PBX has no such thing."""
        desk, queue = self._desk, self._desk.queues.get(command.queue)
        refused = ""
        if queue is None or command.hold_id in desk.holds:
            refused = "unknown"
        elif not (event := desk.queue_event(queue)).open:
            refused = "closed"
        elif event.waiting_count + desk.held_places(command.queue) >= event.places_max:
            refused = "no_place"
        if refused:
            desk.tell(base.HoldRefused(hold_id=command.hold_id, reason=refused))
            return
        hold = Hold(command.hold_id, command.queue, "")
        desk.holds[hold.hold_id] = hold
        self._grant(hold)

    def release(self, command: base.ReleaseHold) -> None:
        """Let go of a hold; unknown ids are fine."""
        agent = self._desk.agents.get(command.agent)
        hold_id = command.hold_id or (agent.hold_id if agent else "")
        hold = self._desk.holds.get(hold_id)
        if hold is not None:
            self._let_go(hold)

    def use(self, hold_id: str, call_id: str) -> Hold | None:
        """The call arrived. A held agent stays paused until they talk, or do not answer."""
        hold = self._forget(hold_id)
        agent = self._desk.agents.get(hold.agent) if hold is not None else None
        if agent is not None:
            agent.given = call_id
        return hold

    def let_agent_go(self, agent: Agent, *, ready: bool) -> None:
        """The call that an agent was held for is answered, gone, or was not answered."""
        agent.given = ""
        self.end_timer(agent.name)
        if agent.own_pause:
            return
        if ready:
            self._desk.say(self._pause(agent.interface, False))
        self._desk.touched_agents.add(agent.name)

    def lose(self, hold_id: str, reason: str, *, unpause: bool = True) -> None:
        """A hold is over though nobody released it."""
        hold = self._desk.holds.get(hold_id)
        if hold is None:
            return
        granted = hold.granted
        self._let_go(hold, unpause=unpause)
        if granted:
            self._desk.tell(base.HoldLost(hold_id=hold_id, reason=reason))
        else:
            self._desk.tell(base.HoldRefused(hold_id=hold_id, reason="no_agent"))

    def lose_all(self, reason: str) -> None:
        """The PBX is not reached: nothing is promised."""
        self._knows_timers = False
        for hold_id in list(self._desk.holds):
            self.lose(hold_id, reason, unpause=False)

    # ---- what the PBX says ---------------------------------------------------------------------

    def checked(self, hold_id: str, member: MemberSeen) -> None:
        """The member as the PBX shows it after our pause."""
        hold = self._desk.holds.get(hold_id)
        if hold is None or hold.granted or member.name != hold.agent:
            return
        if member.paused and member.reason == HOLD_REASON and member.status == NOT_IN_USE:
            self._grant(hold)
        else:
            self.lose(hold_id, "busy", unpause=member.reason == HOLD_REASON or not member.paused)

    def looked_at(self, agent: Agent) -> None:
        """An agent changed: can the hold still be kept?"""
        hold = self._desk.holds.get(agent.hold_id)
        if hold is None:
            return
        if not agent.members or hold.queue not in agent.members:
            self.lose(hold.hold_id, "logged_out", unpause=bool(agent.members))
        elif agent.own_pause:
            self.lose(hold.hold_id, "not_ready", unpause=False)
        elif agent.ringing or agent.status != NOT_IN_USE:
            at_phone = agent.ringing or agent.status in AT_THE_PHONE
            self.lose(hold.hold_id, "busy" if at_phone else "unregistered")
        elif hold.granted and not agent.held_pause:
            self.lose(hold.hold_id, "unpaused", unpause=False)

    def unpause_strays(self) -> None:
        """Pauses of holds that nobody knows any more: of a process before this one, or of before
        the line was lost. Timers of before find another name in the PBX's variable and do nothing;
        one may run though no pause came after it."""
        for agent in self._desk.agents.values():
            if agent.hold_id or agent.given:
                continue
            if agent.held_pause or not self._knows_timers:
                self.end_timer(agent.name)
                self._desk.say(action("Setvar", Variable=f"NIRC_HOLD_{agent.phone}", Value=""))
            if agent.held_pause:
                self._desk.say(self._pause(agent.interface, False))
        self._knows_timers = True

    # ---- inner ---------------------------------------------------------------------------------

    def _grant(self, hold: Hold) -> None:
        desk = self._desk
        hold.granted = True
        desk.timers.stop((ANSWER, hold.hold_id))
        desk.timers.start((EXPIRY, hold.hold_id), desk.now_s + desk.settings.hold_s_max)
        desk.tell(base.HoldGranted(hold_id=hold.hold_id, queue=hold.queue, agent=hold.agent))
        desk.touched_agents.add(hold.agent)

    def _start_timer(self, hold: Hold, interface: str) -> None:
        desk = self._desk
        hold.timer_channel = f"nirc-{desk.new_id()}"
        desk.timer_channels[hold.agent] = hold.timer_channel
        seconds = f"{desk.settings.hold_s_max + 5.0:.0f}"
        desk.say(
            AmiAction(
                name="Originate",
                action_id=desk.ask("timer", hold.hold_id),
                fields=(
                    ("Channel", f"Local/s@{CONTEXT}/n"),
                    ("Application", "Wait"),
                    ("Data", str(int(desk.settings.hold_s_max) + 60)),
                    ("ChannelId", hold.timer_channel),
                    ("OtherChannelId", f"{hold.timer_channel}-2"),
                    ("Async", "true"),
                    ("Variable", f"NIRC_MEMBER={interface}"),
                    ("Variable", f"NIRC_HOLD_S={seconds}"),
                    ("Variable", f"NIRC_HOLD={hold.timer_channel}"),
                ),
            )
        )

    def end_timer(self, agent: str) -> None:
        """End the timer in the PBX."""
        channel = self._desk.timer_channels.get(agent, "")
        if channel and self._desk.connected:
            del self._desk.timer_channels[agent]
            self._desk.say(action("Hangup", Channel=channel))

    def _let_go(self, hold: Hold, *, unpause: bool = True) -> None:
        self._forget(hold.hold_id)
        agent = self._desk.agents.get(hold.agent)
        if agent is None:
            return
        self.end_timer(agent.name)
        if unpause and hold.paused and agent.interface:
            self._desk.say(self._pause(agent.interface, False))

    def _forget(self, hold_id: str) -> Hold | None:
        desk, hold = self._desk, self._desk.holds.pop(hold_id, None)
        for kind in (ANSWER, EXPIRY):
            desk.timers.stop((kind, hold_id))
        agent = desk.agents.get(hold.agent) if hold is not None else None
        if agent is not None and agent.hold_id == hold_id:
            agent.hold_id = ""
            desk.touched_agents.add(agent.name)
        return hold

    def _pause(self, interface: str, paused: bool, action_id: str = "") -> AmiAction:
        return action(
            "QueuePause",
            action_id=action_id,
            Interface=interface,
            Paused="true" if paused else "false",
            Reason=HOLD_REASON if paused else "",
        )
