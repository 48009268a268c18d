"""Holds of agents and places: made in mod_callcenter, ended there by a timer of its own.

Rule of this file: FreeSWITCH's own timer is set before the agent is held, so that nobody stays held
when the site agent dies; a hold is granted only after mod_callcenter said that the agent is not
being rung, and two holds never have one agent.
"""

from __future__ import annotations

from nrcli.wire.messages import AgentState
from site_agent.adapters import base
from site_agent.adapters.freeswitch.agents import AVAILABLE, ON_BREAK, Agent, AgentBook
from site_agent.adapters.freeswitch.desk import Desk

ANSWER_S = 0.8
"A reservation waits no longer."
VARIABLE = "nirc_hold_"
"Of FreeSWITCH, with the agent's name: whose break it is."


class Hold:
    """One hold."""

    def __init__(self, hold_id: str, queue: str, agent: str) -> None:
        self.hold_id = hold_id
        self.queue = queue
        self.agent = agent
        self.granted = False


class Holds:
    """All of them."""

    def __init__(self, desk: Desk, agents: AgentBook) -> None:
        self._desk = desk
        self._agents = agents
        self._holds: dict[str, Hold] = {}

    def places_held(self, queue: str) -> int:
        """Places of a queue that are promised."""
        return sum(1 for one in self._holds.values() if one.queue == queue and not one.agent)

    def known(self, hold_id: str) -> bool:
        """Does this hold stand?"""
        return hold_id in self._holds

    def hold_place(self, command: base.HoldPlace, *, free_count: int | None) -> None:
        """A place, where one is free; `free_count` is None for an unknown queue."""
        if free_count is None or free_count <= self.places_held(command.queue):
            reason = "unknown" if free_count is None else "no_place"
            self._desk.tell(base.HoldRefused(hold_id=command.hold_id, reason=reason))
            return
        hold = Hold(command.hold_id, command.queue, "")
        self._holds[hold.hold_id] = hold
        self._grant(hold)

    def hold_agent(self, command: base.HoldAgent) -> None:
        """An agent who is ready; mod_callcenter has the last word."""
        agent = self._agents.get(command.agent)
        if agent is None or self._agents.state_of(agent) is not AgentState.READY:
            self._desk.tell(base.HoldRefused(hold_id=command.hold_id, reason="no_agent"))
            return
        hold = Hold(command.hold_id, command.queue, command.agent)
        self._holds[hold.hold_id] = hold
        agent.hold_id = hold.hold_id
        self.keep_away(agent)
        name = agent.pbx_name
        self._desk.timers.start(
            f"hold {hold.hold_id}",
            self._desk.now_s + ANSWER_S,
            lambda: self._answered(hold, agent, False, ""),
        )
        self._desk.line.api(
            f"callcenter_config agent get state {name}",
            lambda good, text: self._answered(hold, agent, good, text.strip()),
        )
        self._agents.tell(agent)

    def release(self, command: base.ReleaseHold) -> None:
        """Let go; unknown ids are fine."""
        hold_id = command.hold_id
        if not hold_id:
            agent = self._agents.get(command.agent)
            hold_id = agent.hold_id if agent is not None else ""
        hold = self._holds.pop(hold_id, None)
        if hold is not None:
            self._desk.timers.stop(f"hold {hold_id}")
            self._let_go(hold)

    def use(self, hold_id: str) -> Agent | None:
        """The caller whom it was for is here: its agent stays kept away from the queue."""
        hold = self._holds.pop(hold_id, None)
        if hold is None or not hold.agent:
            return None
        agent = self._agents.get(hold.agent)
        if agent is not None and agent.hold_id == hold_id:
            agent.hold_id = ""
            return agent
        return None

    def lost(self, agent: Agent, reason: str) -> None:
        """A held agent cannot be had any more."""
        hold = self._holds.pop(agent.hold_id, None)
        agent.hold_id = ""
        if hold is None:
            return
        self._desk.timers.stop(f"hold {hold.hold_id}")
        self._desk.tell(
            base.HoldLost(hold_id=hold.hold_id, reason=reason)
            if hold.granted
            else base.HoldRefused(hold_id=hold.hold_id, reason="no_agent")
        )

    def all_lost(self, reason: str) -> None:
        """The connection is gone: nothing is promised any more."""
        for hold in list(self._holds.values()):
            agent = self._agents.get(hold.agent)
            if agent is not None and agent.hold_id == hold.hold_id:
                self.lost(agent, reason)
            elif self._holds.pop(hold.hold_id, None) is not None:
                self._desk.tell(base.HoldLost(hold_id=hold.hold_id, reason=reason))

    # ---- in mod_callcenter -------------------------------------------------------------------

    def keep_away(self, agent: Agent) -> None:
        """Own calls are not offered to this agent; FreeSWITCH ends that by itself after a while."""
        guard_s = self._desk.settings.hold_guard_s
        name, line = agent.pbx_name, self._desk.line
        agent.kept_away = True
        if self._desk.settings.hold_by == "ready_time":
            until = self._desk.epoch(self._desk.now_s + guard_s)
            line.api(f"callcenter_config agent set ready_time {name} {until}")
        else:
            back = f"callcenter_config agent set status {name} '{agent.status}'"
            line.api(f"sched_del {_group(agent)}")
            line.api(f"sched_api +{int(guard_s)} {_group(agent)} {back}")
            if not agent.our_break:
                agent.our_break = True
                line.api(f"global_setvar {VARIABLE}{name}=nirc")
                self._set_status(agent, ON_BREAK)
        self._desk.timers.start(
            f"guard {agent.name}",
            self._desk.now_s + guard_s / 2.0,
            lambda: self._again(agent),
        )

    def give_back(self, agent: Agent, *, as_is: bool = False) -> None:
        """Own calls again. `as_is`: the agent has chosen a status since; it is left alone."""
        self._desk.timers.stop(f"guard {agent.name}")
        name, line = agent.pbx_name, self._desk.line
        agent.kept_away = False
        if self._desk.settings.hold_by == "ready_time":
            if not as_is:
                agent.busy_until_s = self._desk.now_s
                line.api(f"callcenter_config agent set ready_time {name} 0")
            return
        if not agent.our_break:
            return
        agent.our_break = False
        line.api(f"sched_del {_group(agent)}")
        line.api(f"global_setvar {VARIABLE}{name}=")
        if not as_is:
            self._set_status(agent, agent.status)

    def give_back_all(self) -> None:
        """After the connection came back: whoever was held for what is lost since."""
        for agent in self._agents.all():
            waits = self._desk.timers.runs(f"back {agent.name}")
            if agent.kept_away and not (agent.hold_id or agent.call_id or waits):
                self.give_back(agent)

    def give_back_strange(self, pbx_name: str) -> None:
        """A break of ours that this site agent does not know of: from before its restart."""
        line = self._desk.line
        agent = self._agents.of_pbx(pbx_name)
        line.api(f"global_setvar {VARIABLE}{pbx_name}=")
        line.api(f"sched_del nirc-hold-{pbx_name}")
        if agent is not None and agent.status == ON_BREAK:
            agent.status = AVAILABLE[0]
            self._set_status(agent, agent.status)

    def _set_status(self, agent: Agent, status: str) -> None:
        def answered(good: bool, text: str) -> None:
            if not good and status in agent.own_changes:
                agent.own_changes.remove(status)

        agent.own_changes.append(status)
        command = f"callcenter_config agent set status {agent.pbx_name} '{status}'"
        self._desk.line.api(command, answered)

    def _again(self, agent: Agent) -> None:
        if agent.hold_id or agent.call_id:
            self.keep_away(agent)

    def _answered(self, hold: Hold, agent: Agent, good: bool, state: str) -> None:
        """mod_callcenter said what the agent does, or said nothing in time."""
        if self._holds.get(hold.hold_id) is not hold or hold.granted:
            return
        self._desk.timers.stop(f"hold {hold.hold_id}")
        if good and state == "Waiting":
            self._grant(hold)
            return
        del self._holds[hold.hold_id]
        if good:
            agent.state = state
        self._desk.tell(
            base.HoldRefused(hold_id=hold.hold_id, reason="no_agent" if good else "unknown")
        )
        self._let_go(hold)

    def _grant(self, hold: Hold) -> None:
        hold.granted = True
        self._desk.tell(base.HoldGranted(hold_id=hold.hold_id, queue=hold.queue, agent=hold.agent))

    def _let_go(self, hold: Hold) -> None:
        agent = self._agents.get(hold.agent)
        if agent is not None and agent.hold_id == hold.hold_id:
            agent.hold_id = ""
            self.give_back(agent)
            self._agents.tell(agent)


def _group(agent: Agent) -> str:
    """Name of the timer inside FreeSWITCH."""
    return f"nirc-hold-{agent.pbx_name}"
