"""Drawn cases are networks that can be set up, and differ."""

from dataclasses import replace

import pytest

from simulator.world import drawn_case as module
from simulator.world.drawn_case import drawn_case
from simulator.world.drawn_faults import KINDS


def test_every_case_is_a_network() -> None:
    cases = [drawn_case(seed, 5.0) for seed in range(60)]
    for case in cases:
        model = case.model()
        assert model.sites
        assert len(set(case.table().number.tolist())) == len(case.table())
    assert len({case.policy for case in cases}) > 20
    assert {fault["kind"] for case in cases for fault in case.faults} == set(KINDS)
    assert any(case.failsafe for case in cases)
    queued = sum("network_queue" in case.policy for case in cases)
    assert 10 < queued < 40
    assert any(case.calendars for case in cases)
    assert any(site.rules for case in cases for site in case.sites)


def test_one_seed_is_one_case() -> None:
    assert drawn_case(11, 5.0) == drawn_case(11, 5.0)
    assert drawn_case(11, 5.0) != drawn_case(12, 5.0)


def test_callbacks_are_drawn_by_chances_of_their_own(monkeypatch: pytest.MonkeyPatch) -> None:
    cases = [drawn_case(seed, 5.0) for seed in range(60)]
    back = [case for case in cases if case.callbacks is not None]
    assert 8 < len(back) < 30
    for case in back:
        callbacks = case.model().callbacks
        assert callbacks is not None and callbacks.after_us < callbacks.keep_us
    monkeypatch.setattr(module, "CALLED_BACK_SHARE", 0.0)
    for case in cases:
        without = drawn_case(case.seed, 5.0)
        assert without.faults == case.faults
        for name in ("arrival_us", "talk_us", "patience_us", "luck"):
            assert getattr(without.table(), name).tolist() == getattr(case.table(), name).tolist()
        if case.callbacks is None:
            assert without == case


@pytest.mark.parametrize(
    ("field", "draws"), [("handler", "drawn_handler"), ("transfers", "drawn_transfers")]
)
def test_what_is_beside_moves_is_drawn_by_chances_of_its_own(
    field: str, draws: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    cases = [drawn_case(seed, 5.0) for seed in range(60)]
    with_one = [case for case in cases if getattr(case, field) is not None]
    assert 8 < len(with_one) < 30
    assert not any(case.liveness for case in with_one)
    monkeypatch.setattr(module, draws, lambda *given: None)
    without = [replace(case, **{field: None}) for case in cases]
    assert [drawn_case(case.seed, 5.0) for case in cases] == without
