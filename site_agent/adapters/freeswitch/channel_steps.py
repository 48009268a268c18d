"""What is done to a caller's channel: into the queue, out of it with music, to an agent, away.

Rule of this file: a caller who is taken out of the queue is always under a timer of FreeSWITCH's
own that takes them back into it; nothing that a caller sent stands in a command.
"""

from __future__ import annotations

import base64
import json
import re

from nrcli.sip.diversion import diverted
from site_agent.adapters.base import StartMove
from site_agent.adapters.freeswitch.agents import Agent
from site_agent.adapters.freeswitch.calls import Call, Stage
from site_agent.adapters.freeswitch.desk import Desk
from site_agent.adapters.freeswitch.esl_protocol import is_word

QUEUE, WAIT, KEEP = "nirc_queue", "nirc_wait", "nirc_keep"
"Extensions of the dialplan: into `${nirc_queue}`; music, or ringing, under a guard."
HEAD_SCORE = 1_000_000
"Above any time waited: the head of the queue."
_CONTACT = re.compile(r"[\x20-\x26\x28-\x5d\x5f-\x7e]{1,500}")
_ADDRESS = re.compile(
    r"sip:[A-Za-z0-9_.+*%~-]{1,128}@[A-Za-z0-9_.:\[\]-]{1,255}(;transport=[a-z]+)?(;user=phone)?"
)


class ChannelSteps:
    """Commands about one channel."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def to_queue(self, call: Call, *, head: bool = False) -> None:
        """Into mod_callcenter's queue, which answers, with the time waited as base score."""
        self.prepare(call, head=head)
        self._transfer(call, QUEUE)
        call.stage = Stage.QUEUED

    def keep(self, call: Call) -> None:
        """Out of the queue: music for who was answered, ringing for who was not."""
        self.prepare(call, guard_s=self._desk.settings.move_guard_s)
        self._transfer(call, WAIT if call.answered else KEEP)
        call.stage = Stage.KEPT if call.answered else Stage.PARKED
        call.own_agent_rings = False

    def answer_and_wait(self, call: Call) -> None:
        """Answered with music, in no queue."""
        self.prepare(call, guard_s=self._desk.settings.move_guard_s)
        self._transfer(call, WAIT)
        call.stage = Stage.KEPT

    def prepare(self, call: Call, *, head: bool = False, guard_s: float = 0.0) -> None:
        """What the dialplan reads when the caller comes (back) into the queue."""
        settings = self._desk.settings
        values = [
            f"nirc_queue={settings.pbx_name(call.queue)}",
            f"cc_base_score={HEAD_SCORE if head else self._score(call)}",
        ]
        if guard_s:
            values.append(f"nirc_guard_s={int(guard_s)}")
        self._desk.line.api(f"uuid_setvar_multi {call.call_id} {';'.join(values)}")

    def ring(self, call: Call, agent: Agent, *, answer_first: bool) -> bool:
        """Ring a held agent; unanswered, the caller goes to the head of the queue by itself."""
        if not _CONTACT.fullmatch(agent.contact):
            return False
        self.prepare(call, head=True)
        settings = self._desk.settings
        variables = [
            f"nirc_ring={call.call_id}",
            f"nirc_agent={agent.pbx_name}",
            f"call_timeout={int(settings.ring_s)}",
            *self._data_variables(call.interaction_id, call.data),
        ]
        steps = ["answer"] if answer_first and not call.answered else []
        steps += self._bridge(variables, agent.contact)
        steps.append(f"transfer:{QUEUE} XML {settings.context}")
        self._inline(call, steps)
        call.stage = Stage.RINGING
        return True

    def bridge_away(self, call: Call, command: StartMove) -> bool:
        """Join with another site, or a handler; if that fails the caller is kept, under the guard.

        A handler is told whom the call was for and why it comes, and only the data that is meant
        for it. History-Info holds commas, which a list of variables does not."""
        address, user_to_user = command.address, command.user_to_user
        trunk = next(
            (one for one in self._desk.settings.trunks if one.name == call.trunk_group), None
        )
        if trunk is None or not _ADDRESS.fullmatch(address):
            return False
        settings = self._desk.settings
        self.prepare(call, guard_s=settings.move_guard_s)
        variables = [f"nirc_move={call.move_id}", f"call_timeout={max(int(command.set_up_s), 120)}"]
        if user_to_user and re.fullmatch(r"[0-9a-fA-F]{1,256}", user_to_user):
            variables.append(f"sip_h_User-to-User={user_to_user};encoding=hex")
        if command.because:
            told = dict(diverted(command.dialed_number, command.because, address))
            variables += [f"sip_h_Diversion={told['Diversion']}"] if told else []
            variables += self._data_variables("", command.data)
        else:
            variables += self._data_variables(call.interaction_id, call.data)
        steps = self._bridge(variables, trunk.dial + address.removeprefix("sip:"))
        steps.append(f"transfer:{WAIT if call.answered else KEEP} XML {settings.context}")
        self._inline(call, steps)
        call.stage = Stage.KEPT if call.answered else Stage.PARKED
        return True

    def end(self, call: Call, cause: str = "NORMAL_CLEARING") -> None:
        """BYE, or a final answer by the cause's table."""
        self._desk.line.api(f"uuid_kill {call.call_id} {cause}")

    def answer_and_let_go(self, call: Call) -> None:
        """A test call of another site: answered for half a second."""
        self._inline(call, ["answer", "sleep:500", "hangup"])

    def refuse(self, call: Call, sip_status: int) -> None:
        """A final status to a caller who only rings."""
        self._desk.line.execute(call.call_id, "respond", str(sip_status))
        self._desk.timers.start(
            f"lost {call.call_id}",
            self._desk.now_s + 2.0,
            lambda: self.end(call, "SUBSCRIBER_ABSENT"),
        )

    # ---- inner -------------------------------------------------------------------------------

    def _score(self, call: Call) -> int:
        """Seconds waited; less what FreeSWITCH counts by itself since it answered."""
        waited_s = self._desk.now_s - call.offered_at_s
        if self._desk.settings.time_base == "system" and call.answered_at_s is not None:
            waited_s -= self._desk.now_s - call.answered_at_s
        return max(0, int(waited_s))

    def _transfer(self, call: Call, extension: str) -> None:
        self._desk.line.api(f"sched_del {call.call_id}")
        self._desk.line.api(
            f"uuid_transfer {call.call_id} {extension} XML {self._desk.settings.context}"
        )

    def _inline(self, call: Call, steps: list[str]) -> None:
        self._desk.line.api(f"sched_del {call.call_id}")
        self._desk.line.api(f"uuid_transfer {call.call_id} 'm:^:{'^'.join(steps)}' inline")

    def _bridge(self, variables: list[str], target: str) -> list[str]:
        return [
            "set:hangup_after_bridge=true",
            "set:continue_on_fail=true",
            f"set:transfer_ringback={self._desk.settings.moh}",
            f"bridge:{{{','.join(variables)}}}{target}",
        ]

    def _data_variables(self, interaction_id: str, data: bytes) -> list[str]:
        found = []
        if interaction_id and is_word(interaction_id):
            found.append(f"sip_h_X-NIRC-Interaction={interaction_id}")
        if shown := encoded(
            data, self._desk.settings.data_keys, self._desk.settings.data_bytes_max
        ):
            found.append(f"sip_h_X-NIRC-Data={shown}")
            found.append(f"nirc_data={shown}")
        return found


def encoded(data: bytes, keys: tuple[str, ...], bytes_max: int) -> str:
    """Attached data for a header: base64url of canonical JSON of the keys that may go along.

    With `keys` listed they go in that order while they fit; without, all goes or nothing.
    """
    if keys and data:
        try:
            value = json.loads(data)
        except (ValueError, RecursionError):
            return ""
        chosen: dict[str, object] = {}
        for key in keys if isinstance(value, dict) else ():
            if key in value and len(_canonical({**chosen, key: value[key]})) <= bytes_max:
                chosen[key] = value[key]
        data = _canonical(chosen) if chosen else b""
    if not data or len(data) > bytes_max:
        return ""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def decoded(text: str, bytes_max: int) -> bytes:
    """Attached data as canonical JSON from a variable or header; empty if it is none."""
    if not text or len(text) > bytes_max * 4 // 3 + 4:
        return b""
    try:
        raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        value = json.loads(raw)
        return _canonical(value) if isinstance(value, dict) and value else b""
    except (ValueError, RecursionError):
        return b""


def _canonical(value: object) -> bytes:
    return json.dumps(
        value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    ).encode("utf-8")


def is_address(text: str) -> bool:
    """A SIP URI that may stand in a command."""
    return _ADDRESS.fullmatch(text) is not None
