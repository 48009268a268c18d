"""An arrival is told in growing steps until the origin has noted it, and not for ever."""

from site_playbook import EPOCH, outbox, reserve

from nrcli.wire.messages import CallArrived
from site_agent.core.actions import SendToNode
from site_agent.core.hold import Hold
from site_agent.core.leaders import Leaders
from site_agent.core.settings import SiteSettings
from site_agent.core.unsettled_arrivals import UnsettledArrivals


def test_told_until_settled_and_the_journal_knows() -> None:
    out, marked = outbox(), []
    leaders = Leaders({"default": EPOCH}, out)
    leaders.link_up("n1")
    told = UnsettledArrivals(
        "lisbon", SiteSettings(), leaders, out, lambda kind, name: marked.append((kind, name))
    )
    hold = Hold("h", reserve(), "n1")
    hold.token = "t"
    told.tell(hold, 10.0)
    told.due("t", 10.5)
    told.due("other", 10.5)
    sent = [a.message for a in out.take() if isinstance(a, SendToNode)]
    assert sent == [CallArrived(token="t", from_site="lisbon", to_site="porto")] * 2
    assert hold.unsettled and len(told) == 1
    told.settled("t")
    told.settled("t")
    assert not hold.unsettled and len(told) == 0
    assert marked == [("reservation", "t")] * 2


def test_given_up_after_its_time() -> None:
    out = outbox()
    told = UnsettledArrivals(
        "lisbon", SiteSettings(), Leaders({}, out), out, lambda kind, name: None
    )
    hold = Hold("h", reserve(), "n1")
    hold.token = "t"
    told.tell(hold, 0.0)
    told.due("t", 120.0)
    assert not hold.unsettled and out.counters["arrivals_unsettled"] == 1
