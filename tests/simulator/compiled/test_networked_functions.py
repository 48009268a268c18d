"""Small runs do not wait for a compiler."""

from __future__ import annotations

import os
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from sim_networked import begun

from simulator.compiled import networked_functions
from simulator.compiled import networked_source as source
from simulator.compiled.networked_loop import run
from simulator.compiled.policies import policies_of


def test_a_small_run_goes_as_it_is_where_nothing_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NIRC_SIM_CACHE", str(tmp_path))
    monkeypatch.setenv("NIRC_SIM_WARM", "0")
    bench = begun()
    loop = networked_functions.Loop(bench.model, policies_of(bench.model), interpreted=False)
    assert loop(100, bench.world).run is run
    assert not list(tmp_path.glob("*.warming"))


def test_one_process_compiles_and_finds_what_else_was_wanted_meanwhile(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("NIRC_SIM_WARM", raising=False)
    commands: list[Any] = []

    def started(command: Any, **_: Any) -> Any:
        commands.append(command)
        return SimpleNamespace(pid=os.getpid())

    monkeypatch.setattr(networked_functions.subprocess, "Popen", started)
    kinds = source.kinds_of(begun().world)
    for policy in ("one", "two", "one"):
        networked_functions.warm(kinds, policy, tmp_path)
    [command] = commands
    done: list[str] = []
    monkeypatch.setattr(source, "compiled_run", lambda _kinds, _folder: done.append("loop"))
    monkeypatch.setattr(source, "policy_address", lambda text, _folder: done.append(text))
    networked_functions.main(*command[-2:])
    assert sorted(done) == ["loop", "one", "two"]
    assert not list(tmp_path.iterdir())
