"""Methods are what both the CTI and the site's settings know; commands are bounded."""

from __future__ import annotations

from dataclasses import replace

from pushing_cti import SETTINGS, Ids

from nrcli.wire.messages import TransferMethod
from site_agent.adapters.acd_commands import PutBack
from site_agent.adapters.http_push.desk import Desk
from site_agent.adapters.http_push.said_by_cti import CtiCapabilities


def test_methods_are_those_of_both() -> None:
    desk = Desk(replace(SETTINGS, methods=(TransferMethod.REFER,), commands_max=1), Ids())
    assert desk.methods == ()
    desk.can = CtiCapabilities(methods=(TransferMethod.BRIDGE, TransferMethod.REFER))
    assert desk.methods == (TransferMethod.REFER,)
    assert desk.push(PutBack(call_id="c")) and not desk.push(PutBack(call_id="c"))
