"""Where compiled code is kept, and what is done where it cannot be.

Rule of this file: what is kept is never needed. A folder that cannot be written, or is full, is
told once in plain words, and another one, for this run alone, takes its place; where there is none
either, loops run as they are. A file that is broken is made anew.
"""

from __future__ import annotations

import atexit
import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

CACHE_VARIABLE = "NIRC_SIM_CACHE"
PROBE_BYTES = 1 << 16
"A folder that does not take so much is full."
T = TypeVar("T")
_usable: dict[Path, Path] = {}
"By the folder that was chosen: the one that is used."


def cache_folder() -> Path:
    """A folder that can be written: NIRC_SIM_CACHE, else the platform's folder for such, else one
    for this run alone. Raises OSError if there is none."""
    chosen = chosen_folder()
    if chosen not in _usable:
        try:
            _probe(chosen)
            _usable[chosen] = chosen
        except OSError as error:
            return instead_of(chosen, error)
    return _usable[chosen]


def chosen_folder() -> Path:
    """Where compiled code should be kept."""
    if own := os.environ.get(CACHE_VARIABLE):
        return Path(own)
    if base := os.environ.get("XDG_CACHE_HOME"):
        return Path(base) / "nirc-sim"
    try:
        return Path.home() / ".cache" / "nirc-sim"
    except RuntimeError:  # nobody's home is known
        return Path(tempfile.gettempdir()) / f"nirc-sim-{os.getpid()}"


def instead_of(folder: Path, error: OSError) -> Path:
    """A folder for this run alone, processes that it starts included. Raises OSError."""
    made = Path(tempfile.mkdtemp(prefix="nirc-sim-"))
    try:
        _probe(made)
    except OSError:
        shutil.rmtree(made, ignore_errors=True)
        raise
    atexit.register(_remove, made, os.getpid())
    for chosen in [one for one, used in _usable.items() if used == folder] + [folder]:
        _usable[chosen] = made
    _usable[made] = made
    os.environ[CACHE_VARIABLE] = str(made)
    sys.stderr.write(
        f"nirc-sim: compiled code cannot be kept in {folder}: {error.strerror or error}; this run "
        f"goes on without, and the next one compiles again; set {CACHE_VARIABLE} to a folder that "
        "can be written and has room\n"
    )
    return made


def usable_folder() -> Path | None:
    """The same, or None: nothing can be kept anywhere."""
    try:
        return cache_folder()
    except OSError:
        return None


def with_cache(make: Callable[[Path], T]) -> T | None:
    """What `make` gives for the folder, or for another one if the folder fails while it is used;
    None if that fails too."""
    try:
        folder = cache_folder()
        try:
            return make(folder)
        except OSError as error:
            return make(instead_of(folder, error))
    except OSError:
        return None


def rebuilt(folder: Path, name: str, make: Callable[[], T]) -> T:
    """What `make` gives; if files of this module are broken, once more without them."""
    try:
        return make()
    except OSError:
        raise
    except Exception:
        if not forget(folder, name):
            raise
        return make()


def forget(folder: Path, name: str) -> bool:
    """Take away all that is kept of a module; was there anything."""
    sys.modules.pop(name, None)
    kept = [*folder.glob(f"{name}.*"), *(folder / "__pycache__").glob(f"{name}.*")]
    kept = [path for path in kept if path.suffix in (".py", ".pyc", ".nbi", ".nbc")]
    for path in kept:
        with suppress(OSError):
            path.unlink()
    return bool(kept)


def _probe(folder: Path) -> None:
    """Raises OSError if nothing can be kept there."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=folder, prefix="probe-") as file:
        file.write(b"\0" * PROBE_BYTES)
        file.flush()


def _remove(folder: Path, owner: int) -> None:
    if os.getpid() == owner:
        shutil.rmtree(folder, ignore_errors=True)
