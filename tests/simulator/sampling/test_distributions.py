"""Values drawn follow what a scenario writes, and do not depend on how many are drawn at a time."""

from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from simulator.model.instants import NEVER_US
from simulator.model.streams import stream
from simulator.sampling.distributions import Drawer, drawer_of, in_us, lognormal_parameters
from simulator.scenarios.distributions import Distribution

MU, SIGMA = lognormal_parameters(180.0, 200.0)
FORMS = {
    "exponential": ({"mean_s": 60}, stats.expon(scale=60)),
    "lognormal": ({"mean_s": 180, "sd_s": 200}, stats.lognorm(SIGMA, scale=np.exp(MU))),
    "gamma": ({"mean_s": 100, "sd_s": 50}, stats.gamma(4, scale=25)),
    "uniform": ({"from_s": 5, "to_s": 15}, stats.uniform(5, 10)),
}
MIXED = {
    "mixture": [
        {"share": 0.25, "of": {"exponential": {"mean_s": 5}}},
        {
            "share": 0.75,
            "of": {"mixture": [{"share": 1, "of": {"gamma": {"mean_s": 9, "sd_s": 9}}}]},
        },
    ]
}


def drawer(written: object, folder: Path = Path()) -> Drawer:
    one = Distribution.model_validate(written, strict=False)
    return drawer_of(one, lambda *node: stream(3, "test", *node), folder)


@pytest.mark.parametrize("name", FORMS)
def test_values_follow_their_distribution(name: str) -> None:
    written, law = FORMS[name]
    values = drawer({name: written}).draw(20_000)
    assert stats.kstest(values, law.cdf).pvalue > 0.001
    assert values.mean() == pytest.approx(law.mean(), rel=0.05)


@pytest.mark.parametrize(
    "written", [*({name: form} for name, (form, _) in FORMS.items()), MIXED], ids=str
)
def test_pieces_are_as_the_whole(written: object) -> None:
    whole, pieces = drawer(written).draw(1_000), drawer(written)
    assert np.array_equal(whole, np.concatenate([pieces.draw(n) for n in (1, 0, 499, 500)]))


def test_what_is_always_the_same_is_known_to_be() -> None:
    assert drawer({"constant": {"value_s": 4.5}}).constant_s == 4.5
    assert drawer("never").constant_s == float("inf")
    assert drawer({"constant": {"value_s": 4.5}}).draw(2).tolist() == [4.5, 4.5]


def test_a_mixture_keeps_its_shares() -> None:
    values = drawer(
        {
            "mixture": [
                {"share": 0.3, "of": {"constant": {"value_s": 1}}},
                {"share": 0.7, "of": "never"},
            ]
        }
    ).draw(10_000)
    assert (values == 1).mean() == pytest.approx(0.3, abs=0.02)
    assert np.isinf(values[values != 1]).all()


def test_seen_values_come_again(tmp_path: Path) -> None:
    (tmp_path / "talk.csv").write_text("talk_s\n10\n20\n", encoding="utf-8")
    for written in ({"values_s": [10, 20]}, {"file": "talk.csv", "column": "talk_s"}):
        values = drawer({"empirical": written}, tmp_path).draw(1_000)
        assert set(values.tolist()) == {10.0, 20.0}
        assert values.mean() == pytest.approx(15, abs=1)


def test_seconds_become_the_nearest_microseconds() -> None:
    assert in_us(np.asarray([0.0, 0.1, 1.0000004, np.inf])).tolist() == [
        0,
        100_000,
        10**6,
        NEVER_US,
    ]
    assert in_us(np.empty(0)).tolist() == []
