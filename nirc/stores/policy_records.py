"""How versions, states and histories of policies are written in etcd: keys and JSON.

Rule of this file: it translates, and believes nothing that somebody may have written by hand.
States lie beside the documents, so that one watch brings both at one revision; versions and
histories lie apart, so that no node carries them all.
"""

import json
from dataclasses import asdict, fields
from typing import Any

from pydantic import TypeAdapter

from nirc.errors import DocumentRefusedError
from nirc.stores.etcd_values import Delete, KeyValue, Put
from routing_policies.versions import NOT_KNOWN, HistoryEvent, PolicyState, Step, Version

STATE_PREFIX, STATE_END = "/nirc/policies/", "/rollout"
VERSION_PREFIX = "/nirc/policy-versions/"
EVENT_PREFIX = "/nirc/policy-history/"
NUMBER_DIGITS = 8
AT_UNIX_S_MAX = 32_503_680_000.0
"The year 3000: nothing is scheduled for later."
_OBJECT = TypeAdapter(dict[str, Any])
_STATE = TypeAdapter(PolicyState)
_VERSION = TypeAdapter(Version)
_EVENT = TypeAdapter(HistoryEvent)
_KEYS = {field.name for field in fields(PolicyState)}


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
    """A stored state. Raises ValueError when it is none, or does not fit together."""
    _refuse_other_keys(text)
    state = _STATE.validate_json(text, strict=True)
    if wrong := _wrong(state):
        raise ValueError(wrong)
    return state


def version_from(kv: KeyValue) -> Version:
    """A stored version. Raises DocumentRefusedError, with its key, when it is none."""
    try:
        return _VERSION.validate_json(kv.value, strict=True)
    except ValueError as error:
        problem = "what is kept of this version cannot be read"
        remedy = f"restore the key {kv.key} from a backup, or name another version"
        policy = kv.key.removeprefix(VERSION_PREFIX).rpartition("/")[0]
        raise DocumentRefusedError(f"RoutingPolicy/{policy}", problem, remedy) from error


def event_from(kv: KeyValue) -> HistoryEvent:
    """A stored line of history; one that cannot be read says so and keeps from nothing."""
    try:
        return _EVENT.validate_json(kv.value, strict=True)
    except ValueError:
        return HistoryEvent(
            number=0,
            at_unix_s=0.0,
            act="unreadable",
            version=0,
            live=0,
            author=NOT_KNOWN,
            reason="",
            told=f"what is kept here cannot be read: {kv.key}",
        )


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


def _refuse_other_keys(text: str) -> None:
    """A key that is missing or not known may mean anything: nothing is guessed."""
    found = _OBJECT.validate_json(text).keys()
    if wrong := sorted(found ^ _KEYS):
        raise ValueError(f"missing or not known: {', '.join(wrong)[:200]}")


def _wrong(state: PolicyState) -> str:
    """What does not fit together in a state; empty: nothing."""
    if not 0 <= state.live <= state.newest:
        return f"version {state.live} is live, and the newest is {state.newest}"
    wanted = [state.shadow] if state.shadow else []
    if state.canary is not None:
        wanted.append(state.canary.version)
        if not 0.0 < state.canary.share <= 1.0:
            return f"the canary's share is {state.canary.share:g}"
    for version in wanted:
        if version not in state.texts:
            return f"the text of version {version}, shadow or canary, is not there"
    for one in state.scheduled:
        if not 0.0 <= one.at_unix_s < AT_UNIX_S_MAX:
            return f"version {one.version} is scheduled for no time"
    return ""


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
