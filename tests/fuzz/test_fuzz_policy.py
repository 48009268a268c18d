"""A short run of the fuzz test of expressions and policies."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest


def load() -> ModuleType:
    path = Path(__file__).with_name("fuzz_policy.py")
    spec = importlib.util.spec_from_file_location("fuzz_policy", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["fuzz_policy"] = module
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("seed", [1, 2])
def test_fuzz_policy(seed: int) -> None:
    outcomes = load().run(seed, texts=150)
    assert outcomes["accepted expressions"] > 20
    assert outcomes["refused expressions"] > 20
    assert outcomes["refused documents"] > 5


def test_the_document_that_is_spoiled_is_whole() -> None:
    fuzz = load()
    document = fuzz.load_document(fuzz.POLICY, source="fuzz")
    assert fuzz.compile_policy(document, 1, source="fuzz").rule_names == (
        "first",
        "second",
        "third",
    )
