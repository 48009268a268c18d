"""What the ACD remembers of one call: its caller leg, who it is being joined with, its move.

Rule of this file: state only, no decision. A call has at most one far leg (an agent or the target
of a bridge), beside it forks to further agents while none has answered, and at most one re-INVITE
of ours on the way to the caller.
"""

from __future__ import annotations

from enum import Enum
from math import inf

from nrcli.sip.message import Request
from nrcli.wire.messages import TransferMethod
from routing_policies.network_kinds import Ageing
from site_agent.adapters.base import AcceptArrival
from site_agent.adapters.sip_acd.trunks import TrunkGroup
from site_agent.sip.signals import Peer


class Role(Enum):
    """What a leg is for."""

    CALLER = "caller"
    AGENT = "agent"
    TARGET = "target"  # of a bridge
    MUSIC = "music"  # announcement server
    PROBE = "probe"  # a test call that this site placed
    DIALED = "dialed"  # a caller who is called back, until they answer


class LegState(Enum):
    """How far a leg has come."""

    EARLY = "early"  # no final response yet
    ANSWERED = "answered"  # 200 sent or received, its ACK is outstanding
    REJOINING = "rejoining"  # it stands; we asked it for an offer to join it with a caller
    UP = "up"
    OVER = "over"


class Hears(Enum):
    """What the caller's last agreed session description points at."""

    NOTHING = "nothing"  # not answered yet
    PLAYER = "player"
    MUSIC = "music"
    FAR = "far"
    SILENCE = "silence"  # a far end that is gone


class Purpose(Enum):
    """Why a re-INVITE of ours is on its way to the caller."""

    JOIN = "join"
    RESTORE = "restore"
    PROBE = "probe"
    CATCH_UP = "catch_up"  # tell the caller what the far end answered to our description of them


class Leg:
    """One INVITE dialog usage. `offerless`: we invited it without a session description."""

    __slots__ = (
        "agent",
        "call",
        "held",
        "leg_id",
        "offer",
        "offerless",
        "role",
        "state",
        "trunk",
        "unreachable_count",
    )

    def __init__(self, leg_id: str, role: Role, call: Call, *, offerless: bool) -> None:
        self.leg_id = leg_id
        self.role = role
        self.call = call
        self.offerless = offerless
        self.offer = b""
        self.agent = ""
        "Whose phone it is, of an agent's leg."
        self.state = LegState.EARLY
        self.held = False
        "An agent's phone holds the caller."
        self.trunk: TrunkGroup | None = None
        "Whose channel it has, of a target's leg; None: that of the call's own group."
        self.unreachable_count = 0


def gone_leg() -> Leg:
    """What an ended call has for a caller: over, and of no call, so that nothing goes in a ring."""
    leg = Leg.__new__(Leg)
    leg.leg_id, leg.role, leg.state = "", Role.CALLER, LegState.OVER
    leg.offer, leg.offerless, leg.unreachable_count, leg.agent = b"", False, 0, ""
    leg.trunk, leg.held = None, False
    return leg


class Parked:
    """An agent who is on the line while their caller hears music or is on the way elsewhere."""

    __slots__ = (
        "asked_back",
        "away",
        "consulting",
        "dialing",
        "held_by_phone",
        "holding",
        "leg",
        "queue",
        "refers",
        "returns",
        "service",
        "talked_s",
        "transferring",
    )

    def __init__(self, leg: Leg, *, service: str, queue: str, talked_s: float) -> None:
        self.leg: Leg | None = leg
        "None: the agent has hung up, and waits for no outcome."
        self.service, self.queue = service, queue
        "What the caller waited for before."
        self.talked_s = talked_s
        self.transferring = False
        self.away = False
        self.dialing = False
        self.refers = False
        "The phone's REFER was accepted and has no final NOTIFY yet."
        self.holding = False
        "Our re-INVITE that puts the phone on hold is on its way."
        self.returns = False
        "The caller is the agent's again as soon as `holding` is over."
        self.asked_back = False
        "The phone took the hold off again: the agent wants the caller back."
        self.held_by_phone = False
        "The phone itself holds the caller."
        self.consulting = ""
        "The consult call that the agent made meanwhile."


class Move:
    """One try to move a call; `told_accepted` and `settled` keep signs from being told twice."""

    __slots__ = (
        "address",
        "contacts",
        "method",
        "move_id",
        "refer_to",
        "settled",
        "told",
        "told_accepted",
    )

    def __init__(self, move_id: str, method: TransferMethod, address: str) -> None:
        self.move_id = move_id
        self.method = method
        self.address = address
        self.refer_to = ""
        self.contacts = ""
        "Of a 302 that waits for the target's SIP port to answer."
        self.told: tuple[tuple[str, str], ...] = ()
        "Headers of a 302 to a voicemail or the like."
        self.told_accepted = False
        self.settled = False


class Passing:
    """A re-INVITE of one end on its way through to the other."""

    __slots__ = ("from_leg", "had_offer", "to_leg")

    def __init__(self, from_leg: Leg, to_leg: Leg, *, had_offer: bool) -> None:
        self.from_leg = from_leg
        self.to_leg = to_leg
        self.had_offer = had_offer


class Call:
    """One call at this site, from its INVITE to its end."""

    __slots__ = (
        "acknowledged",
        "ageing",
        "agent",
        "ani",
        "answer_due",
        "answer_now",
        "answered_at_s",
        "arriving",
        "awaits_data",
        "broadcast",
        "call_id",
        "caller",
        "caller_sdp",
        "consult_id",
        "consult_of",
        "data",
        "dialed_number",
        "emergency",
        "ended",
        "failed_joins_count",
        "far",
        "forks",
        "hears",
        "interaction_id",
        "invite",
        "joined",
        "joined_at_s",
        "move",
        "music",
        "offered_at_s",
        "parked",
        "passing",
        "peer",
        "playing",
        "position_at_s",
        "priority",
        "probe",
        "queue",
        "redirected",
        "reinvite",
        "restore_tries_count",
        "rung_status",
        "sdp_version",
        "sent_sdp",
        "serial",
        "service",
        "silence_told",
        "source",
        "started_at_s",
        "told_agent",
        "trunk",
    )

    def __init__(
        self,
        call_id: str,
        leg_id: str,
        invite: Request,
        peer: Peer,
        *,
        trunk: TrunkGroup,
        now_s: float,
        serial: int,
    ) -> None:
        self.call_id = call_id
        self.invite = invite
        self.peer = peer
        self.trunk = trunk
        self.serial = serial
        self.started_at_s = now_s
        self.offered_at_s = now_s
        self.caller_sdp, self.sent_sdp = invite.body, b""
        self.caller = Leg(leg_id, Role.CALLER, self, offerless=not invite.body)
        self.far: Leg | None = None
        self.forks: list[Leg] = []
        "Further agents rung at the same time as `far`; empty once one has answered."
        self.music: Leg | None = None
        self.agent = ""
        self.joined, self.joined_at_s = False, 0.0
        self.answered_at_s: float | None = None
        self.hears = Hears.NOTHING
        self.silence_told = False
        self.playing = False
        self.position_at_s = -inf
        self.sdp_version = 1
        self.reinvite: Purpose | None = None
        self.passing: Passing | None = None
        self.probe = False
        self.move: Move | None = None
        self.parked: Parked | None = None
        self.told_agent = ""
        "Who was told last to talk with the caller; who comes back from a hold is not told anew."
        self.consult_id = self.consult_of = ""
        """The call by which the agent who talks with this caller consults somebody about them; the
        call of the caller whom the agent has on hold, if an agent makes this call."""
        self.redirected = False
        self.arriving = False
        self.awaits_data: AcceptArrival | None = None
        "Accepted, and not yet on what is held for it: attached data is on its way."
        self.acknowledged = self.ended = False
        self.answer_now = self.answer_due = False
        self.rung_status = 0
        self.failed_joins_count = self.restore_tries_count = 0
        self.interaction_id = self.service = self.queue = ""
        self.priority = 0
        self.emergency = self.broadcast = False
        self.ageing: Ageing | None = None
        self.source = ""
        "Announcement that the player plays to the caller; empty: music."
        self.ani = self.dialed_number = ""
        self.data = b""
