"""Test calls: placed by the manager's `Originate` with nobody on them, and answered for others.

Rule of this file: a test call takes a channel and nothing else. Who placed it is told once, after
its end or when it is certain that there is none, whether it was answered, how soon, and who let go.
"""

from __future__ import annotations

from site_agent.adapters import base
from site_agent.adapters.asterisk.ami_events import Answered, ChannelOver, ChannelSeen
from site_agent.adapters.asterisk.arrivals import Arrivals
from site_agent.adapters.asterisk.asterisk_protocol import AmiAction, action
from site_agent.adapters.asterisk.desk import Desk
from site_agent.adapters.asterisk.variables import is_address

PROBE = "probe"
CONTEXT = "nirc-probe"
LET_GO_S = 5
"Whoever answered ours should have ended it by then."
WORD_S = 2.0
"Beyond the time it may ring: the PBX has said nothing of it."
NETWORK = "network"
"The endpoint that reaches other sites, where a trunk group has it."
STATUS_OF_CAUSE = {1: 404, 17: 486, 18: 408, 19: 480, 20: 480, 21: 403, 34: 503, 42: 503, 58: 488}
"SIP status that Asterisk's hangup cause was made from."
STATUS_OF_REASON = {3: 408, 5: 486, 8: 503}
"The same for OriginateResponse: it rang on, busy, congestion."
STATUS_DEFAULT = 480


class _Placed:
    """One test call of ours."""

    __slots__ = ("answered_s", "began_at_s", "call_id", "let_go", "seen")

    def __init__(self, call_id: str, now_s: float) -> None:
        self.call_id = call_id
        self.began_at_s = now_s
        self.answered_s: float | None = None
        self.seen = False
        "A channel was made for it."
        self.let_go = False


class Probing:
    """Test calls of this site, by the unique id of their channel, and of others."""

    def __init__(self, desk: Desk, arrivals: Arrivals) -> None:
        self._desk = desk
        self._arrivals = arrivals
        self._placed: dict[str, _Placed] = {}

    # ---- for others ----------------------------------------------------------------------------

    def answer(self, command: base.AnswerProbe) -> None:
        """The dialplan answers it and lets go; it is no call of the site."""
        self._arrivals.hand_over(command.call_id, CONTEXT, "answer")

    # ---- our own -------------------------------------------------------------------------------

    def place(self, command: base.PlaceProbe) -> None:
        """Place a test call, or say that it cannot be."""
        desk = self._desk
        group = desk.trunks.get(command.trunk_group)
        used_count = sum(1 for name, _ in desk.used.values() if name == command.trunk_group)
        full = group is None or used_count >= group.channels_max
        if group is None or full or not desk.connected or not is_address(command.address):
            desk.tell(base.ProbeEnded(call_id=command.call_id, sip_status=0))
            return
        endpoint = NETWORK if NETWORK in group.endpoints else group.endpoints[0]
        unique_id = f"nirc-{desk.new_id()}"
        self._placed[unique_id] = _Placed(command.call_id, desk.now_s)
        desk.say(_originate(command, endpoint, unique_id, desk.ask(PROBE, unique_id)))
        desk.timers.start((PROBE, unique_id), desk.now_s + command.ring_s + WORD_S)

    def answered(self, unique_id: str, event: Answered) -> None:
        """What the PBX made of our `Originate`."""
        placed = self._placed.get(unique_id)
        if placed is None:
            return
        if not event.success and not (event.done and placed.seen):
            self._over(unique_id, 0)
        elif not event.success:
            self._over(unique_id, STATUS_OF_REASON.get(event.reason, STATUS_DEFAULT))
        elif event.done:
            placed.answered_s = self._desk.now_s - placed.began_at_s
            over_s = self._desk.now_s + LET_GO_S + WORD_S
            self._desk.timers.start((PROBE, unique_id), over_s)

    def seen(self, event: ChannelSeen) -> None:
        """Its channel was made: from now on somebody may be called."""
        placed = self._placed.get(event.unique_id)
        if placed is not None:
            placed.seen = True

    def hung_up(self, unique_id: str) -> None:
        """The far end let go."""
        placed = self._placed.get(unique_id)
        if placed is not None:
            placed.let_go = True

    def over(self, event: ChannelOver) -> None:
        """Its channel is gone."""
        placed = self._placed.get(event.unique_id)
        if placed is not None:
            status = STATUS_OF_CAUSE.get(event.cause, STATUS_DEFAULT)
            self._over(event.unique_id, 200 if placed.answered_s is not None else status)

    def late(self, unique_id: str) -> None:
        """Nobody answered, or nobody let go."""
        placed = self._placed.get(unique_id)
        if placed is not None:
            self._desk.say(action("Hangup", Channel=unique_id))
            self._over(unique_id, 200 if placed.answered_s is not None else 408)

    def lose_all(self) -> None:
        """The PBX is not reached: what becomes of test calls is not known."""
        for unique_id in list(self._placed):
            self._over(unique_id, 0)

    def _over(self, unique_id: str, status: int) -> None:
        placed = self._placed.pop(unique_id)
        self._desk.timers.stop((PROBE, unique_id))
        since_s = self._desk.now_s - placed.began_at_s
        self._desk.tell(
            base.ProbeEnded(
                call_id=placed.call_id,
                sip_status=status,
                took_s=since_s if placed.answered_s is None else placed.answered_s,
                let_go=placed.let_go,
            )
        )


def _originate(
    command: base.PlaceProbe, endpoint: str, unique_id: str, action_id: str
) -> AmiAction:
    return action(
        "Originate",
        action_id=action_id,
        Channel=f"PJSIP/{endpoint}/{command.address}",
        Application="Wait",
        Data=str(LET_GO_S),
        Timeout=f"{command.ring_s * 1000:.0f}",
        ChannelId=unique_id,
        Async_="true",
    )
