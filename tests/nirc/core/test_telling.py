"""What is said beside an answer reaches who must know."""

from __future__ import annotations

from router_network import FakeSite, ask, leading

from nirc.core.actions import SendToSite
from nirc.core.events import LeadershipLost, SiteLinkUp, SiteSaid
from nirc.core.telling import say_not_leading
from nrcli.wire import messages as msg


def test_who_may_not_answer_names_who_may() -> None:
    out: list[object] = []
    parts = leading(FakeSite("lisbon")).router._parts
    say_not_leading(parts, "lisbon", ask("r1"), "n2", out)  # type: ignore[arg-type]
    (action,) = out
    assert isinstance(action, SendToSite) and action.site == "lisbon"
    assert action.message == msg.NotLeading(
        domain="default", request_id="r1", leader="n2", epoch=parts.leadership.latest["default"]
    )


def test_a_node_that_leads_no_more_says_so_when_asked() -> None:
    book = leading(FakeSite("lisbon"))
    book.event(LeadershipLost(domain="default", reason="x"))
    book.event(SiteSaid(site="lisbon", message=ask("r1")))
    book.sent("lisbon", msg.NotLeading, request_id="r1")


def test_a_node_whose_leading_is_not_acknowledged_yet_names_itself() -> None:
    book = leading(FakeSite("lisbon"))
    hello = msg.Hello(site="lisbon", incarnation=9)
    book.event(SiteLinkUp(site="lisbon", hello=hello))
    book.event(SiteSaid(site="lisbon", message=ask("r1")))
    told = book.sent("lisbon", msg.NotLeading, request_id="r1")
    assert (told.leader, told.epoch) == ("n1", book.router._parts.leadership.epoch("default"))
