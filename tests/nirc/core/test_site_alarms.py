"""What a site alarms stands at the node under the site's name, while the site says so."""

from __future__ import annotations

from nirc.core import site_alarms
from nirc.core.actions import Action, ClearAlarm, RaiseAlarm
from nirc.core.alarms import Alarms
from nirc.core.settings import RouterSettings
from nrcli.wire.messages import SiteAlarm

LOST = SiteAlarm(code="pbx_unreached", text="asterisk 127.0.0.1:5038: cannot connect")


def test_a_sites_alarm_stands_once_and_ends_when_the_site_names_it_no_more() -> None:
    alarms, out = Alarms(RouterSettings()), list[Action]()
    for _ in range(2):
        site_alarms.told(alarms, "lisbon", (LOST,), out)
    site_alarms.told(alarms, "porto", (), out)
    site_alarms.told(alarms, "lisbon", (), out)
    assert out == [
        RaiseAlarm(code="pbx_unreached", place="lisbon", text=LOST.text),
        ClearAlarm(code="pbx_unreached", place="lisbon"),
    ]


def test_no_site_speaks_in_the_nodes_name() -> None:
    alarms, out = Alarms(RouterSettings()), list[Action]()
    site_alarms.told(alarms, "lisbon", (SiteAlarm(code="no_leader", text="go home"),), out)
    assert not out


def test_an_alarm_that_says_something_else_is_raised_anew() -> None:
    alarms, out = Alarms(RouterSettings()), list[Action]()
    for text in ("no queue a", "no queue a", "no queue b"):
        named = SiteAlarm(code="pbx_unknown_name", text=text)
        site_alarms.told(alarms, "lisbon", (named,), out)
    assert [type(one) for one in out] == [RaiseAlarm, ClearAlarm, RaiseAlarm]
