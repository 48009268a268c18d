"""Compiled functions as machine code on disk, and found again without the compiler.

Rule of this file: one file holds one function whose arguments are numbers, contiguous tables and
other such functions; it needs nothing but the C library. Importing Numba and setting it up takes
longer than many a study; what it compiled is read by llvmlite alone. A file serves the processor
and the versions of the compiler that its name tells of, and no others.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from functools import lru_cache
from hashlib import blake2b
from importlib.metadata import version
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from simulator.errors import StudyError

OPTIONS: dict[str, Any] = {"_nrt": False, "no_cpython_wrapper": True, "no_cfunc_wrapper": True}
"With which a function is compiled so that it can be kept."
SUFFIX = ".code"
LLVM = "llvm."
"Functions that LLVM itself puts in place begin with this."


@lru_cache
def _binding() -> Any:
    """LLVM, ready for this processor."""
    from llvmlite import binding  # type: ignore[import-untyped]

    binding.initialize_native_target()
    binding.initialize_native_asmprinter()
    return binding


@lru_cache
def _processor() -> str:
    """What code must have been compiled for to run here, as a short text."""
    llvm = _binding()
    parts = (
        version("numba"),
        version("llvmlite"),
        llvm.get_process_triple(),
        llvm.get_host_cpu_name(),
        llvm.get_host_cpu_features().flatten(),
    )
    return blake2b("\n".join(parts).encode("utf-8"), digest_size=6).hexdigest()


def place_of(name: str, folder: Path) -> Path:
    """Where the code of a function of this name is kept, for this processor."""
    return folder / f"{name}-{_processor()}{SUFFIX}"


def keep(compiled: Any, path: Path) -> None:
    """Write what Numba has compiled in this process, whole or not at all. Raises StudyError where
    it calls what only Numba has."""
    (made,) = compiled.overloads.values()
    for function in made.library._final_module.functions:
        if function.is_declaration and not function.name.startswith(LLVM):
            _check_c_function(function.name)
    _, _, (code, _) = made.library.serialize_using_object_code()
    path.parent.mkdir(parents=True, exist_ok=True)
    head = f"{made.fndesc.llvm_func_name} {_digest(code)}\n"
    with NamedTemporaryFile("wb", dir=path.parent, delete=False) as file:
        file.write(head.encode("ascii") + code)
    Path(file.name).replace(path)


def _check_c_function(name: str) -> None:
    try:
        ctypes.CDLL(None)[name]
    except AttributeError as error:
        raise StudyError(f"compiled code calls {name}, which is not there", "report it") from error


def _digest(code: bytes) -> str:
    return blake2b(code, digest_size=16).hexdigest()


@lru_cache
def address_of(path: Path) -> int:
    """Load a function for the rest of the process. Raises OSError, and StudyError where the file is
    damaged; then it is deleted."""
    head, _, code = path.read_bytes().partition(b"\n")
    symbol, _, digest = head.decode("ascii", errors="replace").partition(" ")
    if _digest(code) != digest:
        path.unlink(missing_ok=True)
        raise StudyError(f"{path} was damaged, and is deleted", "run it again")
    llvm = _binding()
    machine = llvm.Target.from_default_triple().create_target_machine()
    engine = llvm.create_mcjit_compiler(llvm.parse_assembly(""), machine)
    engine.add_object_file(llvm.ObjectFileRef.from_data(code))
    engine.finalize_object()
    _loaded().append(engine)
    return int(engine.get_function_address(symbol))


def found_or_made(path: Path, make: Callable[[Path], None]) -> int:
    """The address of a kept function; one that is not there, or is damaged, is made (anew). Raises
    OSError."""
    if path.exists():
        try:
            return address_of(path)
        except StudyError:
            pass  # it was deleted
    make(path)
    return address_of(path)


@lru_cache
def _loaded() -> list[Any]:
    """What is loaded must not be collected: its functions would be gone."""
    return []


def function_at(address: int) -> Callable[..., int]:
    """The function that stands there, as one to be called with whole numbers and tables of one
    dimension. Numba's functions give back a status and write their number to an address; a table
    comes as seven numbers."""
    native = ctypes.CFUNCTYPE(ctypes.c_int32)(address)

    def called(*arguments: Any) -> int:
        given, failure = ctypes.c_int64(0), ctypes.c_void_p(0)
        flat = [one for argument in arguments for one in _flat(argument)]
        status = native(ctypes.byref(given), ctypes.byref(failure), *flat)
        if status:
            raise RuntimeError(f"compiled code ended with status {status}")
        return given.value

    return called


def _flat(argument: Any) -> list[ctypes.c_int64]:
    if isinstance(argument, int):
        return [ctypes.c_int64(argument)]
    assert argument.flags.c_contiguous
    (length,), size = argument.shape, argument.itemsize
    numbers = [0, 0, length, size, argument.ctypes.data, length, size]
    return [ctypes.c_int64(one) for one in numbers]
