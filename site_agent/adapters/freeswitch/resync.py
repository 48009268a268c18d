"""Reads all of FreeSWITCH's state when the connection comes up, and parts of it now and then.

Rule of this file: nothing is believed before everything was read; what is not there any more is
told away; a break that an earlier site agent made is undone.
"""

from __future__ import annotations

from collections.abc import Callable

from site_agent.adapters.freeswitch.agents import AgentBook
from site_agent.adapters.freeswitch.arrivals import Arrivals
from site_agent.adapters.freeswitch.calls import CallBook, Stage
from site_agent.adapters.freeswitch.desk import Desk
from site_agent.adapters.freeswitch.esl_protocol import EslEvent, is_word
from site_agent.adapters.freeswitch.happenings import SUBSCRIPTION, Happenings
from site_agent.adapters.freeswitch.holds import VARIABLE, Holds
from site_agent.adapters.freeswitch.known_names import KnownNames
from site_agent.adapters.freeswitch.tables import (
    json_rows,
    pipe_rows,
    variables_of,
    version_of,
    whole,
)

LOOK_TIMER, SOON_TIMER, PING_TIMER = "resync", "look soon", "ping"
SOON_S = 1.0
"mod_sofia writes its registrations down with some delay."


class Resync:
    """Questions about the whole."""

    def __init__(  # noqa: PLR0917
        self,
        desk: Desk,
        agents: AgentBook,
        calls: CallBook,
        holds: Holds,
        arrivals: Arrivals,
        names: KnownNames,
    ) -> None:
        self._desk = desk
        self._agents = agents
        self._calls = calls
        self._holds = holds
        self._arrivals = arrivals
        self._names = names
        self._happenings: Happenings | None = None

    def join(self, happenings: Happenings) -> None:
        """Whom to tell of calls that are over."""
        self._happenings = happenings

    def begin(self) -> None:
        """The password was taken: subscribe, then read everything."""
        line = self._desk.line
        for agent in self._agents.all():
            agent.own_changes.clear()
        line.line(SUBSCRIPTION)
        line.api("version", self._version)
        line.api("strepoch", self._epoch)
        self._read_all()
        line.api("show channels as json", self._channels)
        for queue in self._desk.settings.queues:
            name = self._desk.settings.pbx_name(queue.name)
            line.api(f"callcenter_config queue list members {name}", self._members(queue.name))
        line.api("global_getvar", self._variables)
        line.api("strepoch", self._done)
        self._ping()

    def look_soon(self) -> None:
        """Something changed that mod_callcenter does not tell in full."""
        if not self._desk.timers.runs(SOON_TIMER):
            self._desk.timers.start(SOON_TIMER, self._desk.now_s + SOON_S, self._look)

    def stop(self) -> None:
        """The connection is gone."""
        for name in (LOOK_TIMER, SOON_TIMER, PING_TIMER):
            self._desk.timers.stop(name)

    # ---- inner -------------------------------------------------------------------------------

    def _look(self) -> None:
        self._read_all()
        self._desk.line.api("strepoch", self._looked)

    def _read_all(self) -> None:
        line = self._desk.line
        line.api("callcenter_config queue list", self._queues)
        line.api("sofia status", self._names.profiles)
        line.api("show registrations as json", self._phones)
        line.api("callcenter_config agent list", self._agent_list)
        line.api("callcenter_config tier list", self._tiers)

    def _looked(self, good: bool, text: str) -> None:
        self._epoch(good, text)
        self._agents.tell_all()
        self._desk.timers.start(
            LOOK_TIMER, self._desk.now_s + self._desk.settings.resync_every_s, self._look
        )

    def _done(self, good: bool, text: str) -> None:
        if good:
            self._desk.synced = True
            self._holds.give_back_all()
            self._looked(good, text)

    def _ping(self) -> None:
        """Its time, now and then: does it live?"""
        self._desk.line.api("strepoch", self._epoch)
        every_s = self._desk.settings.ping_every_s
        self._desk.timers.start(PING_TIMER, self._desk.now_s + every_s, self._ping)

    def _version(self, good: bool, text: str) -> None:
        self._desk.version = version_of(text) if good else (0, 0, 0)

    def _epoch(self, good: bool, text: str) -> None:
        if good and (epoch := whole(text.strip())):
            self._desk.read_epoch(float(epoch))

    def _queues(self, good: bool, text: str) -> None:
        if good:
            names = [row.get("name", "") for row in pipe_rows(text)]
            self._calls.take_queues(names)
            self._names.queues(names)

    def _agent_list(self, good: bool, text: str) -> None:
        if not good:
            return
        for agent in self._agents.take_list(pipe_rows(text)):
            if agent.hold_id:
                self._holds.lost(agent, "the agent was removed")

    def _tiers(self, good: bool, text: str) -> None:
        if good:
            self._agents.take_tiers(pipe_rows(text))

    def _phones(self, good: bool, text: str) -> None:
        if good:
            self._agents.take_phones(json_rows(text))

    def _channels(self, good: bool, text: str) -> None:
        """Calls whose channels are gone have ended while we did not hear."""
        if not good:
            return
        there = {}
        for row in json_rows(text):
            there[row.get("uuid", "")] = row.get("name", "")
        self._calls.keep_channels(set(there))
        for channel, name in there.items():
            self._calls.channel(channel, name)
        for call in self._calls.all():
            if call.call_id not in there and self._happenings is not None:
                self._happenings.finish_call(call, call.moved or "site")

    def _members(self, queue: str) -> Callable[[bool, str], None]:
        def read(good: bool, text: str) -> None:
            for row in pipe_rows(text) if good else []:
                if row.get("state") in ("Waiting", "Trying") and is_word(
                    row.get("session_uuid", "")
                ):
                    self._member(queue, row)

        return read

    def _member(self, queue: str, row: dict[str, str]) -> None:
        """Somebody who waits there; known to us or not."""
        call = self._calls.get(row["session_uuid"])
        if call is not None:
            if not call.move_id:
                call.stage = Stage.QUEUED
            return
        headers = {
            "Unique-ID": row["session_uuid"],
            "Caller-Caller-ID-Number": row.get("cid_number", ""),
        }
        event = EslEvent(name="CUSTOM", subclass="callcenter::info", headers=headers)
        since_s = self._desk.at_s(whole(row.get("joined_epoch", "0")))
        waited_s = max(0.0, self._desk.now_s - since_s) if since_s > 0.0 else 0.0
        waited_s += whole(row.get("base_score", "0"))
        self._arrivals.offer(event, queue, answered=True, queued=True, waited_s=waited_s)

    def _variables(self, good: bool, text: str) -> None:
        """Breaks of ours from before a restart."""
        for name, value in variables_of(text).items() if good else ():
            pbx_name = name.removeprefix(VARIABLE)
            agent = self._agents.of_pbx(pbx_name)
            mine = agent is not None and (agent.our_break or agent.call_id)
            if name.startswith(VARIABLE) and value and is_word(pbx_name) and not mine:
                self._holds.give_back_strange(pbx_name)
