"""The functions of the loop for networks that are not ideal, as they are or compiled.

Rule of this file: nothing is translated. The compiled module holds the same functions in one file, so
that Numba finds what it kept on disk; `run` is compiled for its arguments given outright, so that a
policy may be passed as a pointer.
"""

from __future__ import annotations

import inspect
import re
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from routing_policies import kernel
from simulator.compiled import networked_layout
from simulator.compiled.loop_source import module_of
from simulator.compiled.policy_function import SIGNATURE

PACKAGE = "simulator.compiled"
MODULES = (
    "networked_heap",
    "networked_sums",
    "networked_marks",
    "networked_lines",
    "networked_figures",
    "networked_beliefs",
    "networked_reports",
    "networked_floor",
    "networked_holds",
    "networked_endings",
    "networked_moves",
    "networked_asking",
    "networked_choice",
    "networked_requests",
    "networked_callers",
    "networked_loop",
)
ENTRIES = ("begin", "run", "finish", "spend_all")
INNER = re.compile(
    rf"^from (?:{PACKAGE}\.(?:{'|'.join(MODULES)})|routing_policies\.kernel)"
    r" import (?:\([^)]*\)|[^\n]*)\n",
    re.MULTILINE,
)


def interpreted_functions() -> SimpleNamespace:
    """The functions as they are."""
    module = import_module(f"{PACKAGE}.networked_loop")
    return SimpleNamespace(**{name: getattr(module, name) for name in ENTRIES})


def loop_text() -> str:
    """All functions in one module, decorated for Numba."""
    numbers = inspect.getsource(networked_layout)
    bodies = [inspect.getsource(kernel)]
    for name in MODULES:
        bodies.append(INNER.sub("", inspect.getsource(import_module(f"{PACKAGE}.{name}"))))
    text = "\n".join(bodies).replace("from __future__ import annotations\n", "")
    text = re.sub(r"^def ", "@njit(cache=True)\ndef ", text, flags=re.MULTILINE)
    lines = "".join(f"# {line}\n" for line in numbers.splitlines())
    return f"from numba import njit\n{text}\n{lines}"


def compiled_functions(world: Any, folder: Path) -> SimpleNamespace:
    """The functions as Numba compiles them, or finds them in `folder`."""
    from numba import njit, types, typeof
    from numba.core import sigutils

    module = module_of(loop_text(), "networked", folder)
    arguments, _ = sigutils.normalize_signature(SIGNATURE)
    decide = types.FunctionType(types.int64(*arguments))
    kind = typeof(world)
    run = njit(types.int64(kind, types.int64, types.int64, decide), cache=True)(module.run.py_func)
    return SimpleNamespace(
        begin=module.begin, run=run, finish=module.finish, spend_all=module.spend_all
    )
