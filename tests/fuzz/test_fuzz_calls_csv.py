"""A short run of the fuzz test of files of calls."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest


def load() -> ModuleType:
    path = Path(__file__).with_name("fuzz_calls_csv.py")
    spec = importlib.util.spec_from_file_location("fuzz_calls_csv", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["fuzz_calls_csv"] = module
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("seed", [1, 2])
def test_fuzz_calls_csv(seed: int) -> None:
    outcomes = load().run(seed, texts=60)
    assert outcomes["refused"] > 10
    assert outcomes["accepted"] > 5
