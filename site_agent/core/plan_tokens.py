"""The user part of a call that comes by the peer plan: what the target must know, and the proof.

Rule of this file: pure. The origin makes the token, for there is nobody to ask; the target believes
it only where the key of plan calls says so, and only if both have the same plan, byte for byte.
Sites and services stand in it by their number in the plan.

`nirc-plan-` and base32 of: digest of the plan (6 bytes), origin, target, service (2 each), seconds
waited (2), answered and priority (1), moves without a person and in all (1), number of visited
sites (1) and these (2 each), interaction (16), seal of the data (8), nonce (8), proof (10).
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
_HEAD = struct.Struct(">6sHHHHBBB")
_TAIL = struct.Struct(">16s8s8s")
PROOF_BYTES = 10
VISITED_MAX = 16
NO_SEAL = bytes(8)


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
    "First bytes of the digest of the attached data; zeros: there is none."


def is_plan_token(token: str) -> bool:
    """Does this user part claim to be of a plan call?"""
    return token.startswith(PLAN_START)


def plan_digest(text: str) -> bytes:
    """What tells one plan from another."""
    return hashlib.sha256(text.encode("utf-8")).digest()[:6]


def seal_of(digest: bytes) -> bytes:
    """What a token keeps of the digest of attached data."""
    return digest[:8] if digest else NO_SEAL


def interaction_in_token(interaction_id: str) -> str:
    """The interaction as the target will call it: 32 hexadecimal digits go through as they are."""
    return _interaction(interaction_id).hex()


def token_of(call: PlanCall, plan: PeerPlanDoc, digest: bytes, key: bytes, nonce: str) -> str:
    """The token. `nonce` is a text that nobody has used. Raises ValueError for a name that is not
    in the plan."""
    sites = [one.site for one in plan.spec.sites]
    services = [one.service for one in plan.spec.services]
    visited = [sites.index(one) for one in call.visited_sites if one in sites][-VISITED_MAX:]
    body = _HEAD.pack(
        digest,
        sites.index(call.origin),
        sites.index(call.target),
        services.index(call.service),
        min(65535, max(0, round(call.waited_s))),
        (128 if call.answered else 0) | min(127, call.priority),
        min(15, call.moves_since_person_count) << 4 | min(15, call.moves_count),
        len(visited),
    )
    body += struct.pack(f">{len(visited)}H", *visited)
    unique = hashlib.sha256(nonce.encode("utf-8")).digest()[:8]
    body += _TAIL.pack(_interaction(call.interaction_id), call.seal, unique)
    text = base64.b32encode(body + _proof(body, key)).decode("ascii").lower().rstrip("=")
    return PLAN_START + text


def read_token(token: str, plan: PeerPlanDoc, digest: bytes, key: bytes) -> PlanCall | None:
    """What a token says, if it is of this plan and proved; else nothing."""
    text = token.removeprefix(PLAN_START).upper()
    try:
        raw = base64.b32decode(text + "=" * (-len(text) % 8))
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
    except (binascii.Error, struct.error, IndexError, ValueError):
        return None


def _proof(body: bytes, key: bytes) -> bytes:
    return hmac.new(key, body, hashlib.sha256).digest()[:PROOF_BYTES]


def _interaction(interaction_id: str) -> bytes:
    try:
        raw = bytes.fromhex(interaction_id)
    except ValueError:
        raw = b""
    same = len(raw) == 16 and raw.hex() == interaction_id
    return raw if same else hashlib.sha256(interaction_id.encode("utf-8")).digest()[:16]
