"""Every kind refuses what it does not know, and converts nothing."""

from __future__ import annotations

import re
from typing import Any

import pytest
from pydantic import ValidationError

from routing_policies import (
    alarm_kinds,
    calendar_kinds,
    handler_kinds,
    network_kinds,
    peer_plan_kinds,
    policy_kinds,
)
from routing_policies.kinds import KINDS, PathDoc
from routing_policies.loading import load_document


def path(**spec: object) -> dict[str, Any]:
    whole = {
        "from_site": "lisbon",
        "trunk_group": "carrier",
        "to_site": "*",
        "arrives_on": "network",
        "methods": ("refer",),
    } | spec
    return {"apiVersion": "nirc/v1", "kind": "Path", "metadata": {"name": "p"}, "spec": whole}


def test_a_path_and_its_defaults() -> None:
    document = PathDoc.model_validate(path())
    assert document.name == "p"
    assert not document.spec.proven
    assert document.spec.target_channels == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"from_site": "Lis bon"},
        {"trunk_group": 12},
        {"methods": ()},
        {"methods": ("carrier-pigeon",)},
        {"set_up_p99_s": 0},
        {"set_up_p99_s": "1"},
        {"set_up_p99_s": float("nan")},
        {"proven": "yes"},
        {"unknown": 1},
    ],
)
def test_what_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        PathDoc.model_validate(path(**wrong))


def test_documents_cannot_be_changed() -> None:
    document = PathDoc.model_validate(path())
    with pytest.raises(ValidationError):
        document.spec.proven = True


def test_every_kind_is_named_as_it_is_written() -> None:
    for kind, model in KINDS.items():
        assert model.model_fields["kind"].annotation.__args__ == (kind,)  # type: ignore[union-attr]


def test_the_examples_beside_the_models_are_read_and_are_all_kinds() -> None:
    modules = (
        *(network_kinds, calendar_kinds, policy_kinds, peer_plan_kinds),
        *(handler_kinds, alarm_kinds),
    )
    text = "\n".join(module.__doc__ or "" for module in modules)
    examples = re.split(r"(?m)^    (?=\{apiVersion)", text)[1:]
    kinds = [
        load_document(example.partition("\n\n")[0], source=example[:60]).kind
        for example in examples
    ]
    assert sorted(kinds) == sorted(KINDS)
