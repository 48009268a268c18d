"""The functions of the loop for networks that are not ideal, as they are or compiled.

Rule of this file: the compiled module holds the same functions in one file, so that Numba finds
what it kept on disk. One thing is put differently there: the tables of a `World` are found by their
addresses (`w.calls` becomes `whole2(w, 25)`, w being a list of addresses and shapes), for handing
on fifty arrays with every call would take minutes to compile.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np

from routing_policies import columns, kernel, reasons
from simulator.compiled import networked_layout
from simulator.compiled.cache_place import rebuilt
from simulator.compiled.loop_source import module_of, name_of
from simulator.compiled.networked_layout import World
from simulator.compiled.policy_function import SIGNATURE
from simulator.model import outcomes

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
    "networked_music",
    "networked_choice",
    "networked_requests",
    "networked_callers",
    "networked_loop",
)
ENTRIES = ("begin", "run", "finish_all", "spend_all")
INNER = re.compile(
    rf"^from (?:{PACKAGE}\.(?:{'|'.join(MODULES)})|routing_policies\.kernel)"
    r" import (?:\([^)]*\)|[^\n]*)\n",
    re.MULTILINE,
)
OPTIONS = 'error_model="numpy", _nrt=False, no_cpython_wrapper=True, no_cfunc_wrapper=True'
DIMENSIONS = 5
"Numbers per table in a list of addresses: the address, then the shape."
HEAD = f"""from numba import njit
from {PACKAGE}.networked_pointer import real1, real2, real4, whole1, whole2, whole3
"""


def interpreted_functions() -> SimpleNamespace:
    """The functions as they are."""
    module = import_module(f"{PACKAGE}.networked_loop")
    return SimpleNamespace(**{name: getattr(module, name) for name in ENTRIES})


def directory(world: World) -> Any:
    """Addresses and shapes of all tables, as compiled functions take them."""
    found = np.zeros(DIMENSIONS * len(world), dtype=np.int64)
    for i, table in enumerate(world):
        assert table.flags.c_contiguous
        found[DIMENSIONS * i] = table.ctypes.data
        found[DIMENSIONS * i + 1 : DIMENSIONS * i + 1 + table.ndim] = table.shape
    return found


def kinds_of(world: World) -> tuple[str, ...]:
    """What each table is: `whole2`, `real1`..."""
    whole = np.int64
    return tuple(f"{'whole' if one.dtype == whole else 'real'}{one.ndim}" for one in world)


def loop_text(kinds: Sequence[str]) -> str:
    """All functions in one module, decorated for Numba; `run` is left as it is."""
    numbers = [inspect.getsource(one) for one in (networked_layout, columns, reasons, outcomes)]
    bodies = [inspect.getsource(kernel)]
    for name in MODULES:
        bodies.append(INNER.sub("", inspect.getsource(import_module(f"{PACKAGE}.{name}"))))
    text = "\n".join(bodies).replace("from __future__ import annotations\n", "")
    text = re.sub(r"\bw\.(\w+)", lambda found: _found(found[1], kinds), text)
    text = re.sub(r"^def ", f"@njit({OPTIONS})\ndef ", text, flags=re.MULTILINE)
    text = text.replace(f"@njit({OPTIONS})\ndef run(", "def run(")
    return "\n".join([HEAD, text, "# " + name_of("".join(numbers), "numbers")])


def _found(name: str, kinds: Sequence[str]) -> str:
    """How compiled code finds a table."""
    i = World._fields.index(name)
    return f"{kinds[i]}(w, {DIMENSIONS * i})"


def compiled_run(kinds: Sequence[str], folder: Path) -> Any:
    """`run` as Numba compiles it, or finds it in `folder`; it takes a `directory`."""
    import numba
    from numba.core import sigutils

    types: Any = numba.types
    njit: Any = numba.njit
    signature_of: Any = sigutils.normalize_signature

    text = loop_text(kinds)

    def make() -> Any:
        module: Any = module_of(text, "networked", folder)
        made = getattr(module, "made", None)
        if made is None:
            arguments, _ = signature_of(SIGNATURE)
            decide = types.FunctionType(types.int64(*arguments))
            whole = types.int64
            signature = whole(types.Array(whole, 1, "C"), whole, whole, decide)
            options: dict[str, Any] = {"error_model": "numpy", "cache": True, "nogil": True}
            made = njit(signature, _nrt=False, no_cfunc_wrapper=True, **options)(module.run)
            module.made = made
        return made

    return rebuilt(folder, name_of(text, "networked"), make)


def loop_name(kinds: Sequence[str]) -> str:
    """Name of the compiled module."""
    return name_of(loop_text(kinds), "networked")


def is_kept(kinds: Sequence[str], folder: Path) -> bool:
    """Is the compiled loop on disk already?"""
    return any((folder / "__pycache__").glob(f"{loop_name(kinds)}.run-*.nbi"))
