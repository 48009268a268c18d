"""Small runs do not wait for a compiler."""

from __future__ import annotations

from pathlib import Path

import pytest
from sim_networked import begun

from simulator.compiled import networked_functions
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
