"""Every name of the vocabulary means a number that is there, in a unit its name tells."""

import random
import re

import pytest
from expression_states import PARAMETERS, random_state

from routing_policies import columns as c
from routing_policies import kernel
from routing_policies.vocabulary import NETWORK_SUMS, SCOPES, VOCABULARY, Entry, Names, Unit

ENTRIES = list(VOCABULARY.values())
COUNTS = {
    "Q": c.QUEUE_COLUMNS,
    "A": c.AGENT_COLUMNS,
    "C": c.CALL_FEATURES_FROM,
    "W": c.WAY_COLUMNS,
    "N": NETWORK_SUMS,
}
SUFFIXES = {"_s": Unit.SECONDS, "_count": Unit.COUNT, "_per_hour": Unit.PER_HOUR}
COUNTS_WITHOUT = {"places_max"}


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.name)
def test_an_entry_compiles_and_never_raises(entry: Entry) -> None:
    function = eval(f"lambda {PARAMETERS}: {entry.emits}", vars(kernel))
    for seed in range(50):
        value = function(*random_state(random.Random(seed), strange=0.5).arguments())
        assert isinstance(value, bool if entry.unit is Unit.YES_NO else float)


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.name)
def test_every_column_read_exists(entry: Entry) -> None:
    read = re.findall(r"\b([A-Z])\[(\d+)\]", entry.emits)
    assert read
    for letter, number in read:
        assert int(number) < COUNTS[letter]


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.name)
def test_the_end_of_a_name_tells_its_unit(entry: Entry) -> None:
    last = entry.name.partition(".")[2]
    for suffix, unit in SUFFIXES.items():
        if last.endswith(suffix):
            assert entry.unit is unit
            return
    assert entry.unit is not Unit.SECONDS
    assert entry.unit is not Unit.COUNT or last in COUNTS_WITHOUT


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.name)
def test_an_entry_is_told(entry: Entry) -> None:
    assert entry.name.partition(".")[0] in SCOPES
    assert entry.meaning
    assert not entry.meaning.endswith(".")
    assert (entry.names is not Names.FREE) == (entry.unit is Unit.NAME)


def test_the_candidate_and_the_callers_own_queue_have_the_same_values() -> None:
    def of(scope: str) -> set[str]:
        return {n.partition(".")[2] for n in VOCABULARY if n.startswith(f"{scope}.")}

    assert of("origin") - of("queue") == {"queue", "site"}
    assert of("queue") - of("origin") == {"name"}


def test_a_call_at_home_does_not_wait_for_itself() -> None:
    state = random_state(random.Random(1), strange=0.0)
    state.q[c.Q_FREE], state.q[c.Q_STAFFED], state.q[c.Q_AHT_S] = 0.0, 2.0, 60.0
    state.q[c.Q_NOT_READY] = 0.0
    state.q[c.Q_WAITING], state.q[c.Q_ESTIMATOR] = 3.0, kernel.QUEUE_LENGTH
    waits = [
        eval(f"lambda {PARAMETERS}: {VOCABULARY[name].emits}", vars(kernel))(*state.arguments())
        for name in ("queue.ewt_s", "origin.ewt_s")
    ]
    assert waits == [120.0, 90.0]


def test_yes_and_no_are_no_where_a_value_is_missing() -> None:
    nan = float("nan")
    state = random_state(random.Random(1))
    for column in (state.q, state.o, state.c):
        column[:] = [nan] * len(column)
    for entry in ENTRIES:
        if entry.unit is Unit.YES_NO:
            function = eval(f"lambda {PARAMETERS}: {entry.emits}", vars(kernel))
            assert function(*state.arguments()) is False
