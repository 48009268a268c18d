"""Agents as mod_callcenter tells of them, joined with their phones; and what NIRC is told.

Rule of this file: one function says an agent's state from all that is known; an agent whose phone
is not registered is not ready, and what is held for NIRC is never shown as a break.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from nrcli.wire.messages import AgentQueue, AgentState
from site_agent.adapters import base
from site_agent.adapters.freeswitch.desk import Desk
from site_agent.adapters.freeswitch.tables import phone_of, whole

AVAILABLE = ("Available", "Available (On Demand)")
ON_BREAK = "On Break"
LOGGED_OUT = "Logged Out"
DUE_TIMER = "agents due"
FAR_S = 1e18


class Agent:
    """One agent."""

    def __init__(self, name: str, pbx_name: str) -> None:
        self.name = name
        self.pbx_name = pbx_name
        self.contact = ""
        self.status = LOGGED_OUT
        "By mod_callcenter; while it is our own break: what the agent had said before."
        self.state = "Waiting"
        self.wrap_up_s = 0.0
        self.busy_until_s = -1e9
        "After-call work, or a rest after a call that was not answered."
        self.rests = False
        "What `busy_until_s` ends is a rest, or mod_callcenter's own delay."
        self.elsewhere = False
        "Talks in a call that is none of mod_callcenter's."
        self.hold_id = ""
        self.our_break = False
        "The status `On Break` is ours."
        self.kept_away = False
        "mod_callcenter does not ring this agent, by our word."
        self.own_changes: list[str] = []
        "Statuses that we set and have not been told of yet."
        self.call_id = ""
        "A call of NIRC's that this agent is rung for or talks in."
        self.tiers: dict[str, int] = {}
        self.told: base.AgentChanged | None = None


class AgentBook:
    """All agents that the site has a name for."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._agents: dict[str, Agent] = {}
        self._phones: set[str] = set()
        self._due_at_s = FAR_S

    def get(self, name: str) -> Agent | None:
        """By the site's name."""
        return self._agents.get(name)

    def of_pbx(self, pbx_name: str) -> Agent | None:
        """By mod_callcenter's name."""
        return self._agents.get(self._desk.settings.site_name(pbx_name))

    def all(self) -> Iterable[Agent]:
        """Everybody."""
        return list(self._agents.values())

    def state_of(self, agent: Agent) -> AgentState:
        """The state that NIRC is told."""
        if agent.call_id or agent.state in ("Receiving", "In a queue call", "Reserved"):
            return AgentState.BUSY
        if agent.status == LOGGED_OUT:
            return AgentState.NULL
        if not self._desk.synced or agent.status not in AVAILABLE or not self.reachable(agent):
            return AgentState.NOT_READY
        if agent.hold_id:
            return AgentState.RESERVED
        if agent.elsewhere:
            return AgentState.BUSY
        if agent.busy_until_s > self._desk.now_s:
            return AgentState.NOT_READY if agent.rests else AgentState.WORKING_AFTER_CALL
        return AgentState.READY if agent.state == "Waiting" else AgentState.NOT_READY

    def reachable(self, agent: Agent) -> bool:
        """Is the phone registered? A contact that names no user needs no registration."""
        phone = phone_of(agent.contact)
        if not phone:
            return bool(agent.contact)
        if "@" in phone:
            return phone in self._phones
        return any(one.partition("@")[0] == phone for one in self._phones)

    def ready_in(self, queue: str) -> list[Agent]:
        """Who could take a call of this queue at once."""
        return [
            agent
            for agent in self._agents.values()
            if queue in agent.tiers and self.state_of(agent) is AgentState.READY
        ]

    def tell(self, agent: Agent) -> None:
        """Tell NIRC if it has changed."""
        event = base.AgentChanged(
            agent=agent.name,
            state=self.state_of(agent),
            queues=tuple(
                AgentQueue(queue=queue, level=level) for queue, level in sorted(agent.tiers.items())
            ),
            calls_count=1 if agent.call_id or agent.state == "In a queue call" else 0,
        )
        if event != agent.told:
            agent.told = event
            self._desk.tell(event)
        self._wake_for(agent)

    def tell_all(self) -> None:
        """Tell whatever has changed of anybody."""
        for agent in self._agents.values():
            self.tell(agent)

    def snapshot(self) -> list[base.AcdEvent]:
        """Everybody as they are."""
        for agent in self._agents.values():
            agent.told = None
        self.tell_all()
        return self._desk.taken()

    # ---- what FreeSWITCH told ----------------------------------------------------------------

    def take_list(self, rows: Iterable[Mapping[str, str]]) -> list[Agent]:
        """`callcenter_config agent list`: who is not in it is gone; they are handed back."""
        seen: set[str] = set()
        for row in rows:
            name = self._desk.settings.site_name(row.get("name", ""))
            if not name:
                continue
            seen.add(name)
            agent = self._agents.setdefault(name, Agent(name, row["name"]))
            self._take_row(agent, row)
        gone = [agent for name, agent in self._agents.items() if name not in seen]
        for agent in gone:
            del self._agents[agent.name]
            self._desk.tell(base.AgentGone(agent=agent.name))
        return gone

    def take_tiers(self, rows: Iterable[Mapping[str, str]]) -> None:
        """`callcenter_config tier list`: level 1 is served first there, level 10 is best here."""
        queues = {queue.name for queue in self._desk.settings.queues}
        found: dict[str, dict[str, int]] = {}
        for row in rows:
            queue = self._desk.settings.site_name(row.get("queue", ""))
            name = self._desk.settings.site_name(row.get("agent", ""))
            if queue in queues and name:
                level = 11 - max(1, whole(row.get("level", "1")))
                found.setdefault(name, {})[queue] = max(1, level)
        for agent in self._agents.values():
            agent.tiers = found.get(agent.name, {})

    def take_phones(self, rows: Iterable[Mapping[str, str]]) -> None:
        """`show registrations as json`."""
        self._phones = {f"{row.get('reg_user', '')}@{row.get('realm', '')}" for row in rows}

    def registered(self, phone: str, here: bool) -> list[Agent]:
        """A phone came or went; whose it is."""
        if here:
            self._phones.add(phone)
        else:
            self._phones.discard(phone)
        return [
            agent
            for agent in self._agents.values()
            if phone_of(agent.contact) in (phone, phone.partition("@")[0])
        ]

    def _take_row(self, agent: Agent, row: Mapping[str, str]) -> None:
        agent.contact = row.get("contact", "")
        status = row.get("status", LOGGED_OUT)
        if not (agent.our_break and status == ON_BREAK):
            agent.status = status
        agent.state = row.get("state", "Waiting")
        agent.wrap_up_s = float(whole(row.get("wrap_up_time", "0")))
        agent.elsewhere = whole(row.get("external_calls_count", "0")) > 0
        wrapped_at_s = self._desk.at_s(whole(row.get("last_bridge_end", "0"))) + agent.wrap_up_s
        ready_at_s = self._desk.at_s(whole(row.get("ready_time", "0")))
        if not agent.hold_id and not agent.call_id:
            agent.rests = ready_at_s > wrapped_at_s
            agent.busy_until_s = max(wrapped_at_s, ready_at_s)

    def _wake_for(self, agent: Agent) -> None:
        """Wake up when this agent's after-call work or rest is over."""
        until_s = agent.busy_until_s
        if self._desk.now_s < until_s < self._due_at_s:
            self._due_at_s = until_s
            self._desk.timers.start(DUE_TIMER, until_s, self._due)

    def _due(self) -> None:
        self._due_at_s = FAR_S
        self.tell_all()
