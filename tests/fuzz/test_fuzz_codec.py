"""A short run of the codec's fuzz test."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest


def load() -> ModuleType:
    path = Path(__file__).with_name("fuzz_codec.py")
    spec = importlib.util.spec_from_file_location("fuzz_codec", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["fuzz_codec"] = module
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("seed", [1, 2])
def test_fuzz_codec(seed: int) -> None:
    outcomes = load().fuzz(1.5, seed)
    assert outcomes["refused"] > 20
    assert outcomes["accepted"] > 20
    assert outcomes["up"] > 5
