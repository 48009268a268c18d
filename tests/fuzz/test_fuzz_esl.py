"""A short run of the fuzz test of FreeSWITCH's adapter."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest


def load() -> ModuleType:
    path = Path(__file__).with_name("fuzz_esl.py")
    spec = importlib.util.spec_from_file_location("fuzz_esl", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["fuzz_esl"] = module
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("seed", [1, 2])
def test_fuzz_esl(seed: int) -> None:
    counts = load().fuzz(1.0, seed)
    assert counts["spoilt"] > 20
    assert counts["orders"] > 20
    assert counts["given up"] > 0
