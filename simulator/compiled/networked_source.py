"""The functions of the loop for networks that are not ideal, as they are or compiled.

Rule of this file: the compiled module holds the same functions in one file, whose name tells what
was kept on disk. One thing is put differently there: the tables of a `World` are found by their
addresses (`w.calls` becomes `whole2(w, 25)`, w being a list of addresses and shapes), for handing
on fifty arrays with every call would take minutes to compile; and so is the policy.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np

from routing_policies import columns, kernel, reasons
from simulator.compiled import policy_function
from simulator.compiled.loop_source import module_of, name_of
from simulator.compiled.machine_code import OPTIONS, found_or_made, function_at, keep, place_of
from simulator.compiled.networked_layout import World
from simulator.model import outcomes

PACKAGE = "simulator.compiled"
MODULES = (
    "networked_site_sets",
    "networked_chains",
    "networked_heap",
    "networked_sums",
    "networked_marks",
    "networked_wire",
    "networked_tickets",
    "networked_lines",
    "networked_figures",
    "networked_beliefs",
    "networked_channels",
    "networked_match_notes",
    "networked_queue",
    "networked_reports",
    "networked_floor",
    "networked_holds",
    "networked_endings",
    "networked_homes",
    "networked_moves",
    "networked_asking",
    "networked_music",
    "networked_arrivals",
    "networked_choice",
    "networked_requests",
    "networked_match",
    "networked_callers",
    "networked_loop",
)
BESIDE = ("machine_code", "networked_layout", "networked_pointer", "networked_source")
"What else decides what is compiled."
ENTRIES = ("begin", "run", "finish_all", "spend_all")
INNER = re.compile(
    rf"^from (?:{PACKAGE}\.(?:{'|'.join(MODULES)})|routing_policies\.kernel)"
    r" import (?:\([^)]*\)|[^\n]*)\n",
    re.MULTILINE,
)
KEPT = ", ".join(f"{name}={value}" for name, value in OPTIONS.items())
DECORATOR = f'@njit(error_model="numpy", {KEPT})\n'
DIMENSIONS = 5
"Numbers per table in a list of addresses: the address, then the shape."
DIFFERENT = {
    r" = decide\(": " = called(decide, ",
    r"(\bw\.\w+)\[: (\S+) \* (\w+)\]\.reshape\(\(\2, \3\)\)": r"lined(\1, \2, \3)",
}
"What Numba would do with functions of its own: code that is kept must do without."
HEAD = f"""from numba import njit
from {PACKAGE}.networked_pointer import called, lined, real1, real2, real4, whole1, whole2, whole3
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


@lru_cache
def run_name(kinds: tuple[str, ...]) -> str:
    """Names all that `run` for tables of these kinds is made of."""
    here = Path(__file__).parent
    files = [here / f"{one}.py" for one in (*MODULES, *BESIDE)]
    files += [
        Path(str(one.__file__)) for one in (columns, kernel, outcomes, policy_function, reasons)
    ]
    texts = [file.read_text(encoding="utf-8") for file in files]
    return name_of("".join([*kinds, *texts]), "networked")


def loop_text(kinds: tuple[str, ...]) -> str:
    """All functions in one module, decorated for Numba; `run` is left as it is."""
    bodies = [inspect.getsource(kernel)]
    for name in MODULES:
        bodies.append(INNER.sub("", inspect.getsource(import_module(f"{PACKAGE}.{name}"))))
    text = "\n".join(bodies).replace("from __future__ import annotations\n", "")
    for pattern, other in DIFFERENT.items():
        text = re.sub(pattern, other, text)
    text = re.sub(r"\bw\.(\w+)", lambda found: _found(found[1], kinds), text)
    text = re.sub(r"^def ", f"{DECORATOR}def ", text, flags=re.MULTILINE)
    text = text.replace(f"{DECORATOR}def run(", "def run(")
    return f"{HEAD}\n{text}"


def _found(name: str, kinds: Sequence[str]) -> str:
    """How compiled code finds a table."""
    i = World._fields.index(name)
    return f"{kinds[i]}(w, {DIMENSIONS * i})"


def run_place(kinds: tuple[str, ...], folder: Path) -> Path:
    """Where `run` for tables of these kinds is kept."""
    return place_of(run_name(kinds), folder)


def policy_place(text: str, folder: Path) -> Path:
    """Where the policy of this source is kept."""
    return place_of(name_of(_own(text), "policy"), folder)


def compiled_run(kinds: tuple[str, ...], folder: Path) -> Callable[..., int]:
    """`run` as it is kept in `folder`, or as Numba compiles it now; takes a `directory` and the
    policy's address."""

    def compile_it(path: Path) -> None:
        import numba
        from numba.core import types

        options: dict[str, Any] = {"error_model": "numpy", **OPTIONS}
        whole: Any = types.int64
        signature = whole(types.Array(whole, 1, "C"), whole, whole, whole)
        module: Any = module_of(loop_text(kinds), "networked", folder)
        keep(numba.njit(signature, **options)(module.run), path)

    return function_at(found_or_made(run_place(kinds, folder), compile_it))


def policy_address(text: str, folder: Path) -> int:
    """Where a policy's function stands that is kept in `folder`, or as Numba compiles it now."""

    def compile_it(path: Path) -> None:
        keep(module_of(_own(text), "policy", folder).decide, path)

    return found_or_made(policy_place(text, folder), compile_it)


def _own(text: str) -> str:
    """A policy's source as it is compiled to be kept here."""
    return re.sub(r"\bcache=True\)$", f"{KEPT})", text, flags=re.MULTILINE)
