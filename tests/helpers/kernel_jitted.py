"""The kernel compiled by Numba, together with source that calls it."""

from __future__ import annotations

from pathlib import Path
from types import FunctionType
from typing import Any

import pytest

from routing_policies import kernel


def jitted_kernel(source: str = "") -> dict[str, Any]:
    """Every function of the kernel, and those of `source`, as Numba compiles them. They call one
    another by name, so that all are read anew from source in one namespace."""
    numba = pytest.importorskip("numba")
    names: dict[str, Any] = {}
    exec(Path(kernel.__file__).read_text(encoding="utf-8") + "\n" + source, names)
    for name, value in list(names.items()):
        if isinstance(value, FunctionType):
            names[name] = numba.njit(value)
    return names
