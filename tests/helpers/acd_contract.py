"""What every ACD adapter keeps to, whatever PBX stands behind it: a list of checks.

`ContractAcd` is one adapter with a scripted PBX around it, under a clock of the test's own. Each
adapter's `test_contract.py` builds one and runs `CHECKS` on it:

    @pytest.mark.parametrize("check", CHECKS, ids=names_of(CHECKS))
    def test_the_contract(check):
        run(check, MyAcd())

What a PBX cannot do at all stands in `lacks`, and only checks that need it are skipped. At the
start both agents are logged in and not ready, nobody waits, and the target takes what it is sent.
"""

from __future__ import annotations

from collections.abc import Sequence

import acd_contract_calls
import acd_contract_moves
import pytest
from acd_contract_words import ADDRESS, HOME, TOKEN, Check, ContractAcd, Lack, Target, judge

__all__ = [
    "ADDRESS",
    "CHECKS",
    "HOME",
    "TOKEN",
    "Check",
    "ContractAcd",
    "Lack",
    "Target",
    "judge",
    "names_of",
    "run",
]

CHECKS: tuple[Check, ...] = (*acd_contract_calls.CHECKS, *acd_contract_moves.CHECKS)


def run(check: Check, acd: ContractAcd) -> None:
    """Run one check, then ask whether the whole story was a legal one."""
    for lack in getattr(check, "needs", ()):
        if lack in acd.lacks:
            pytest.skip(lack.value)
    check(acd)
    judge(acd.events)


def names_of(checks: Sequence[Check]) -> list[str]:
    """For pytest's `ids`."""
    return [check.__name__ for check in checks]
