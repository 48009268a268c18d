"""How versions, states and histories of policies are written in etcd: keys and JSON.

Rule of this file: it translates. States lie beside the documents, so that one watch brings both at
one revision; versions and histories lie apart, so that no node carries them all.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from nirc.stores.etcd_values import Delete, KeyValue, Put
from routing_policies.versions import (
    Canary,
    HistoryEvent,
    PolicyState,
    Scheduled,
    Step,
    Version,
)

STATE_PREFIX, STATE_END = "/nirc/policies/", "/rollout"
VERSION_PREFIX = "/nirc/policy-versions/"
EVENT_PREFIX = "/nirc/policy-history/"
NUMBER_DIGITS = 8


def state_key(policy: str) -> str:
    """Where a policy's state lies."""
    return f"{STATE_PREFIX}{policy}{STATE_END}"


def policy_of_state(key: str) -> str | None:
    """Whose state a key is; None: no state."""
    if key.startswith(STATE_PREFIX) and key.endswith(STATE_END):
        return key[len(STATE_PREFIX) : -len(STATE_END)]
    return None


def version_key(policy: str, number: int) -> str:
    """Where one version lies."""
    return f"{VERSION_PREFIX}{policy}/{number:0{NUMBER_DIGITS}}"


def event_key(policy: str, number: int) -> str:
    """Where one line of history lies."""
    return f"{EVENT_PREFIX}{policy}/{number:0{NUMBER_DIGITS}}"


def state_text(state: PolicyState) -> str:
    """A state as it is stored."""
    return _json(asdict(state))


def state_from(text: str) -> PolicyState:
    """A stored state. Raises ValueError, KeyError or TypeError when it is none."""
    raw: dict[str, Any] = json.loads(text)
    canary = raw.pop("canary")
    return PolicyState(
        **{
            **raw,
            "held": tuple(raw["held"]),
            "texts": {int(number): str(text) for number, text in raw["texts"].items()},
            "canary": None if canary is None else _canary(canary),
            "scheduled": tuple(Scheduled(**one) for one in raw["scheduled"]),
        }
    )


def version_from(kv: KeyValue) -> Version:
    """A stored version."""
    return Version(**json.loads(kv.value))


def event_from(kv: KeyValue) -> HistoryEvent:
    """A stored line of history."""
    return HistoryEvent(**json.loads(kv.value))


def writes_of(policy: str, step: Step) -> list[Put | Delete]:
    """What a step changes beside the live document."""
    if not step.events:
        return []
    return [
        Put(key=state_key(policy), value=state_text(step.state).encode()),
        *(
            Put(key=version_key(policy, one.number), value=_json(asdict(one)).encode())
            for one in step.versions
        ),
        *(
            Put(key=event_key(policy, one.number), value=_json(asdict(one)).encode())
            for one in step.events
        ),
        *(Delete(key=version_key(policy, number)) for number in step.dropped_versions),
        *(Delete(key=event_key(policy, number)) for number in step.dropped_events),
    ]


def _canary(raw: Mapping[str, Any]) -> Canary:
    return Canary(**{**raw, "sites": tuple(raw["sites"]), "services": tuple(raw["services"])})


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
