"""Keys and JSON of policies in etcd: what is written is what is read."""

import json
import math

import pytest

from nirc.errors import DocumentRefusedError
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


def changed(**fields: object) -> str:
    return json.dumps(json.loads(state_text(STATE)) | fields)


CANARY = {"version": 9, "sites": [], "services": [], "share": 0.5}
DUE = {"version": 9, "at_unix_s": 1.0, "author": "a", "reason": "", "override_freeze": ""}


@pytest.mark.parametrize(
    "wrong",
    [
        *("", "null", "3", '"x"', "{}", "[]", '{"canary": 1}', "[" * 100_000, "\ufffd"),
        *(changed(live=live) for live in ("seven", -1, 99, 2.5, None)),
        *(changed(texts=texts) for texts in ([], None, {"x": "y"}, {"8": 3, "9": "b"}, {})),
        *(changed(held=held) for held in (3, "abc", ["x"])),
        *(changed(canary=canary) for canary in ("x", {}, CANARY | {"version": 7})),
        *(changed(canary=CANARY | {"share": share}) for share in ("half", 0, 9e99, math.nan)),
        changed(canary=CANARY | {"sites": [3]}),
        changed(canary=CANARY | {"services": "abc"}),
        *(changed(shadow=shadow) for shadow in ("8", 5)),
        *(changed(scheduled=waiting) for waiting in ("abc", [{}], [DUE | {"author": None}])),
        *(changed(scheduled=[DUE | {"at_unix_s": at}]) for at in ("x", 1e300, math.nan, -1)),
        changed(digest=5),
        changed(newest="x"),
        changed(surprise=1),
    ],
)
def test_a_state_that_does_not_fit_together_is_refused(wrong: str) -> None:
    with pytest.raises(ValueError):
        state_from(wrong)


@pytest.mark.parametrize("value", ["nope", "[]", "{}", "[" * 100_000, '{"number": "x"}', "null"])
def test_broken_versions_are_refused_and_broken_lines_are_told(value: str) -> None:
    kv = KeyValue(key=version_key("a", 2), value=value.encode(), create_revision=1, mod_revision=1)
    with pytest.raises(DocumentRefusedError, match=r"RoutingPolicy/a: .*00000002 from a backup"):
        version_from(kv)
    kv = KeyValue(key=event_key("a", 2), value=b"\xff", create_revision=1, mod_revision=1)
    assert event_from(kv).told.endswith(event_key("a", 2))


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
