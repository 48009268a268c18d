"""Test calls: placed by `originate` with nobody on them, and answered for others.

Rule of this file: a test call takes a channel and nothing else. Who placed it is told once, after
its end or when it is certain that there is none, whether it was answered, how soon, and who let go.
"""

from __future__ import annotations

from site_agent.adapters import base
from site_agent.adapters.freeswitch.calls import CallBook, Stage
from site_agent.adapters.freeswitch.channel_steps import ChannelSteps, is_address
from site_agent.adapters.freeswitch.desk import Desk
from site_agent.adapters.freeswitch.esl_protocol import EslEvent

LET_GO_S = 5.0
"Whoever answered ours should have ended it by then; FreeSWITCH ends it after this by itself."
WORD_S = 2.0
"Then FreeSWITCH has said nothing of its end."
RING_S_MAX = 25.0
"A job of the event socket is given up after 30 s."
STATUS_OF_CAUSE = {
    "UNALLOCATED_NUMBER": 404,
    "NO_ROUTE_DESTINATION": 404,
    "USER_BUSY": 486,
    "CALL_REJECTED": 403,
    "INCOMPATIBLE_DESTINATION": 488,
    "NORMAL_TEMPORARY_FAILURE": 503,
    "NORMAL_CIRCUIT_CONGESTION": 503,
    "SWITCH_CONGESTION": 503,
    "NO_ANSWER": 408,
    "NO_USER_RESPONSE": 408,
    "ALLOTTED_TIMEOUT": 408,
    "RECOVERY_ON_TIMER_EXPIRE": 408,
    "INVALID_PROFILE": 0,
    "INVALID_GATEWAY": 0,
    "CHAN_NOT_IMPLEMENTED": 0,
    "": 0,
}
"SIP status that FreeSWITCH's cause was made from; 0: nobody was called."
STATUS_DEFAULT = 480


class _Placed:
    """One test call of ours."""

    __slots__ = ("answered_s", "began_at_s", "call_id", "let_go")

    def __init__(self, call_id: str, now_s: float) -> None:
        self.call_id = call_id
        self.began_at_s = now_s
        self.answered_s: float | None = None
        self.let_go: bool | None = None
        "None: its channel stands."


class Probing:
    """Test calls of this site, by their channel, and of others."""

    def __init__(self, desk: Desk, calls: CallBook, steps: ChannelSteps) -> None:
        self._desk = desk
        self._calls = calls
        self._steps = steps
        self._placed: dict[str, _Placed] = {}

    def answer(self, command: base.AnswerProbe) -> None:
        """Answered and let go; it is no call of the site."""
        call = self._calls.get(command.call_id)
        if call is not None and call.stage is Stage.ARRIVING:
            self._steps.answer_and_let_go(call)
            self._calls.end(call, "site")

    def place(self, command: base.PlaceProbe) -> None:
        """Place a test call, or say that it cannot be."""
        desk = self._desk
        trunk = next((t for t in desk.settings.trunks if t.name == command.trunk_group), None)
        good = trunk is not None and is_address(command.address) and desk.line.up
        if trunk is None or not good or self._calls.used(trunk.name) >= trunk.channels_max:
            desk.tell(base.ProbeEnded(call_id=command.call_id, sip_status=0))
            return
        channel = f"nirc-probe-{desk.new_id()}"
        self._placed[channel] = _Placed(command.call_id, desk.now_s)
        ring_s = max(1, int(min(command.ring_s, RING_S_MAX)))
        variables = f"origination_uuid={channel},originate_timeout={ring_s},ignore_early_media=true"
        target = trunk.dial + command.address.removeprefix("sip:")
        rest = f"&sleep({LET_GO_S * 1000:.0f})"
        desk.line.job(
            f"originate {{{variables}}}{target} {rest}",
            channel,
            lambda good, text: self._originated(channel, good, text),
        )

    def hung_up(self, event: EslEvent) -> None:
        """A channel is over; one of ours?"""
        channel = event.get("Unique-ID")
        placed = self._placed.get(channel)
        if placed is None:
            return
        placed.let_go = event.get("variable_sip_hangup_disposition") == "recv_bye"
        if placed.answered_s is not None:
            self._over(channel, 200)

    # ---- inner -------------------------------------------------------------------------------

    def _originated(self, channel: str, good: bool, text: str) -> None:
        placed = self._placed.get(channel)
        if placed is None:
            return
        if not good:
            cause = text.strip().removeprefix("-ERR").strip()
            self._over(channel, STATUS_OF_CAUSE.get(cause, STATUS_DEFAULT))
            return
        placed.answered_s = self._desk.now_s - placed.began_at_s
        if placed.let_go is not None:
            self._over(channel, 200)
            return
        at_s = self._desk.now_s + LET_GO_S + WORD_S
        self._desk.timers.start(f"placed {channel}", at_s, lambda: self._over(channel, 200))

    def _over(self, channel: str, status: int) -> None:
        placed = self._placed.pop(channel, None)
        if placed is None:
            return
        self._desk.timers.stop(f"placed {channel}")
        since_s = self._desk.now_s - placed.began_at_s
        self._desk.tell(
            base.ProbeEnded(
                call_id=placed.call_id,
                sip_status=status,
                took_s=since_s if placed.answered_s is None else placed.answered_s,
                let_go=bool(placed.let_go),
            )
        )
