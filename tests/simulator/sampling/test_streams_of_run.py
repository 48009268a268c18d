"""Keys of dice: what tells two streams apart."""

from datetime import date

import pytest

from simulator.sampling.streams_of_run import RunStreams

DAY = date(2026, 3, 2)
BASE = RunStreams(seed=1, replication=0, ingress="x")


@pytest.mark.parametrize(
    "other",
    [
        RunStreams(seed=2, replication=0, ingress="x"),
        RunStreams(seed=1, replication=1, ingress="x"),
        RunStreams(seed=1, replication=0, ingress="y"),
        RunStreams(seed=1, replication=0, ingress="x", nth=1),
    ],
)
def test_streams_differ(other: RunStreams) -> None:
    assert BASE.of("talk", DAY).random() == BASE.of("talk", DAY).random()
    assert BASE.of("talk", DAY).random() != other.of("talk", DAY).random()
    assert BASE.of("talk", DAY).random() != BASE.of("talk", date(2026, 3, 3)).random()
    assert BASE.of("talk", DAY).random() != BASE.of("talk", DAY, "gold").random()
