"""Compiles a policy's own source with Numba, so that a simulated call is routed by the rules that
route a live one.

Rule of this file: nothing is translated. The source is the policy's, the arithmetic is `kernel`'s;
the function that is not compiled is the oracle, and what runs where Numba is missing.
"""

from __future__ import annotations

import importlib.util
import inspect
import re
import sys
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import blake2b
from importlib.util import find_spec
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

import numpy as np
from numpy.typing import NDArray

from routing_policies import columns as c
from routing_policies import kernel
from routing_policies.compiler import CompiledPolicy
from routing_policies.model import QueueColumns

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]
PolicyFunction = Callable[..., int]
"""decide(now_s, call, rows, ways, queues, agents, kept, row_kept, out, lost, trace) -> index of the
rule that decided, -1 for otherwise. `rows` are int64, all else float64, contiguous."""

_TABLE = "float64[:, ::1]"
SIGNATURE = (
    f"int64(float64, float64[::1], int64[::1], {_TABLE}, {_TABLE}, {_TABLE}, float64[::1],"
    f" {_TABLE}, float64[::1], {_TABLE}, float64[::1])"
)
"Given outright, so that the compiled function is found on disk and may be passed as a pointer."


def policy_function(
    policy: CompiledPolicy, folder: Path, *, reasons: bool = False
) -> PolicyFunction:
    """The policy over arrays: compiled, and kept in `folder` for the next time; as it is where
    Numba is missing."""
    if find_spec("numba") is None:
        return policy.function(reasons=reasons)
    text = module_text(policy, reasons=reasons)
    name = f"policy_{blake2b(text.encode('utf-8'), digest_size=12).hexdigest()}"
    path = folder / f"{name}.py"
    if not path.exists():
        _write(path, text)
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # Numba looks it up by name when it reads what it kept
    spec.loader.exec_module(module)
    found: PolicyFunction = module.decide
    return found


def module_text(policy: CompiledPolicy, *, reasons: bool) -> str:
    """A module that stands alone: the kernel, the policy, and a decorator on each function. Its
    name is a hash of this, so that a change of either is another module."""
    arithmetic = inspect.getsource(kernel).replace(
        "from math import", "from numba import njit\nfrom math import", 1
    )
    text = f"{arithmetic}\n\n{policy.source_text(reasons=reasons)}"
    text = re.sub(r"^def ", "@njit(cache=True)\ndef ", text, flags=re.MULTILINE)
    signed = f'@njit("{SIGNATURE}", cache=True)\ndef decide('
    return text.replace("@njit(cache=True)\ndef decide(", signed)


def _write(path: Path, text: str) -> None:
    """Whole or not at all, also if several processes write at once."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile("w", encoding="utf-8", dir=path.parent, delete=False) as file:
        file.write(text)
    Path(file.name).replace(path)


@dataclass(slots=True)
class Work:
    """What a policy function writes into, for one policy."""

    kept: Floats
    row_kept: Floats
    out: Floats
    lost: Floats
    trace: Floats


def work_for(policy: CompiledPolicy, *, row_count: int, candidate_count: int) -> Work:
    """Arrays large enough, at 0."""
    return Work(
        kept=np.zeros(policy.kept_count),
        row_kept=np.zeros((policy.row_kept_count, row_count)),
        out=np.zeros(c.OUT_SIZE),
        lost=np.zeros((c.LOST_COLUMNS, candidate_count)),
        trace=np.zeros(len(policy.rule_names)),
    )


def arrays(columns: QueueColumns) -> tuple[Floats, Floats]:
    """The columns of queues and agents as they are now."""
    return table(columns.queues), table(columns.agents)


def table(columns: Any) -> Floats:
    """Columns of numbers as one contiguous array."""
    return np.ascontiguousarray(columns, dtype=np.float64)
