"""The contract of every adapter, kept by the Asterisk adapter before a scripted Asterisk."""

from __future__ import annotations

import pytest
from acd_contract import CHECKS, Check, names_of, run
from asterisk_site import AsteriskSite


@pytest.mark.parametrize("check", CHECKS, ids=names_of(CHECKS))
def test_the_contract(check: Check) -> None:
    run(check, AsteriskSite())
