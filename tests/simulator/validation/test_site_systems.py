"""Policies and chains name the same rules; a short run of one agrees."""

from dataclasses import replace

from interpreted_engine import Interpreted

from simulator.validation.hand_models import POLICIES
from simulator.validation.judging import judge
from simulator.validation.site_systems import RULES, lost_systems, overflow_systems
from simulator.validation.systems import Size, rows_of

SMALL = Size(calls_count=1_500, batches_count=20, calls_count_max=10**9)


def test_every_rule_has_its_policy() -> None:
    assert set(RULES) <= set(POLICIES)
    assert len(overflow_systems()) == 12


def test_the_rule_that_is_hardest_agrees_with_its_chain() -> None:
    system = overflow_systems()[-2]
    assert system.policy == "shortest delay"
    rows = rows_of(replace(system, settles_s=0.0), Interpreted(), seed=1, size=SMALL)
    assert len(rows) == 4
    assert all(judged.good for judged in judge(rows))


def test_loss_with_overflow_agrees() -> None:
    system = replace(lost_systems()[1], settles_s=0.0)
    rows = rows_of(system, Interpreted(), seed=1, size=SMALL)
    assert all(judged.good for judged in judge(rows))
