"""One number for a site's whole state, by which both ends of a link see that they agree.

Rule of this file: standard library only; the same at both ends, whatever the Python version, and
blind to durations that run on by themselves (`in_state_s`, `oldest_wait_s`, `waited_s`, ...).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from hashlib import blake2b

from nrcli.wire.state_messages import (
    AgentReport,
    Entity,
    QueueReport,
    ReservationReport,
    TrunkReport,
    WaitingCallReport,
)

_CHECKSUM_MODULUS = 1 << 64

_ENTITY_KEY: dict[type, Callable[..., tuple[str, str]]] = {
    QueueReport: lambda e: ("queue", e.queue),
    AgentReport: lambda e: ("agent", e.agent),
    TrunkReport: lambda e: ("trunk", e.trunk_group),
    ReservationReport: lambda e: ("reservation", e.token),
    WaitingCallReport: lambda e: ("waiting", e.call_id),
}


def _queue_form(e: QueueReport) -> str:
    return (
        f"('queue', ({e.queue!a}, {bool(e.open)}, {bool(e.shared)}, {round(e.aht_s * 1000)}), "
        f"({e.staffed_count}, {e.ready_count}, {e.reserved_count}, {e.busy_count}, {e.acw_count}), "
        f"({e.not_ready_count}, {e.waiting_count}, {e.answered_count}, {e.abandoned_count}), "
        f"({e.places_max}, {e.places_held_count}, {e.max_loan}, {e.loan_count}, {e.min_reserve}), "
        f"({round(e.last_wait_s * 1000)}, {round(e.patience_s * 1000)}, {bool(e.accepting)}), "
        f"({e.estimator}, {e.ewt_low_percent}, {e.ewt_high_percent}), "
        f"({e.window_offered_count}, {e.window_in_time_count}))"
    )


def _agent_form(e: AgentReport) -> str:
    queues = ", ".join([f"({q.queue!a}, {q.level})" for q in e.queues])
    return (
        f"('agent', {e.agent!a}, {e.state.value!a}, [{queues}], {e.calls_count}, "
        f"({round(e.ready_s * 1000)}, {e.ready_periods_count}, {round(e.occupied_s * 1000)}))"
    )


def _trunk_form(e: TrunkReport) -> str:
    return (
        f"('trunk', {e.trunk_group!a}, ({e.channels_max}, {e.channels_used_count}, "
        f"{e.channels_reserved_count}, {e.min_free}))"
    )


def _reservation_form(e: ReservationReport) -> str:
    names = (e.token, e.request_id, e.queue, e.agent, e.origin_site)
    return f"('reservation', {names!a}, {bool(e.taken)})"


def _waiting_form(e: WaitingCallReport) -> str:
    names = (e.call_id, e.interaction_id, e.queue, e.service)
    return f"('waiting', {names!a}, {e.priority})"


_ENTITY_FORM: dict[type, Callable[..., str]] = {
    QueueReport: _queue_form,
    AgentReport: _agent_form,
    TrunkReport: _trunk_form,
    ReservationReport: _reservation_form,
    WaitingCallReport: _waiting_form,
}


def entity_key(entity: Entity) -> tuple[str, str]:
    """(kind, name) of `entity`: unique within a site, and what `Removed` names."""
    return _ENTITY_KEY[type(entity)](entity)


def entity_hash(entity: Entity) -> int:
    """64 bits of `entity` without its running durations; the mean handle time counts in ms.

    The same at both ends of a link, whatever the Python version: the form hashed is ASCII.
    """
    form = _ENTITY_FORM[type(entity)](entity).encode("ascii")
    return int.from_bytes(blake2b(form, digest_size=8).digest(), "big")


def state_checksum(entities: Iterable[Entity]) -> int:
    """Checksum of a whole state: the sum of its entities' hashes modulo 2**64.

    The order does not matter, so either end may keep it as it goes: subtract the hash of the old
    form of an entity, add the hash of the new one, modulo 2**64.
    """
    return sum(map(entity_hash, entities)) % _CHECKSUM_MODULUS
