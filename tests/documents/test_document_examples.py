"""docs/documents.md shows one of each kind with every key, and its examples fit together."""

import re
from pathlib import Path
from typing import Any

import yaml
from documents import ROOT, blocks_of
from pydantic import BaseModel

from routing_policies.document import assemble, load_document
from routing_policies.kinds import KINDS, Otherwise, PathSpec, Rule, SiteAddress
from routing_policies.network_kinds import (
    Ageing,
    GuardRails,
    NumberList,
    ServiceLevel,
    SiteQueue,
    TenantLimits,
)
from routing_policies.policy_kinds import Hysteresis, Loan

PARTS = (SiteQueue, GuardRails, Ageing, ServiceLevel, NumberList, TenantLimits, Hysteresis, Loan)
PAGE = Path("docs/documents.md")


def examples() -> list[str]:
    blocks = [block.text for block in blocks_of(PAGE) if block.language == "yaml"]
    return [text for block in blocks for text in re.split(r"^---$", block, flags=re.MULTILINE)]


def test_the_examples_are_one_set() -> None:
    documents = [load_document(text, source=str(PAGE)) for text in examples()]
    texts = {
        f"{one.kind}/{one.name}": (text, 1)
        for one, text in zip(documents, examples(), strict=True)
        if one.kind != "OverflowRules"
    }
    joined = assemble(texts, 1)
    assert set(joined.sites) == {"lisbon", "porto"}
    assert joined.policy.name == "default"
    assert {one.kind for one in documents} == set(KINDS)


def test_every_key_is_shown() -> None:
    shown = set().union(*(keys_of(yaml.safe_load(text)) for text in examples()))
    specs = [KINDS[kind].model_fields["spec"].annotation for kind in KINDS]
    models = [*specs, PathSpec, SiteAddress, Rule, Otherwise, *PARTS]
    expected = {
        (field.alias or name)
        for model in models
        if isinstance(model, type) and issubclass(model, BaseModel)
        for name, field in model.model_fields.items()
    }
    assert expected - shown == set()


def test_every_kind_has_its_heading() -> None:
    text = (ROOT / PAGE).read_text(encoding="utf-8")
    assert [kind for kind in KINDS if f"\n## {kind}\n" not in text] == []


def keys_of(value: Any) -> set[str]:
    if isinstance(value, dict):
        return set(value).union(*map(keys_of, value.values()))
    return set().union(*map(keys_of, value)) if isinstance(value, list) else set()
