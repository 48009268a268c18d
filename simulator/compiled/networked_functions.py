"""Chooses, for each part of a run, whether the loop runs as it is or compiled.

Rule of this file: a small run is not kept waiting for a compiler; while it goes as it is, another
process compiles the loop for the next one. The results are the same, bit for bit.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from simulator.compiled import networked_source as source
from simulator.compiled.cache_place import usable_folder, with_cache
from simulator.compiled.networked_layout import World
from simulator.compiled.policies import Policies, decide_function, decide_text
from simulator.compiled.warming import WARM_VARIABLE, left_behind
from simulator.model.network import NetworkModel

Kinds = tuple[str, ...]
"What each table of a world is; see `networked_source.kinds_of`."
WANTED = ".wanted"
"The end of the name of a policy's source that is to be compiled."
SMALL_COUNT = 15_000
"So many calls at once are done sooner as they are than the loop is compiled."


class Functions:
    """What a run calls: `run` may be compiled, the rest is done a few times."""

    def __init__(self, run: Callable[..., int], decide: Any) -> None:
        plain = source.interpreted_functions()
        self.begin = plain.begin
        self.finish = plain.finish_all
        self.spend_all = plain.spend_all
        self.run = run
        self.decide = decide


class Loop:
    """The functions of a run, made when they are first asked for."""

    def __init__(self, model: NetworkModel, policies: Policies, *, interpreted: bool) -> None:
        self._model = model
        self._policies = policies
        self._interpreted = interpreted or find_spec("numba") is None
        self._plain: Functions | None = None
        self._compiled: Functions | None = None

    def __call__(self, calls_count: int, world: World) -> Functions:
        """For so many calls at once."""
        if self._interpreted:
            return self._as_it_is()
        if self._compiled is None:
            folder, kinds = usable_folder(), source.kinds_of(world)
            if folder is None:
                return self._as_it_is()
            policy = decide_text(self._policies, self._model, compiled=True)
            if calls_count < SMALL_COUNT and not is_kept(kinds, policy, folder):
                warm(kinds, policy, folder)
                return self._as_it_is()
            self._compiled = with_cache(lambda place: _made(kinds, policy, place))
            if self._compiled is None:
                return self._as_it_is()
        return self._compiled

    def _as_it_is(self) -> Functions:
        if self._plain is None:
            decide = decide_function(self._policies, self._model, compiled=False, folder=Path())
            self._plain = Functions(source.interpreted_functions().run, decide)
        return self._plain


def _made(kinds: Kinds, policy: str, folder: Path) -> Functions:
    address = source.policy_address(policy, folder)
    return Functions(_by_addresses(source.compiled_run(kinds, folder)), address)


def is_kept(kinds: Kinds, policy: str, folder: Path) -> bool:
    """Is all that a run calls on disk."""
    return source.run_place(kinds, folder).exists() and source.policy_place(policy, folder).exists()


def _by_addresses(made: Any) -> Callable[..., int]:
    def run(world: World, until: int, last: int, decide: Any) -> int:
        return int(made(source.directory(world), until, last, decide))

    return run


def warm(kinds: Kinds, policy: str, folder: Path) -> None:
    """Compile loop and policy in a process of its own, unless somebody is at it; does not wait."""
    if os.environ.get(WARM_VARIABLE) == "0":
        return
    loop, own = source.run_place(kinds, folder), source.policy_place(policy, folder)
    mark = (own if loop.exists() else loop).with_suffix(".warming")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        own.with_suffix(WANTED).write_text(policy, encoding="utf-8")
        if left_behind(mark):
            mark.unlink(missing_ok=True)
        mark.touch(exist_ok=False)
    except OSError:
        return
    root = Path(__file__).resolve().parents[2]
    path = os.pathsep.join(filter(None, [str(root), os.environ.get("PYTHONPATH", "")]))
    command = [sys.executable, "-m", __name__, str(mark), ",".join(kinds)]
    helper = subprocess.Popen(
        ["nice", *command] if os.name == "posix" else command,
        env=os.environ | {"PYTHONPATH": path},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    with suppress(OSError):
        mark.write_text(str(helper.pid), encoding="utf-8")


def main(mark: str, kinds: str) -> None:
    """Compile the policies that are wanted and a loop for tables of these kinds, and take the mark
    away."""
    folder = Path(mark).parent
    try:
        source.compiled_run(tuple(kinds.split(",")), folder)
        for wanted in folder.glob(f"*{WANTED}"):
            with suppress(FileNotFoundError):  # another process was at it, too
                text = wanted.read_text(encoding="utf-8")
                wanted.unlink()
                source.policy_address(text, folder)
    finally:
        Path(mark).unlink(missing_ok=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
