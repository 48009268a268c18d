"""The adapter as a whole: honest capabilities, every command taken, nothing left behind."""

from typing import get_args

from acd_contract_words import Target, judge, told
from asterisk_site import AsteriskSite

from nrcli.wire.messages import TransferMethod
from site_agent.adapters import base
from site_agent.adapters.asterisk import ami_events as ami


def test_capabilities_are_what_the_page_says() -> None:
    able = AsteriskSite().capabilities()
    assert able.hold_agent is base.HoldLevel.PAUSE
    assert able.insert_by_age is base.HoldLevel.POSITION
    assert TransferMethod.REFER_REPLACES not in able.methods


def test_every_command_and_every_event_has_its_part() -> None:
    acd = AsteriskSite().acd
    assert set(acd._on_command) == set(get_args(base.AcdCommand))
    assert set(acd._on_event) == set(get_args(ami.AmiEvent))


def test_a_day_of_calls_leaves_nothing_behind() -> None:
    site = AsteriskSite()
    for number in range(60):
        call_id = site.caller_enters("sales")
        site.target = list(Target)[number % 3]
        site.command(
            base.StartMove(
                call_id=call_id,
                move_id=f"m{number}",
                method=TransferMethod.REFER,
                address="sip:nirc-a@192.0.2.1:5060",
            )
        )
        site.passes(25.0)
        if number % 2:
            site.command(base.PutBack(call_id=call_id))
        else:
            site.command(base.EndMoved(call_id=call_id))
        site.caller_hangs_up(call_id)
        site.passes(5.0)
    desk = site.acd._desk
    assert not desk.calls and not desk.channels and not desk.used
    assert not site.acd._callers._variables
    assert len(desk.timers) == 1, "the next whole list alone"
    judge(site.events)
    assert len(told(site, base.CallEnded)) == 60
