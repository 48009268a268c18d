"""An Asterisk of the test's own: AMI in bytes, app_queue and the dialplan of docs/adapters.

It does what was seen on Asterisk 16.28, with the events in the order seen there, for one queue with
phones as members. It is no Asterisk: only what the adapter relies on is here.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable

from acd_contract_words import Target

RING_S = 15.0
NOT_IN_USE, IN_USE, UNAVAILABLE, RINGING = 1, 2, 5, 6


class Phone:
    """A member of the queue."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.logged_in = True
        self.status = NOT_IN_USE
        self.paused = True
        self.reason = "break"
        self.rung_by: Channel | None = None
        self.by_queue = False
        self.talks_with: Channel | None = None

    @property
    def interface(self) -> str:
        return f"PJSIP/{self.name}"

    @property
    def is_free(self) -> bool:
        return self.logged_in and not self.paused and self.status == NOT_IN_USE


class Channel:
    """A caller's channel."""

    def __init__(self, number: int, exten: str) -> None:
        self.name = f"PJSIP/carrier-{number:08x}"
        self.unique_id = f"1700000000.{number}"
        self.exten = exten
        self.variables: dict[str, str] = {}
        self.where = "dialplan"
        "dialplan | agi | queue | given | talking | transfer | bridged | wait"
        self.up = False
        self.phone: Phone | None = None


class ScriptedAsterisk:
    """Actions in by `take`, events out by `said`, under a clock that the test sets."""

    def __init__(self, agents: tuple[str, ...], queue: str) -> None:
        self.now_s = 1000.0
        self.queue = queue
        self.more_queues: list[str] = []
        "Empty, with no members."
        self.endpoints = ["carrier"]
        self.target = Target.TAKES
        self.phones = {name: Phone(name) for name in agents}
        self.channels: dict[str, Channel] = {}
        self.entries: list[Channel] = []
        self.timers: list[tuple[float, Callable[[], None]]] = []
        self.hold_timers: set[str] = set()
        self.globals: dict[str, str] = {}
        self.tells_data = ""
        "What an INVITE by a token brings along."
        self.originate_s = 0.0
        "How long it takes until an originated channel stands."
        self.actions: list[dict[str, str]] = []
        self._out: list[str] = []
        self._ids = itertools.count(1)

    # ---- the wire ------------------------------------------------------------------------------

    def said(self) -> bytes:
        data, self._out = "".join(self._out).encode(), []
        return data

    def take(self, data: bytes) -> None:
        """Actions in bytes, whole ones."""
        for block in data.decode().split("\r\n\r\n")[:-1]:
            pairs = [line.partition(": ")[::2] for line in block.split("\r\n")]
            fields = {key: value for key, value in pairs if key != "Variable" or "=" not in value}
            given = [value for key, value in pairs if key == "Variable" and "=" in value]
            self.actions.append({**fields, "variables": ",".join(given)})
            do = getattr(self, f"_do_{fields['Action'].lower()}")
            do(fields, dict(one.partition("=")[::2] for one in given))

    def event(self, name: str, *, channel: Channel | None = None, **fields: object) -> None:
        lines = [f"Event: {name}", "Privilege: agent,all"]
        if channel is not None:
            lines += [
                f"Channel: {channel.name}",
                f"ChannelState: {6 if channel.up else 4}",
                "CallerIDNum: +351911111111",
                f"Exten: {channel.exten}",
                f"Uniqueid: {channel.unique_id}",
            ]
            lines += [f"ChanVariable: {k}={v}" for k, v in channel.variables.items()]
        lines += [f"{key}: {value}" for key, value in fields.items() if value is not None]
        self._out.append("\r\n".join(lines) + "\r\n\r\n")

    def respond(self, fields: dict[str, str], response: str = "Success", **more: object) -> None:
        lines = [f"Response: {response}"]
        if fields.get("ActionID"):
            lines.append(f"ActionID: {fields['ActionID']}")
        lines += [f"{key}: {value}" for key, value in more.items()]
        self._out.append("\r\n".join(lines) + "\r\n\r\n")

    # ---- time ----------------------------------------------------------------------------------

    def after(self, seconds: float, do: Callable[[], None]) -> None:
        self.timers.append((self.now_s + seconds, do))
        self.timers.sort(key=lambda one: one[0])

    def next_s(self) -> float | None:
        return self.timers[0][0] if self.timers else None

    def fire(self) -> None:
        while self.timers and self.timers[0][0] <= self.now_s:
            self.timers.pop(0)[1]()

    # ---- callers and agents --------------------------------------------------------------------

    def call_in(self) -> Channel:
        channel = self._channel("+351210000001")
        channel.variables |= {"NIRC_SERVICE": "sales", "NIRC_TRUNK": "carrier"}
        channel.up = True
        self.event("Newstate", channel=channel)
        self._join(channel, len(self.entries) + 1)
        return channel

    def token_in(self, token: str) -> Channel:
        channel = self._channel(token)
        channel.variables |= {"NIRC_TOKEN": token, "NIRC_TRUNK": "carrier", "NIRC_KEY": "c/t"}
        channel.where = "agi"
        if self.tells_data:
            self.event("UserEvent", channel=channel, UserEvent="NircData", Data=self.tells_data)
        self.event("AsyncAGIStart", channel=channel, Env="agi_request%3A%20async%0A%0A")
        return channel

    def hang_up(self, channel: Channel, by: str = "caller") -> None:
        if channel.unique_id not in self.channels:
            return
        if by == "caller":
            self.event("HangupRequest", channel=channel, Cause=16)
        self._stop_ringing(channel)
        if channel in self.entries:
            self._leave(channel, abandoned=True)
        phone = channel.phone
        channel.phone = None
        if phone is not None:
            phone.rung_by = phone.talks_with = None
            self._status(phone, NOT_IN_USE)
            if channel.where == "talking":
                reason = {"Reason": by, "TalkTime": 5, "HoldTime": 1}
                self._agent("AgentComplete", channel, phone, **reason)
        self._gone(channel)
        self._serve()

    def pause(self, phone: Phone, paused: bool, reason: str) -> None:
        phone.paused, phone.reason = paused, reason if paused else ""
        self._member("QueueMemberPause", phone, Reason=reason or None)
        self._serve()

    def log_in(self, phone: Phone, there: bool) -> None:
        phone.logged_in = there
        phone.paused, phone.reason = True, "break"
        self._member("QueueMemberAdded" if there else "QueueMemberRemoved", phone)

    def register(self, phone: Phone, there: bool) -> None:
        self._status(phone, NOT_IN_USE if there else UNAVAILABLE)

    def answers(self, phone: Phone) -> None:
        channel = phone.rung_by
        if channel is None:
            return
        phone.rung_by, phone.talks_with, channel.phone = None, channel, phone
        by_queue = phone.by_queue
        self._status(phone, IN_USE)
        self.event("DialEnd", channel=channel, DestChannel=phone.interface, DialStatus="ANSWER")
        if by_queue:
            self._leave(channel)
            self._agent("AgentConnect", channel, phone, HoldTime=1, RingTime=1)
        channel.where = "talking" if by_queue else "given_talk"

    # ---- app_queue -----------------------------------------------------------------------------

    def _join(self, channel: Channel, position: int) -> None:
        channel.where = "queue"
        self.entries.insert(min(position, len(self.entries) + 1) - 1, channel)
        place = self.entries.index(channel) + 1
        count = len(self.entries)
        self.event(
            "QueueCallerJoin", channel=channel, Queue=self.queue, Position=place, Count=count
        )
        self._serve()

    def _leave(self, channel: Channel, *, abandoned: bool = False) -> None:
        place = self.entries.index(channel) + 1
        self.entries.remove(channel)
        if abandoned:
            self.event(
                "QueueCallerAbandon", channel=channel, Queue=self.queue, Position=place, HoldTime=3
            )
        self.event("QueueCallerLeave", channel=channel, Queue=self.queue, Position=place)

    def _serve(self) -> None:
        for channel in list(self.entries):
            if any(phone.rung_by is channel for phone in self.phones.values()):
                continue
            phone = next((one for one in self.phones.values() if one.is_free), None)
            if phone is None:
                return
            self._agent("AgentCalled", channel, phone)
            self._ring(channel, phone, by_queue=True)

    def _ring(self, channel: Channel, phone: Phone, *, by_queue: bool) -> None:
        phone.rung_by, phone.by_queue = channel, by_queue
        self.event("DialBegin", channel=channel, DestChannel=phone.interface)
        self._status(phone, RINGING)
        self.after(RING_S, lambda: self._unanswered(channel, phone))

    def _unanswered(self, channel: Channel, phone: Phone) -> None:
        if phone.rung_by is not channel:
            return
        phone.rung_by = None
        self.event("DialEnd", channel=channel, DialStatus="NOANSWER")
        self._status(phone, NOT_IN_USE)
        if phone.by_queue:
            self._agent("AgentRingNoAnswer", channel, phone, RingTime=15000)
            self.pause(phone, True, "Auto-Pause")
            return
        hold = channel.variables.get("NIRC_HOLD", "")
        told = {"UserEvent": "NircAgent", "Status": "NOANSWER", "Hold": hold}
        self.event("UserEvent", channel=channel, **told)
        self._join(channel, int(channel.variables["NIRC_POSITION"]))

    def _stop_ringing(self, channel: Channel) -> None:
        for phone in self.phones.values():
            if phone.rung_by is channel:
                phone.rung_by = None
                self._status(phone, NOT_IN_USE)

    # ---- events of members ---------------------------------------------------------------------

    def _status(self, phone: Phone, status: int) -> None:
        phone.status = status
        self._member("QueueMemberStatus", phone)

    def _member(self, event: str, phone: Phone, **more: object) -> None:
        named = {"MemberName": phone.name, "Interface": phone.interface}
        self.event(event, **named, **self._member_fields(phone), **more)

    def _member_fields(self, phone: Phone) -> dict[str, object]:
        return {
            "Queue": self.queue,
            "StateInterface": phone.interface,
            "Penalty": 0,
            "Status": phone.status,
            "Paused": int(phone.paused),
            "PausedReason": phone.reason,
        }

    def _agent(self, event: str, channel: Channel, phone: Phone, **more: object) -> None:
        self.event(
            event,
            channel=channel,
            Queue=self.queue,
            MemberName=phone.name,
            Interface=phone.interface,
            **more,
        )

    # ---- actions -------------------------------------------------------------------------------

    def _do_setvar(self, fields: dict[str, str], given: dict[str, str]) -> None:
        if "Channel" not in fields:
            self.globals[fields["Variable"]] = fields.get("Value", "")
            self.respond(fields, Message="Variable Set")
            return
        channel = self._find(fields["Channel"])
        name = (fields.get("Variable") or next(iter(given), "")).lstrip("_")
        if channel is None:
            self.respond(fields, "Error", Message="No such channel")
            return
        channel.variables[name] = fields.get("Value", "")
        self.respond(fields, Message="Variable Set")

    def _do_queuepause(self, fields: dict[str, str], given: dict[str, str]) -> None:
        found = [one for one in self.phones.values() if one.interface == fields["Interface"]]
        if not found or not found[0].logged_in:
            self.respond(fields, "Error", Message="Interface not found")
            return
        self.respond(fields, Message="Interface paused successfully")
        self.pause(found[0], fields["Paused"] == "true", fields.get("Reason", ""))

    def _do_queuestatus(self, fields: dict[str, str], given: dict[str, str]) -> None:
        listed = {"ActionID": fields.get("ActionID", "")}
        self.respond(fields, EventList="start", Message="Queue status will follow")
        self.event("QueueParams", Queue=self.queue, Max=0, Calls=len(self.entries), **listed)
        for phone in self.phones.values():
            if phone.logged_in and fields.get("Member", phone.interface) == phone.interface:
                named = {"Name": phone.name, "Location": phone.interface}
                self.event("QueueMember", **named, **self._member_fields(phone), **listed)
        for place, channel in enumerate(self.entries, 1):
            told = {"Queue": self.queue, "Position": place, "Wait": 1, "Priority": 0}
            self.event("QueueEntry", channel=channel, **told, **listed)
        for name in self.more_queues:
            self.event("QueueParams", Queue=name, Max=0, Calls=0, **listed)
        self.event("QueueStatusComplete", EventList="Complete", **listed)

    def _do_pjsipshowendpoints(self, fields: dict[str, str], given: dict[str, str]) -> None:
        listed = {"ActionID": fields.get("ActionID", "")}
        self.respond(fields, EventList="start", Message="A listing of Endpoints follows")
        for name in self.endpoints:
            self.event("EndpointList", ObjectType="endpoint", ObjectName=name, **listed)
        self.event("EndpointListComplete", EventList="Complete", **listed)

    def _do_coreshowchannels(self, fields: dict[str, str], given: dict[str, str]) -> None:
        listed = {"ActionID": fields.get("ActionID", "")}
        self.respond(fields, EventList="start", Message="Channels will follow")
        for channel in self.channels.values():
            self.event("CoreShowChannel", channel=channel, **listed)
        self.event("CoreShowChannelsComplete", EventList="Complete", **listed)

    def _do_originate(self, fields: dict[str, str], given: dict[str, str]) -> None:
        name = fields["ChannelId"]
        self.hold_timers.add(name)
        self.respond(fields, Message="Originate successfully queued")
        phone = self.phones[given["NIRC_MEMBER"].partition("/")[2]]

        self.globals[f"NIRC_HOLD_{phone.name}"] = given["NIRC_HOLD"]
        answered = {"ActionID": fields.get("ActionID"), "Response": "Success", "Reason": 4}
        self.after(
            self.originate_s,
            lambda: self.event("OriginateResponse", **answered, Uniqueid=name),
        )
        if not self.originate_s:
            self.fire()

        def over() -> None:
            known = self.globals.get(f"NIRC_HOLD_{phone.name}") == given["NIRC_HOLD"]
            if name in self.hold_timers and known:
                self.hold_timers.discard(name)
                self.pause(phone, False, "")
                self.event("UserEvent", UserEvent="NircHoldOver", Agent=phone.name)

        self.after(float(given["NIRC_HOLD_S"]), over)

    def _do_hangup(self, fields: dict[str, str], given: dict[str, str]) -> None:
        self.hold_timers.discard(fields["Channel"])
        channel = self._find(fields["Channel"])
        self.respond(fields, "Success" if channel else "Error")
        if channel is not None:
            self.hang_up(channel, "site")

    def _do_redirect(self, fields: dict[str, str], given: dict[str, str]) -> None:
        channel = self._find(fields["Channel"])
        if channel is None:
            self.respond(fields, "Error", Message="Channel does not exist")
            return
        self.respond(fields, Message="Redirect successful")
        if channel in self.entries:
            self._stop_ringing(channel)
            self._leave(channel, abandoned=True)
        if channel.where == "agi":
            self.event("AsyncAGIEnd", channel=channel)
        getattr(self, f"_at_{fields['Context'].replace('-', '_')}")(channel, fields["Exten"])
        self._serve()

    # ---- the dialplan --------------------------------------------------------------------------

    def _at_nirc_move(self, channel: Channel, exten: str) -> None:
        channel.where = exten
        if exten != "transfer" or self.target is Target.SAYS_NOTHING:
            return
        taken = self.target is Target.TAKES
        told = {"Status": "SUCCESS" if taken else "FAILURE", "Protocol": 0 if taken else 404}
        move = channel.variables.get("NIRC_MOVE", "")
        self.event("UserEvent", channel=channel, UserEvent="NircMove", Move=move, **told)
        channel.where = "wait"

    def _at_nirc_back(self, channel: Channel, exten: str) -> None:
        self._join(channel, int(channel.variables["NIRC_POSITION"]))

    def _at_nirc_arrival(self, channel: Channel, exten: str) -> None:
        if exten == "refuse":
            self._gone(channel, int(channel.variables["NIRC_CAUSE"]))
            return
        channel.up = True
        self.event("Newstate", channel=channel)
        if exten == "queue":
            self._join(channel, int(channel.variables["NIRC_POSITION"]))
        else:
            channel.where = "given"
            phone = self.phones[channel.variables["NIRC_AGENT"]]
            self._ring(channel, phone, by_queue=False)

    # ---- inner ---------------------------------------------------------------------------------

    def _channel(self, exten: str) -> Channel:
        channel = Channel(next(self._ids), exten)
        self.channels[channel.unique_id] = channel
        self.event("Newchannel", channel=channel)
        return channel

    def _find(self, name: str) -> Channel | None:
        found = [one for one in self.channels.values() if name in (one.name, one.unique_id)]
        return found[0] if found else None

    def _gone(self, channel: Channel, cause: int = 16) -> None:
        del self.channels[channel.unique_id]
        self.event("Hangup", channel=channel, Cause=cause)
