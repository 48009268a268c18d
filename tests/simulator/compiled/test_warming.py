"""Somebody else compiles, once at a time."""

from __future__ import annotations

import os
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import sim_models

from simulator.compiled import warming
from simulator.compiled.policies import policies_of


def _popen(commands: list[Any]) -> Any:
    def started(command: Any, **_: Any) -> Any:
        commands.append(command)
        return SimpleNamespace(pid=os.getpid())

    return started


def begun(folder: Path, monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    commands: list[Any] = []
    monkeypatch.setattr(warming.subprocess, "Popen", _popen(commands))
    model = sim_models.network((1, 1), ideal=True)
    for _ in range(2):
        warming.warm(model, policies_of(model), {"ASKS"}, folder)
    return commands


def test_a_loop_is_compiled_by_one_process_at_a_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("NIRC_SIM_WARM", raising=False)
    commands = begun(tmp_path, monkeypatch)
    assert len(commands) == 1
    assert str(tmp_path) in commands[0]
    assert len(list(tmp_path.glob("*.warming"))) == 1


def test_a_mark_of_a_process_that_is_gone_holds_nobody_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("NIRC_SIM_WARM", raising=False)
    begun(tmp_path, monkeypatch)
    (mark,) = tmp_path.glob("*.warming")
    mark.write_text(str(2**22 + 1))
    assert len(begun(tmp_path, monkeypatch)) == 1


def test_it_may_be_forbidden(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NIRC_SIM_WARM", "0")
    assert begun(tmp_path, monkeypatch) == []


def test_the_mark_goes_away_whatever_happens(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mark = tmp_path / "x.warming"
    mark.touch()
    monkeypatch.setattr(warming, "compile_now", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        warming.main([str(tmp_path), "policy_x", "", str(mark)])
    assert not mark.exists()
