"""The JSON form says all that the contract says, and nothing else."""

from __future__ import annotations

import json
import typing

import pytest
from contract_samples import sample
from pydantic import ValidationError

from nrcli.wire.messages import AgentQueue
from site_agent.adapters.acd_commands import Announce
from site_agent.adapters.acd_events import AgentChanged
from site_agent.adapters.http_push.offered import COMMANDS, EVENTS
from site_agent.adapters.http_push.wire_models import (
    KEPT_IN,
    as_wire,
    contract_values,
    wire_model,
    wire_name,
    wire_type,
)

KINDS = [*EVENTS, *COMMANDS]


@pytest.mark.parametrize("kind", KINDS)
def test_every_field_of_the_contract_is_on_the_wire(kind: type) -> None:
    fields = {wire_name(name) for name in typing.get_type_hints(kind)}
    kept = {wire_name(place.partition(".")[2]) for place in KEPT_IN if kind.__name__ in place}
    assert set(wire_model(kind).model_fields) == (fields - kept) | {"type"}


@pytest.mark.parametrize("kind", KINDS)
def test_no_instant_and_no_second_is_on_the_wire(kind: type) -> None:
    for name in wire_model(kind).model_fields:
        assert not name.endswith(("_s", "_at", "_unix", "_s_min", "_s_max")), name


@pytest.mark.parametrize("kind", COMMANDS)
def test_what_is_written_fits_its_own_model(kind: type) -> None:
    given = {"data": b'{"k":1}'} if "data" in typing.get_type_hints(kind) else {}
    said = as_wire(sample(kind, **given))
    if "data" in given:
        assert said["data"] == {"k": 1}
    if "sip_status" in said:
        said["sip_status"] = 480
    assert wire_model(kind).model_validate(said, strict=False) is not None


def test_seconds_become_milliseconds_and_back() -> None:
    told = as_wire(Announce(call_id="c", position=2, ewt_s_min=1.5, ewt_s_max=3.25))
    assert (told["ewt_min_ms"], told["ewt_max_ms"], told["ewt_ms"]) == (1500, 3250, None)
    values = contract_values(Announce, wire_model(Announce).model_validate(told | {"ewt_ms": 2}))
    assert (values["ewt_s_min"], values["ewt_s_max"], values["ewt_s"]) == (1.5, 3.25, 0.002)


def test_a_membership_has_its_level_and_no_type() -> None:
    assert as_wire(AgentQueue(queue="sales", level=7)) == {"queue": "sales", "level": 7}
    assert wire_type(AgentChanged) == "agent_changed"


@pytest.mark.parametrize(
    "wrong",
    [
        {"agent": ""},
        {"agent": "a\nb"},
        {"agent": "x" * 129},
        {"agent": 7},
        {"calls_count": "1"},
        {"calls_count": -1},
        {"state": "asleep"},
        {"queues": [{"queue": "q", "level": 11}]},
        {"queues": [{"queue": "q"}] * 201},
        {"more": 1},
        {"holdable": False},
    ],
)
def test_what_is_out_of_bounds_is_refused(wrong: dict[str, object]) -> None:
    good = {"agent": "anna", "state": "ready", "queues": [{"queue": "q"}]}
    model = wire_model(AgentChanged)
    assert model.model_validate(good, strict=False)
    with pytest.raises(ValidationError):
        model.model_validate_json(json.dumps(good | wrong))
