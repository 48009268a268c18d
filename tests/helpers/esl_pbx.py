"""A FreeSWITCH in memory, as its Event Socket shows it: bytes in, bytes out, and what people do.

Written from the documentation of mod_event_socket, mod_commands, mod_callcenter and mod_dptools. It
refuses what FreeSWITCH would not understand, so that a wrong command is found here.
"""

from __future__ import annotations

import json
import shlex
from collections.abc import Mapping

import esl_wire
from esl_callcenter import CallCenter, Member, PbxAgent
from esl_channels import Channel, Channels

PASSWORD = "ClueCon-2"
EPOCH_AT_0 = 1_700_000_000.0


class Pbx:
    """One FreeSWITCH, one connection."""

    def __init__(
        self,
        queues: tuple[str, ...] = ("sales@default",),
        agents: tuple[PbxAgent, ...] = (),
        version: str = "1.10.12",
    ) -> None:
        self.version = version
        self.now_s = 0.0
        self.centre = CallCenter(list(queues), list(agents), self._callcenter)
        self.channels = Channels(self.centre, self._event)
        self.phones = {
            agent.contact.removeprefix("user/")
            for agent in agents
            if agent.contact.startswith("user/")
        }
        self.profiles = ["external", "nirc"]
        self.gateways: list[str] = []
        "`PROFILE::NAME`."
        self.globals: dict[str, str] = {"hostname": "pbx"}
        self.tasks: list[tuple[float, str, str]] = []
        self.commands: list[str] = []
        "Every `api` and `bgapi`, as it came."
        self.silent = False
        "Takes commands and answers nothing."
        self.refer_answer = "SIP/2.0 200 OK"
        "What the NOTIFY of a REFER says; empty: none comes."
        self._jobs: list[tuple[float, str, str]] = []
        self._out = bytearray()
        self._reader = esl_wire.CommandReader()
        self._authenticated = False
        self._subscribed: set[str] = set()
        self.advance(0.0)

    # ---- the socket --------------------------------------------------------------------------

    def connect(self) -> None:
        """A client came."""
        self._out = bytearray(esl_wire.auth_request())
        self._reader = esl_wire.CommandReader()
        self._authenticated, self._subscribed = False, set()

    def feed(self, data: bytes) -> None:
        for command in self._reader.feed(data):
            if not self.silent:
                self._do(command)

    def take(self) -> bytes:
        """What goes out."""
        out, self._out = bytes(self._out), bytearray()
        return out

    def advance(self, seconds: float) -> None:
        """Time passes by small steps, so that timers keep their order."""
        until_s = self.now_s + seconds
        while True:
            self.now_s = min(until_s, self.now_s + 0.25)
            self.channels.now_s = self.now_s
            self.centre.now_unix_s = EPOCH_AT_0 + self.now_s
            self._tasks_due()
            self.channels.tick()
            self.centre.tick()
            if self.now_s >= until_s:
                return

    def _do(self, command: esl_wire.Command) -> None:
        if not self._authenticated:
            good = command.verb == "auth" and command.rest == PASSWORD
            self._authenticated = good
            text = "+OK accepted" if good else "-ERR invalid"
            self._out += esl_wire.reply(text)
            self._out += b"" if good else esl_wire.disconnect_notice()
        elif command.verb == "api":
            self.commands.append(command.rest)
            self._out += self._answer_last(command.rest)
        elif command.verb == "bgapi":
            self.commands.append(command.rest)
            self._background(command.rest, command.headers["Job-UUID"])
        elif command.verb == "sendmsg":
            self._out += esl_wire.reply(self._execute(command))
        elif command.verb == "event":
            self._subscribed |= set(command.rest.split()[1:])
            self._out += esl_wire.reply("+OK event listener enabled plain")
        else:
            self._out += esl_wire.reply("-ERR command not found")

    def _answer_last(self, text: str) -> bytes:
        """Events that a command causes may go out before its answer; here they do."""
        body = self.api(text)
        return esl_wire.response(body)

    def _event(self, name: str, headers: Mapping[str, str], body: str = "") -> None:
        if name in self._subscribed:
            now = EPOCH_AT_0 + self.now_s
            self._out += esl_wire.event(name, headers, now_unix_s=now, body=body)

    def _callcenter(self, headers: Mapping[str, str]) -> None:
        session = headers.get("CC-Member-Session-UUID", "")
        channel = self.channels.legs.get(session)
        known = {"Event-Subclass": "callcenter::info"}
        if channel is not None:
            known["Unique-ID"] = session
            known["Channel-Name"] = channel.name
            known["Caller-Caller-ID-Number"] = channel.caller
        if "callcenter::info" in self._subscribed:
            self._event("CUSTOM", known | dict(headers))

    # ---- commands ----------------------------------------------------------------------------

    def api(self, text: str) -> str:
        """One command of mod_commands or mod_callcenter."""
        words = shlex.split(text)
        match words[0]:
            case "callcenter_config":
                answer = self.centre.config(words[1:])
                self.centre.dispatch()
                return answer
            case "version":
                return f"FreeSWITCH Version {self.version}-release~64bit ({self.version})\n"
            case "strepoch":
                return str(int(EPOCH_AT_0 + self.now_s))
            case "global_getvar":
                return "".join(f"{name}={value}\n" for name, value in self.globals.items())
            case "global_setvar":
                name, _, value = words[1].partition("=")
                self.globals[name] = value
                return "+OK"
            case "show":
                return self._show(words[1:])
            case "sofia" if words[1:] == ["status"]:
                return self._sofia()
            case "sched_api":
                at_s = self.now_s + float(words[1].removeprefix("+"))
                command = text.split(" ", 3)[3]
                self.tasks.append((at_s, words[2], command))
                return f"+OK Added: {len(self.tasks)}\n"
            case "sched_del":
                self.tasks = [one for one in self.tasks if one[1] != words[1]]
                self.channels.later.pop(words[1], None)
                return "+OK Deleted: 1\n"
        return self._channel_api(words)

    def _channel_api(self, words: list[str]) -> str:
        channel = self.channels.legs.get(words[1]) if len(words) > 1 else None
        if not words[0].startswith("uuid_"):
            return f"-ERR {words[0]} Command not found!\n"
        if channel is None:
            return "-ERR No such channel!\n"
        match words[0], words[2:]:
            case "uuid_setvar", [name, value]:
                channel.variables[name] = value
            case "uuid_setvar_multi", [pairs]:
                channel.variables |= dict(pair.split("=", 1) for pair in pairs.split(";"))
            case "uuid_transfer", [steps, "inline"]:
                self.channels.inline(channel, steps)
            case "uuid_transfer", [extension, "XML", "nirc"]:
                self.channels.to_extension(channel, extension)
            case "uuid_kill", [cause]:
                self.channels.sent.append((channel.uuid, "BYE", cause))
                self.channels.gone(channel, cause)
            case "uuid_media_reneg", []:
                self.channels.sent.append((channel.uuid, "re-INVITE", ""))
            case _:
                return f"-USAGE: {words[0]}\n"
        return "+OK Success\n"

    def _sofia(self) -> str:
        line = "=" * 97
        rows = [(name, "profile", f"sip:{name}@127.0.0.1", "RUNNING (0)") for name in self.profiles]
        rows += [(name, "gateway", "sip:carrier@127.0.0.1", "NOREG") for name in self.gateways]
        rows.append(("127.0.0.1", "  alias", self.profiles[0], "ALIASED"))
        shown = [f"{name:>25}\t{kind}\t  {data:>40}\t{state}" for name, kind, data, state in rows]
        head = f"{'Name':>25}\t   Type\t  {'Data':>40}\tState"
        count = f"{len(self.profiles)} profile{'s' * (len(self.profiles) != 1)} 1 alias"
        return "\n".join([head, line, *shown, line, count, ""])

    def _show(self, words: list[str]) -> str:
        if words == ["registrations", "as", "json"]:
            pairs = (phone.split("@") for phone in sorted(self.phones))
            rows = [{"reg_user": user, "realm": realm} for user, realm in pairs]
        elif words == ["channels", "as", "json"]:
            legs = self.channels.legs.values()
            rows = [{"uuid": leg.uuid, "name": leg.name} for leg in legs]
        else:
            return "-USAGE: show\n"
        return json.dumps({"row_count": len(rows), **({"rows": rows} if rows else {})})

    def _background(self, text: str, job: str) -> None:
        """`uuid_deflect` waits up to 10 s for a NOTIFY; without the variable the call is over."""
        self._out += esl_wire.reply(f"+OK Job-UUID: {job}", job)
        name, uuid, target = text.split(" ", 2)
        assert name == "uuid_deflect", text
        channel = self.channels.legs.get(uuid)
        if channel is None:
            self._jobs.append((self.now_s, job, f"-ERR No such channel {uuid}!\n"))
            return
        self.channels.sent.append((uuid, "REFER", target))
        wait_s = 0.2 if self.refer_answer else 10.0
        self._jobs.append((self.now_s + wait_s, job, f"+OK:{self.refer_answer or 'no reply'}\n"))
        keeps = channel.variables.get("sip_refer_continue_after_reply") == "true"
        if not keeps or self.version < "1.10.07":
            self.tasks.append((self.now_s + wait_s, uuid, f"uuid_kill {uuid} BLIND_TRANSFER"))

    def _execute(self, command: esl_wire.Command) -> str:
        channel = self.channels.legs.get(command.rest)
        if channel is None or command.headers.get("call-command") != "execute":
            return "-ERR invalid session id [c]"
        argument = command.headers.get("execute-app-arg", "")
        match command.headers.get("execute-app-name"):
            case "redirect" if not channel.answered:
                status = "300" if "," in argument else "302"
                self.channels.sent.append((channel.uuid, status, argument))
                self.channels.gone(channel, "NORMAL_UNSPECIFIED", "send_refuse")
            case "respond" if not channel.answered:
                self.channels.sent.append((channel.uuid, argument, ""))
                self.channels.gone(channel, "NORMAL_UNSPECIFIED", "send_refuse")
        return "+OK"

    def _tasks_due(self) -> None:
        for task in [one for one in self.tasks if one[0] <= self.now_s]:
            self.tasks.remove(task)
            self.api(task[2])
        for one in [job for job in self._jobs if job[0] <= self.now_s]:
            self._jobs.remove(one)
            self._event("BACKGROUND_JOB", {"Job-UUID": one[1]}, body=one[2])

    # ---- people ------------------------------------------------------------------------------

    def agent_says(self, name: str, status: str) -> None:
        """By the agent's own hand."""
        self.centre.set_status(self.centre.agents[name], status)
        self.centre.dispatch()

    def phone(self, phone: str, here: bool) -> None:
        """It registers, or its registration ends."""
        (self.phones.add if here else self.phones.discard)(phone)
        user, _, host = phone.partition("@")
        subclass = "sofia::register" if here else "sofia::unregister"
        if subclass in self._subscribed:
            said = {"Event-Subclass": subclass, "from-user": user, "from-host": host}
            self._event("CUSTOM", said)

    def call(self, extension: str, *, profile: str = "", **variables: str) -> Channel:
        """A caller comes in by the carrier; the dialplan sends them to this extension."""
        profile = profile or ("nirc" if extension.startswith("nirc-") else "external")
        channel = self.channels.new(f"sofia/{profile}/+35191", extension, "+35191", **variables)
        channel.variables.setdefault("sip_call_id", "sip-" + channel.uuid)
        self.channels.to_extension(channel, extension)
        return channel

    def hang_up(self, uuid: str) -> None:
        """The caller leaves."""
        channel = self.channels.legs.get(uuid)
        if channel is not None:
            way = "recv_bye" if channel.answered else "recv_cancel"
            self.channels.gone(channel, "NORMAL_CLEARING", way)

    def agent_answers(self, name: str) -> bool:
        """The agent's phone rings and is answered."""
        member = self.centre.serving(name)
        if member is not None and member.state == "Trying":
            self.centre.answered(member)
            return True
        leg = self._leg_of(name)
        if leg is not None and not leg.answered:
            self.channels.leg_answers(leg)
            return True
        return False

    def agent_hangs_up(self, name: str) -> None:
        """And with it the caller's leg ends."""
        member: Member | None = self.centre.serving(name)
        leg = self._leg_of(name)
        if member is not None and member.state == "Answered":
            self.channels.gone(self.channels.legs[member.session], "NORMAL_CLEARING")
        elif leg is not None:
            self.channels.gone(leg, "NORMAL_CLEARING", "recv_bye")

    def _leg_of(self, name: str) -> Channel | None:
        legs = self.channels.legs.values()
        return next((leg for leg in legs if leg.variables.get("nirc_agent") == name), None)
