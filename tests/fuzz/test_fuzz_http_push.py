"""A short run of the fuzz test of messages of a CTI."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest


def load() -> ModuleType:
    path = Path(__file__).with_name("fuzz_http_push.py")
    spec = importlib.util.spec_from_file_location("fuzz_http_push", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["fuzz_http_push"] = module
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("seed", [1, 2])
def test_fuzz_http_push(seed: int) -> None:
    outcomes = load().run(seed, texts=200)
    assert outcomes["refused"] > 5
    assert outcomes["taken"] > 10
