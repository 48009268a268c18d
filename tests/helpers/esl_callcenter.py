"""mod_callcenter as its documentation tells: agents, tiers, members, and who is offered to whom.

A member is offered to the agent who is idle longest; the agent's phone rings until somebody says
that it is answered, or `RING_S` is over.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

RING_S = 20.0
AGENT_COLUMNS = (
    "name|instance_id|uuid|type|contact|status|state|max_no_answer|wrap_up_time|reject_delay_time|"
    "busy_delay_time|no_answer_delay_time|last_bridge_start|last_bridge_end|last_offered_call|"
    "last_status_change|no_answer_count|calls_answered|talk_time|ready_time|external_calls_count"
)
MEMBER_COLUMNS = (
    "queue|instance_id|uuid|session_uuid|cid_number|cid_name|system_epoch|joined_epoch|"
    "rejoined_epoch|bridge_epoch|abandoned_epoch|base_score|skill_score|serving_agent|"
    "serving_system|state"
)
STATUSES = ("Available", "Available (On Demand)", "On Break", "Logged Out")
Fire = Callable[[Mapping[str, str]], None]


@dataclass
class PbxAgent:
    """One row of the table `agents`."""

    name: str
    contact: str
    tiers: dict[str, int]
    status: str = "On Break"
    state: str = "Waiting"
    wrap_up_s: int = 0
    no_answer_delay_s: int = 30
    last_bridge_end: int = 0
    ready_time: int = 0
    idle_since: float = 0.0


@dataclass
class Member:
    """One row of the table `members`."""

    uuid: str
    session: str
    queue: str
    number: str
    joined: float
    base_score: int
    state: str = "Waiting"
    agent: str = ""
    offered: float = 0.0


class CallCenter:
    """Tables and dispatch."""

    def __init__(self, queues: list[str], agents: list[PbxAgent], fire: Fire) -> None:
        self.queues = queues
        self.agents = {agent.name: agent for agent in agents}
        self.members: list[Member] = []
        self._fire = fire
        self.now_unix_s = 0.0

    def member_of(self, session: str) -> Member | None:
        return next((one for one in self.members if one.session == session), None)

    def serving(self, agent: str) -> Member | None:
        return next((one for one in self.members if one.agent == agent), None)

    def join(self, session: str, queue: str, number: str, base_score: int) -> Member:
        member = Member("m-" + session, session, queue, number, self.now_unix_s, base_score)
        self.members.append(member)
        self._fire(self._about(member, "member-queue-start"))
        return member

    def leave(self, member: Member, *, reason: str = "") -> None:
        """`reason`: cancelled so; empty: an agent had the caller."""
        self.members.remove(member)
        agent = self.agents.get(member.agent)
        if agent is not None:
            if member.state == "Answered":
                agent.last_bridge_end = int(self.now_unix_s)
                self._fire(self._about(member, "bridge-agent-end"))
            self.set_state(agent, "Waiting")
        cause = {"CC-Cause": "Cancel", "CC-Cancel-Reason": reason} if reason else {}
        ended = self._about(member, "member-queue-end")
        self._fire(ended | (cause or {"CC-Cause": "Terminated"}))

    def dispatch(self) -> None:
        """Offer waiting members, highest score first."""
        waiting = [one for one in self.members if one.state == "Waiting"]
        waiting.sort(key=lambda one: one.joined - one.base_score)
        for member in waiting:
            ready = [one for one in self.agents.values() if self._may_ring(one, member.queue)]
            if ready:
                agent = min(ready, key=lambda one: one.idle_since)
                member.state, member.agent, member.offered = "Trying", agent.name, self.now_unix_s
                self.set_state(agent, "Receiving")
                self._fire(self._about(member, "agent-offering"))

    def answered(self, member: Member) -> None:
        member.state = "Answered"
        self.set_state(self.agents[member.agent], "In a queue call")
        self._fire(self._about(member, "bridge-agent-start"))

    def tick(self) -> None:
        """Who has rung for too long is put aside, then everybody is offered again."""
        for member in list(self.members):
            if member.state == "Trying" and self.now_unix_s - member.offered >= RING_S:
                agent = self.agents[member.agent]
                agent.ready_time = int(self.now_unix_s) + agent.no_answer_delay_s
                failed = self._about(member, "bridge-agent-fail")
                self._fire(failed | {"CC-Hangup-Cause": "NO_ANSWER"})
                member.state, member.agent = "Waiting", ""
                self.set_state(agent, "Waiting")
        self.dispatch()

    def set_status(self, agent: PbxAgent, status: str) -> None:
        agent.status = status
        said = {"CC-Action": "agent-status-change", "CC-Agent-Status": status}
        self._fire(said | {"CC-Agent": agent.name})

    def set_state(self, agent: PbxAgent, state: str) -> None:
        agent.state = state
        if state == "Waiting":
            agent.idle_since = self.now_unix_s
        said = {"CC-Action": "agent-state-change", "CC-Agent-State": state}
        self._fire(said | {"CC-Agent": agent.name})

    # ---- the api -----------------------------------------------------------------------------

    def config(self, words: list[str]) -> str:
        """`callcenter_config ...`"""
        match words:
            case ["agent", "list"]:
                return self._table(
                    AGENT_COLUMNS, [self._agent_row(a) for a in self.agents.values()]
                )
            case ["agent", "get", key, name] if name in self.agents:
                return str(getattr(self.agents[name], key))
            case ["agent", "set", key, name, value] if name in self.agents:
                return self._set(self.agents[name], key, value)
            case ["agent", *_]:
                return "-ERR Agent not found!\n"
            case ["tier", "list"]:
                rows = [
                    f"{queue}|{agent.name}|Ready|{level}|1"
                    for agent in self.agents.values()
                    for queue, level in agent.tiers.items()
                ]
                return self._table("queue|agent|state|level|position", rows)
            case ["queue", "list"]:
                rows = [f"{queue}|longest-idle-agent" for queue in self.queues]
                return "\n".join(["name|strategy", *rows, "+OK\n"])
            case ["queue", "list", "members", queue]:
                rows = [self._member_row(one) for one in self.members if one.queue == queue]
                return self._table(MEMBER_COLUMNS, rows)
        return "-ERR Invalid!\n"

    def _set(self, agent: PbxAgent, key: str, value: str) -> str:
        if key == "status":
            if value not in STATUSES:
                return "-ERR Invalid Agent Status!\n"
            self.set_status(agent, value)
        elif key == "ready_time":
            agent.ready_time = int(value)
        elif key == "state":
            self.set_state(agent, value)
        else:
            return "-ERR Invalid Agent Update KEY!\n"
        return "+OK\n"

    def _may_ring(self, agent: PbxAgent, queue: str) -> bool:
        return (
            queue in agent.tiers
            and agent.status.startswith("Available")
            and agent.state == "Waiting"
            and agent.ready_time <= self.now_unix_s
            and agent.last_bridge_end + agent.wrap_up_s <= self.now_unix_s
        )

    def _about(self, member: Member, action: str) -> dict[str, str]:
        return {
            "CC-Queue": member.queue,
            "CC-Action": action,
            "CC-Agent": member.agent,
            "CC-Member-UUID": member.uuid,
            "CC-Member-Session-UUID": member.session,
            "CC-Member-CID-Number": member.number,
        }

    def _agent_row(self, agent: PbxAgent) -> str:
        values = {
            "name": agent.name,
            "instance_id": "single_box",
            "type": "callback",
            "contact": agent.contact,
            "status": agent.status,
            "state": agent.state,
            "wrap_up_time": str(agent.wrap_up_s),
            "last_bridge_end": str(agent.last_bridge_end),
            "ready_time": str(agent.ready_time),
        }
        return "|".join(values.get(column, "0") for column in AGENT_COLUMNS.split("|"))

    def _member_row(self, member: Member) -> str:
        values = {
            "queue": member.queue,
            "uuid": member.uuid,
            "session_uuid": member.session,
            "cid_number": member.number,
            "joined_epoch": str(int(member.joined)),
            "base_score": str(member.base_score),
            "serving_agent": member.agent,
            "state": member.state,
        }
        return "|".join(values.get(column, "") for column in MEMBER_COLUMNS.split("|"))

    @staticmethod
    def _table(columns: str, rows: list[str]) -> str:
        """Without any row mod_callcenter leaves the heading out."""
        return "\n".join([*([columns, *rows] if rows else []), "+OK\n"])
