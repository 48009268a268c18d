"""What is chosen on some days is told with what it does on the others."""

import pytest

from simulator.model.instants import US
from simulator.records.bank import bank_calls
from simulator.validation import bank_halves
from simulator.validation.bank_halves import LEARN, MATCHED, TEST, chosen_s, halves
from simulator.validation.bank_runs import Assumed, recorded_figures

CALLS = bank_calls(days=[0, 1])
NEEDED_S = 17.0


@pytest.fixture(autouse=True)
def straight(monkeypatch: pytest.MonkeyPatch) -> None:
    """A simulator whose wait is that recorded when agents need NEEDED_S."""

    def found(_: object, calls: object, assumed: Assumed, **words: int) -> dict[str, float]:
        recorded = recorded_figures(CALLS, words["half"])
        factor = assumed.after_us / US / NEEDED_S
        return {name: value * factor for name, value in recorded.items()}

    monkeypatch.setattr(bank_halves, "simulated_figures", found)


def test_the_wait_of_the_days_to_learn_from_is_met() -> None:
    assert chosen_s(None, CALLS, seed=1) == 17  # type: ignore[arg-type]


def test_both_halves_are_told() -> None:
    found = halves(None, CALLS, seed=1, runs_count=1)  # type: ignore[arg-type]
    assert found.after_s == 17
    for rows, half in ((found.learnt, LEARN), (found.tested, TEST)):
        row = next(row for row in rows if row.figure == MATCHED)
        assert row.recorded == row.after == recorded_figures(CALLS, half)[MATCHED]
        assert row.before == 0.0
