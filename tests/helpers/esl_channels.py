"""Channels of a FreeSWITCH in memory, and the dialplan of docs/adapters/freeswitch.md on them.

No SIP and no media: what a far end does is told by `far`, and a caller or an agent is moved by the
test. What a channel would have sent is kept in `sent`.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from esl_callcenter import CallCenter

TIMER_B_S = 32.0
"An INVITE without any answer."
Fire = Callable[[str, Mapping[str, str]], None]


@dataclass
class Channel:
    """One leg."""

    uuid: str
    name: str
    number: str
    caller: str = ""
    variables: dict[str, str] = field(default_factory=dict)
    answered: bool = False
    doing: str = ""
    "park | music | queue | bridge"
    other: str = ""
    after: list[str] = field(default_factory=list)
    "What an inline dialplan still has to run when the bridge has failed."
    rings_until: float = 0.0


class Channels:
    """All legs, and what runs on them."""

    def __init__(self, centre: CallCenter, fire: Fire) -> None:
        self.legs: dict[str, Channel] = {}
        self.centre = centre
        self.sent: list[tuple[str, str, str]] = []
        "Channel, what it sent (302, 480, REFER, BYE), and to where."
        self.far = "answers"
        "What a leg to another site does: answers | refuses | rings | silent | sip (a real one)."
        self.later: dict[str, tuple[float, str]] = {}
        "Transfers under a timer, by channel."
        self.sleeps: dict[str, float] = {}
        "Until when, by channel."
        self.now_s = 0.0
        self._fire = fire
        self._numbers = itertools.count(1)

    def new(self, name: str, number: str, caller: str = "", **variables: str) -> Channel:
        uuid = f"{next(self._numbers):08x}-0000-4000-8000-00000000c0de"
        channel = Channel(uuid, name, number, caller, dict(variables))
        self.legs[uuid] = channel
        self.tell("CHANNEL_CREATE", channel)
        return channel

    def tell(self, event: str, channel: Channel, **more: str) -> None:
        headers = {
            "Unique-ID": channel.uuid,
            "Channel-Name": channel.name,
            "Answer-State": "answered" if channel.answered else "ringing",
            "Caller-Caller-ID-Number": channel.caller,
            "Caller-Destination-Number": channel.number,
        }
        headers |= {"variable_" + key: value for key, value in channel.variables.items()}
        self._fire(event, headers | {key.replace("_", "-"): v for key, v in more.items()})

    def answer(self, channel: Channel) -> None:
        if not channel.answered:
            channel.answered = True
            self.tell("CHANNEL_ANSWER", channel)

    # ---- the dialplan ------------------------------------------------------------------------

    def to_extension(self, channel: Channel, extension: str) -> None:
        """A transfer into the context `nirc`: whatever it did before ends."""
        self.stop_doing(channel)
        channel.number = extension
        guard_s = float(channel.variables.get("nirc_guard_s", "5"))
        if extension == "nirc_queue":
            self.answer(channel)
            channel.doing = "queue"
            score = int(channel.variables.get("cc_base_score", "0"))
            queue = channel.variables.get("nirc_queue", "")
            self.centre.join(channel.uuid, queue, channel.caller, score)
            self.centre.dispatch()
        elif extension == "nirc_wait":
            self.answer(channel)
            channel.doing = "music"
            self.later[channel.uuid] = (self.now_s + guard_s, "nirc_queue")
        else:
            channel.doing = "park"
            if not extension.startswith("nirc-"):
                self.later[channel.uuid] = (self.now_s + guard_s, "nirc_queue")
            self.tell("CHANNEL_PARK", channel)

    def inline(self, channel: Channel, text: str) -> None:
        """`m:^:app:arg^app:arg`."""
        self.stop_doing(channel)
        assert text.startswith("m:^:"), text
        self._run(channel, text.removeprefix("m:^:").split("^"))

    def _run(self, channel: Channel, steps: list[str]) -> None:
        for number, step in enumerate(steps):
            application, _, argument = step.partition(":")
            if application == "answer":
                self.answer(channel)
            elif application == "hangup":
                self.gone(channel, "NORMAL_CLEARING")
                return
            elif application == "sleep":
                channel.after = steps[number + 1 :]
                self.sleeps[channel.uuid] = self.now_s + float(argument) / 1000
                return
            elif application == "set":
                name, _, value = argument.partition("=")
                channel.variables[name] = value
            elif application == "transfer":
                self.to_extension(channel, argument.split(" ")[0])
                return
            elif application == "bridge":
                channel.after = steps[number + 1 :]
                self._dial(channel, argument)
                return

    def _dial(self, channel: Channel, argument: str) -> None:
        found = re.fullmatch(r"(?:\{([^}]*)\})?(?:\[[^\]]*\])?(.+)", argument)
        assert found is not None, argument
        pairs = (pair.split("=", 1) for pair in (found[1] or "").split(",") if pair)
        leg = self.new(
            f"sofia/internal/{found[2].removeprefix('user/')}"
            if found[2].startswith("user/")
            else found[2],
            found[2],
            channel.caller,
            **dict(pairs),
        )
        leg.rings_until = self.now_s + float(leg.variables.get("call_timeout", "60"))
        channel.doing, channel.other, leg.other = "bridge", leg.uuid, channel.uuid
        self.sent.append((leg.uuid, "INVITE", found[2]))
        if "nirc_move" not in leg.variables:
            self.tell("CHANNEL_PROGRESS", leg)
        elif self.far == "refuses":
            self.leg_fails(leg, "CALL_REJECTED", 603)
        elif self.far == "silent":
            leg.rings_until = self.now_s + TIMER_B_S
        elif self.far == "sip":
            return
        else:
            self.tell("CHANNEL_PROGRESS", leg)
            if self.far == "answers":
                self.leg_answers(leg)

    def leg_answers(self, leg: Channel) -> None:
        """The far end of a bridge answers: both are joined."""
        channel = self.legs[leg.other]
        self.answer(leg)
        self.answer(channel)
        self.tell("CHANNEL_BRIDGE", channel, Other_Leg_Unique_ID=leg.uuid)

    def leg_fails(self, leg: Channel, cause: str, status: int) -> None:
        """It does not: the dialplan goes on."""
        channel = self.legs[leg.other]
        leg.other = channel.other = ""
        leg.variables["sip_term_status"] = str(status)
        self.gone(leg, cause)
        channel.variables["originate_disposition"] = cause
        self.tell("CHANNEL_EXECUTE_COMPLETE", channel, Application="bridge")
        steps, channel.after = channel.after, []
        self._run(channel, steps)

    def stop_doing(self, channel: Channel) -> None:
        """It is transferred: out of the queue, or its other leg is ended."""
        self.later.pop(channel.uuid, None)
        member = self.centre.member_of(channel.uuid)
        if member is not None:
            self.centre.leave(member, reason="BREAK_OUT")
        leg = self.legs.get(channel.other)
        if leg is not None:
            leg.other = channel.other = ""
            self.gone(leg, "ORIGINATOR_CANCEL")
        channel.doing, channel.after = "", []

    def gone(self, channel: Channel, cause: str, disposition: str = "send_bye") -> None:
        """It hangs up."""
        if channel.uuid not in self.legs:
            return
        self.later.pop(channel.uuid, None)
        member = self.centre.member_of(channel.uuid)
        if member is not None:
            answered = member.state == "Answered"
            self.centre.leave(member, reason="" if answered else "BREAK_OUT")
        other = self.legs.get(channel.other)
        if other is not None:
            other.other = channel.other = ""
            self.gone(other, "NORMAL_CLEARING" if channel.answered else "ORIGINATOR_CANCEL")
        del self.legs[channel.uuid]
        channel.variables["sip_hangup_disposition"] = disposition
        self.tell("CHANNEL_HANGUP_COMPLETE", channel, Hangup_Cause=cause)

    def tick(self) -> None:
        """Guards, sleep and ringing that are over."""
        for uuid in [one for one, at_s in self.sleeps.items() if at_s <= self.now_s]:
            del self.sleeps[uuid]
            if uuid in self.legs:
                self._run(self.legs[uuid], self.legs[uuid].after)
        for uuid, (at_s, extension) in list(self.later.items()):
            if at_s <= self.now_s and self.later.get(uuid) == (at_s, extension):
                del self.later[uuid]
                self.to_extension(self.legs[uuid], extension)
        for leg in list(self.legs.values()):
            if leg.other and not leg.answered and 0.0 < leg.rings_until <= self.now_s:
                self.leg_fails(leg, "NO_ANSWER", 408)
