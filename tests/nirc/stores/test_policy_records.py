"""Keys and JSON of policies in etcd: what is written is what is read."""

import pytest

from nirc.stores.etcd_values import KeyValue, Put
from nirc.stores.policy_records import (
    event_from,
    event_key,
    policy_of_state,
    state_from,
    state_key,
    state_text,
    version_from,
    version_key,
    writes_of,
)
from routing_policies.version_acts import publish
from routing_policies.versions import Canary, Order, PolicyState, Scheduled, Step

STATE = PolicyState(
    live=7,
    digest="d",
    newest=9,
    held=(1, 2),
    shadow=8,
    canary=Canary(version=9, sites=("lisbon",), share=0.5),
    scheduled=(Scheduled(version=9, at_unix_s=1.5, author="ana", reason="ção"),),
    texts={8: "a: ç\n", 9: "b"},
)


def test_a_state_is_read_as_it_was_written() -> None:
    assert state_from(state_text(STATE)) == STATE
    assert state_from(state_text(PolicyState())) == PolicyState()
    for wrong in ("", "{}", "[]", '{"canary": 1}'):
        with pytest.raises((ValueError, KeyError, TypeError)):
            state_from(wrong)


def test_keys() -> None:
    assert state_key("a") == "/nirc/policies/a/rollout"
    assert policy_of_state("/nirc/policies/a/rollout") == "a"
    assert policy_of_state("/nirc/leader/default") is None
    assert version_key("a", 7).endswith("/a/00000007") and event_key("a", 7) != version_key("a", 7)
    assert version_key("a", 1) > "/nirc/policies0", "outside what every node watches"


def test_a_step_is_written_whole() -> None:
    order = Order(author="ana", reason="r", at_unix_s=1.0)
    step = publish(PolicyState(), "text", order)
    writes = {write.key: write for write in writes_of("a", step) if isinstance(write, Put)}
    assert len(writes) == 3 and not writes_of("a", Step(state=step.state))

    def stored(key: str) -> KeyValue:
        return KeyValue(key=key, value=writes[key].value, create_revision=1, mod_revision=1)

    assert version_from(stored(version_key("a", 1))) == step.versions[0]
    assert event_from(stored(event_key("a", 1))) == step.events[0]
