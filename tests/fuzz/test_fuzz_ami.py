"""A short run of the fuzz test of the Asterisk adapter."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest


def load() -> ModuleType:
    path = Path(__file__).with_name("fuzz_ami.py")
    spec = importlib.util.spec_from_file_location("fuzz_ami", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["fuzz_ami"] = module
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("seed", [1, 2])
def test_fuzz_ami(seed: int) -> None:
    outcomes = load().fuzz(1.0, seed)
    assert outcomes["told"] > 5
    assert outcomes["accepted"] > 2
