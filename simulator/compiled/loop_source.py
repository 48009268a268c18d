"""Puts the functions of a loop together into one module, for a model's switches, compiled or as it
is.

Rule of this file: nothing is translated. The compiled module is a real file named by a hash of all
that it is made of, so that Numba finds what it kept on disk; the same text runs as it is where the
compiled one would take too long to make, and as the oracle.
"""

from __future__ import annotations

import importlib.util
import re
import sys
from collections.abc import Iterable, Sequence
from hashlib import blake2b
from importlib.util import find_spec
from pathlib import Path
from tempfile import NamedTemporaryFile
from types import ModuleType
from typing import Any

from simulator.compiled import switches
from simulator.compiled.cache_place import rebuilt
from simulator.compiled.policy_function import SIGNATURE

_PACKAGE = "simulator.compiled"
_CONSTANTS = (
    "routing_policies.columns",
    "routing_policies.reasons",
    "simulator.model.instants",
    "simulator.model.outcomes",
    f"{_PACKAGE}.layout",
    f"{_PACKAGE}.desk",
)
"Modules that a loop reads numbers of: a change of them is another loop."
DIRECT = (
    "heap",
    "floor",
    "direct_columns",
    "direct_calls",
    "direct_moves",
    "direct_arrivals",
    "direct_asking",
    "direct_follow",
    "direct_loop",
)
"Modules of the direct loop, in an order in which each knows those before it."
FOLDED = ("_happen", "follow", "ask", "decide_on")
"Functions called in one place, put there before anything else is done: less to compile."
_OPTIONS = 'error_model="numpy", _nrt=False, no_cpython_wrapper=True, no_cfunc_wrapper=True'
"Arrays are lent to these functions, never kept: counting who has them would take most of the time."
INLINED = f"@njit(forceinline=True, {_OPTIONS})"
ENTRY_OPTIONS = {
    "error_model": "numpy",
    "cache": True,
    "nogil": True,
    "no_cfunc_wrapper": True,
    "_nrt": False,
}
"Of the function that is called from outside; its signature is given outright (`compiled_loop`)."


def loop_text(modules: Sequence[str], on: Iterable[str], *, entry: str = "") -> str:
    """The source; with an `entry`, decorated for Numba but for this function."""
    on = set(on)
    lines = [f"{name} = {name in on}" for name in switches.NAMES]
    numbers = "".join(_source(name) for name in _CONSTANTS)
    digest = blake2b(numbers.encode("utf-8"), digest_size=12).hexdigest()
    merged = "|".join(re.escape(f"{_PACKAGE}.{name}") for name in (*modules, "switches"))
    inner = re.compile(rf"^from (?:{merged}) import (?:\([^)]*\)|[^\n]*)\n", re.MULTILINE)
    future = "from __future__ import annotations\n"
    bodies = [inner.sub("", _source(f"{_PACKAGE}.{name}").replace(future, "")) for name in modules]
    text = "\n".join([f"# of numbers {digest}", *lines, *bodies])
    if not entry:
        return text
    text = re.sub(r"^def ", f"{INLINED}\ndef ", text, flags=re.MULTILINE)
    folded = f'@njit(inline="always", {_OPTIONS})'
    for name in FOLDED:
        text = text.replace(f"{INLINED}\ndef {name}(", f"{folded}\ndef {name}(")
    text = text.replace(f"{INLINED}\ndef {entry}(", f"def {entry}(")
    return f"from numba import njit\n{text}"


def interpreted_loop(modules: Sequence[str], on: Iterable[str]) -> ModuleType:
    """The loop as it is."""
    return interpreted(loop_text(modules, on))


def interpreted(text: str) -> ModuleType:
    """A module of this text, kept nowhere."""
    module = ModuleType("interpreted")
    exec(compile(text, "<loop>", "exec"), vars(module))
    return module


def compiled_loop(
    modules: Sequence[str], on: Iterable[str], entry: str, samples: Sequence[Any], folder: Path
) -> Any:
    """The entry as Numba compiles it now, or finds it in `folder`. `samples` are arguments like
    those it will get, None standing for the policy (a pointer to its function: one that is passed
    by itself would make another loop of each policy)."""
    import numba
    from numba.core import types

    text = loop_text(modules, on, entry=entry)

    def make() -> Any:
        module = module_of(text, "loop", folder)
        made = getattr(module, "_made", None)
        if made is None:
            policy = types.FunctionType(_signature(SIGNATURE))
            kinds = [policy if one is None else numba.typeof(one) for one in samples]
            signature = types.int64(*kinds)
            njit: Any = numba.njit
            made = njit(signature, **ENTRY_OPTIONS)(getattr(module, entry))
            module._made = made  # type: ignore[attr-defined]
        return made

    return rebuilt(folder, name_of(text, "loop"), make)


def _signature(text: str) -> Any:
    from numba.core.sigutils import normalize_signature

    args, returned = normalize_signature(text)
    return returned(*args)


def is_kept(modules: Sequence[str], on: Iterable[str], entry: str, folder: Path) -> bool:
    """Is the compiled loop on disk already."""
    name = name_of(loop_text(modules, on, entry=entry), "loop")
    return any((folder / "__pycache__").glob(f"{name}.{entry}-*.nbi"))


def module_of(text: str, prefix: str, folder: Path) -> ModuleType:
    """A module of this text, kept in `folder` under a name of its own."""
    name = name_of(text, prefix)
    found = sys.modules.get(name)
    if found is not None:
        return found
    path = folder / f"{name}.py"
    _put(path, text)
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # Numba looks it up by name when it reads what it kept
    try:
        spec.loader.exec_module(module)
    except BaseException:
        del sys.modules[name]
        raise
    return module


def name_of(text: str, prefix: str) -> str:
    """The module's name, and its file's."""
    return f"{prefix}_{blake2b(text.encode('utf-8'), digest_size=12).hexdigest()}"


def _source(module: str) -> str:
    spec = find_spec(module)
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).read_text(encoding="utf-8")


def _put(path: Path, text: str) -> None:
    """Let this text stand there, whole, also if several processes write at once. Who comes second
    leaves the file alone: Numba goes by its time, and would compile again."""
    if _stands(path, text):
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile("w", encoding="utf-8", dir=path.parent, delete=False) as file:
        written = Path(file.name)
        try:
            file.write(text)
        except OSError:
            written.unlink(missing_ok=True)
            raise
    try:
        if path.exists():
            written.replace(path)  # broken: another text stands there
        else:
            path.hardlink_to(written)
    except FileExistsError:
        pass
    except OSError:  # no links there
        written.replace(path)
    finally:
        written.unlink(missing_ok=True)


def _stands(path: Path, text: str) -> bool:
    try:
        return path.read_text(encoding="utf-8") == text
    except (OSError, ValueError):
        return False
