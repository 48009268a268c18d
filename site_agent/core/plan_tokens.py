"""The user part of a call that comes by the peer plan: what the target must know, and the proof.

Rule of this file: pure. The origin makes the token, for there is nobody to ask; the target believes
it only where the key of plan calls says so, and only if both have the same plan, byte for byte.
Sites and services stand in it by their number in the plan, which also says the form of tokens.

Long: `nirc-plan-` and base32 of: digest of the plan (6 bytes), origin, target, service (2 each),
seconds waited (2), answered and priority (1), moves without a person and in all (1), number of
visited sites (1) and these (2 each), interaction (16), seal of the data (8), nonce (8), proof (10).

Short, at most 79 characters, which is as long as an extension of Asterisk may be: `nirc-p-` and
base32 of: origin, service, visited sites (as many bits each as the plan needs), seconds waited
(16 bits), answered (1), priority (7), moves (4 and 4), number of visited sites (4); in whole bytes;
then interaction (16 bytes), seal (4, keyed), nonce (3), proof (12). The proof covers the plan and
the target too. Of the visited sites those that fit go along, the last ones first.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import struct
from dataclasses import dataclass

from routing_policies.peer_plan_kinds import PeerPlanDoc

PLAN_START = "nirc-plan-"
SHORT_START = "nirc-p-"
STARTS = (PLAN_START, SHORT_START)
USER_PART_CHARS = 79
"Of a short token; Asterisk cuts longer extensions without a word."
_HEAD = struct.Struct(">6sHHHHBBB")
_TAIL = struct.Struct(">16s8s8s")
PROOF_BYTES = 10
VISITED_MAX = 16
NO_SEAL = bytes(8)
SHORT_PROOF_BYTES = 12
_SHORT_BYTES_MAX = (USER_PART_CHARS - len(SHORT_START)) * 5 // 8
_SHORT_TAIL = struct.Struct(">16s4s3s")
_SHORT_HEAD_MAX = _SHORT_BYTES_MAX - _SHORT_TAIL.size - SHORT_PROOF_BYTES
_FLAG_BITS = 16 + 1 + 7 + 4 + 4 + 4


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanCall:
    """What a token says about its call."""

    origin: str
    target: str
    service: str
    waited_s: float
    answered: bool
    priority: int
    moves_since_person_count: int
    moves_count: int
    visited_sites: tuple[str, ...]
    interaction_id: str
    seal: bytes = NO_SEAL
    """First bytes of the digest of the attached data, or, where a short token was read, what
    `seal_fits` compares; zeros: there is none."""


def is_plan_token(token: str) -> bool:
    """Does this user part claim to be of a plan call?"""
    return token.startswith(STARTS)


def plan_digest(text: str) -> bytes:
    """What tells one plan from another."""
    return hashlib.sha256(text.encode("utf-8")).digest()[:6]


def seal_of(digest: bytes) -> bytes:
    """What a token keeps of the digest of attached data."""
    return digest[:8] if digest else NO_SEAL


def seal_fits(said: PlanCall, digest: bytes, key: bytes) -> bool:
    """Is this the digest of the data that the token's call has?"""
    if said.seal == NO_SEAL or not digest:
        return False
    here = seal_of(digest)
    return hmac.compare_digest(said.seal, here if len(said.seal) == 8 else _keyed(here, key))


def interaction_in_token(interaction_id: str) -> str:
    """The interaction as the target will call it: 32 hexadecimal digits go through as they are."""
    return _interaction(interaction_id).hex()


def token_of(call: PlanCall, plan: PeerPlanDoc, digest: bytes, key: bytes, nonce: str) -> str:
    """The token, in the plan's form. `nonce` is a text that nobody has used. Raises ValueError for
    a name that is not in the plan."""
    if plan.spec.tokens == "short":
        return _short_of(call, plan, digest, key, nonce)
    sites = [one.site for one in plan.spec.sites]
    services = [one.service for one in plan.spec.services]
    visited = [sites.index(one) for one in call.visited_sites if one in sites][-VISITED_MAX:]
    body = _HEAD.pack(
        digest,
        sites.index(call.origin),
        sites.index(call.target),
        services.index(call.service),
        _waited(call),
        (128 if call.answered else 0) | min(127, call.priority),
        min(15, call.moves_since_person_count) << 4 | min(15, call.moves_count),
        len(visited),
    )
    body += struct.pack(f">{len(visited)}H", *visited)
    unique = hashlib.sha256(nonce.encode("utf-8")).digest()[:8]
    body += _TAIL.pack(_interaction(call.interaction_id), call.seal, unique)
    return PLAN_START + _text(body + _proof(body, key))


def read_token(
    token: str, plan: PeerPlanDoc, digest: bytes, key: bytes, here: str
) -> PlanCall | None:
    """What a token says, if it is of this plan and proved; else nothing. `here`: the site that it
    came to, without which a short one says nothing."""
    try:
        if token.startswith(SHORT_START):
            return _read_short(_raw(token.removeprefix(SHORT_START)), plan, digest, key, here)
        return _read_long(_raw(token.removeprefix(PLAN_START)), plan, digest, key)
    except (binascii.Error, struct.error, IndexError, ValueError):
        return None


def _read_long(raw: bytes, plan: PeerPlanDoc, digest: bytes, key: bytes) -> PlanCall | None:
    body, proof = raw[:-PROOF_BYTES], raw[-PROOF_BYTES:]
    if not hmac.compare_digest(proof, _proof(body, key)) or body[:6] != digest:
        return None
    _, origin, target, service, waited_s, flags, moves, count = _HEAD.unpack_from(body)
    visited = struct.unpack_from(f">{count}H", body, _HEAD.size)
    interaction, seal, _ = _TAIL.unpack_from(body, _HEAD.size + 2 * count)
    sites, services = plan.spec.sites, plan.spec.services
    return PlanCall(
        origin=sites[origin].site,
        target=sites[target].site,
        service=services[service].service,
        waited_s=float(waited_s),
        answered=bool(flags & 128),
        priority=flags & 127,
        moves_since_person_count=moves >> 4,
        moves_count=moves & 15,
        visited_sites=tuple(sites[one].site for one in visited),
        interaction_id=interaction.hex(),
        seal=seal,
    )


# ---- the short form ----------------------------------------------------------------------------


def _short_of(call: PlanCall, plan: PeerPlanDoc, digest: bytes, key: bytes, nonce: str) -> str:
    sites = [one.site for one in plan.spec.sites]
    services = [one.service for one in plan.spec.services]
    sites.index(call.target)
    each, which = _width(len(sites)), _width(len(services))
    room = min(15, (_SHORT_HEAD_MAX * 8 - _FLAG_BITS - each - which) // each)
    visited = [sites.index(one) for one in call.visited_sites if one in sites]
    visited = visited[max(0, len(visited) - room) :]
    bits = _Bits()
    bits.put(sites.index(call.origin), each)
    bits.put(services.index(call.service), which)
    bits.put(_waited(call), 16)
    bits.put(int(call.answered), 1)
    bits.put(min(127, call.priority), 7)
    bits.put(min(15, call.moves_since_person_count), 4)
    bits.put(min(15, call.moves_count), 4)
    bits.put(len(visited), 4)
    for one in visited:
        bits.put(one, each)
    unique = hashlib.sha256(nonce.encode("utf-8")).digest()[:3]
    seal = bytes(4) if call.seal == NO_SEAL else _keyed(call.seal, key)
    body = bits.whole() + _SHORT_TAIL.pack(_interaction(call.interaction_id), seal, unique)
    return SHORT_START + _text(body + _short_proof(body, digest, call.target, key))


def _read_short(
    raw: bytes, plan: PeerPlanDoc, digest: bytes, key: bytes, here: str
) -> PlanCall | None:
    body, proof = raw[:-SHORT_PROOF_BYTES], raw[-SHORT_PROOF_BYTES:]
    if not hmac.compare_digest(proof, _short_proof(body, digest, here, key)):
        return None
    sites, services = plan.spec.sites, plan.spec.services
    each = _width(len(sites))
    bits = _Bits(body[: -_SHORT_TAIL.size])
    interaction, seal, _ = _SHORT_TAIL.unpack_from(body, len(body) - _SHORT_TAIL.size)
    origin, service = bits.take(each), bits.take(_width(len(services)))
    waited_s, answered, priority = bits.take(16), bits.take(1), bits.take(7)
    since_person, moves = bits.take(4), bits.take(4)
    visited = [bits.take(each) for _ in range(bits.take(4))]
    return PlanCall(
        origin=sites[origin].site,
        target=here,
        service=services[service].service,
        waited_s=float(waited_s),
        answered=bool(answered),
        priority=priority,
        moves_since_person_count=since_person,
        moves_count=moves,
        visited_sites=tuple(sites[one].site for one in visited),
        interaction_id=interaction.hex(),
        seal=seal if any(seal) else NO_SEAL,
    )


class _Bits:
    """Numbers of some bits each, one after the other, highest bit first."""

    __slots__ = ("_left", "_value")

    def __init__(self, raw: bytes = b"") -> None:
        self._value = int.from_bytes(raw, "big")
        self._left = 8 * len(raw)

    def put(self, number: int, width: int) -> None:
        self._value = self._value << width | number
        self._left += width

    def take(self, width: int) -> int:
        """Raises ValueError where there are no more."""
        self._left -= width
        if self._left < 0:
            raise ValueError("too few bits")
        return self._value >> self._left & (1 << width) - 1

    def whole(self) -> bytes:
        """Everything that was put, filled up to whole bytes."""
        fill = -self._left % 8
        return (self._value << fill).to_bytes((self._left + fill) // 8, "big")


def _width(count: int) -> int:
    """Bits for one of so many."""
    return max(1, (count - 1).bit_length())


def _keyed(seal: bytes, key: bytes) -> bytes:
    return hmac.new(key, b"nirc-p seal" + seal, hashlib.sha256).digest()[:4]


def _short_proof(body: bytes, digest: bytes, target: str, key: bytes) -> bytes:
    said = b"\0".join((b"nirc-p", digest.hex().encode(), target.encode("utf-8"), body))
    return hmac.new(key, said, hashlib.sha256).digest()[:SHORT_PROOF_BYTES]


# ---- both --------------------------------------------------------------------------------------


def _waited(call: PlanCall) -> int:
    return min(65535, max(0, round(call.waited_s)))


def _text(raw: bytes) -> str:
    return base64.b32encode(raw).decode("ascii").lower().rstrip("=")


def _raw(text: str) -> bytes:
    return base64.b32decode(text.upper() + "=" * (-len(text) % 8))


def _proof(body: bytes, key: bytes) -> bytes:
    return hmac.new(key, body, hashlib.sha256).digest()[:PROOF_BYTES]


def _interaction(interaction_id: str) -> bytes:
    try:
        raw = bytes.fromhex(interaction_id)
    except ValueError:
        raw = b""
    same = len(raw) == 16 and raw.hex() == interaction_id
    return raw if same else hashlib.sha256(interaction_id.encode("utf-8")).digest()[:16]
