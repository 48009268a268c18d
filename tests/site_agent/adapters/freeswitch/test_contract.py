"""The contract of every adapter, kept by FreeSWITCH's in each way of holding and moving."""

from __future__ import annotations

import pytest
from acd_contract import CHECKS, Check, names_of, run
from freeswitch_bench import FreeswitchBench


@pytest.mark.parametrize("check", CHECKS, ids=names_of(CHECKS))
@pytest.mark.parametrize("hold_by", ["break", "ready_time"])
def test_the_contract(check: Check, hold_by: str) -> None:
    run(check, FreeswitchBench(hold_by=hold_by))


@pytest.mark.parametrize("check", CHECKS, ids=names_of(CHECKS))
def test_the_contract_without_refer(check: Check) -> None:
    run(check, FreeswitchBench(refer=False))
