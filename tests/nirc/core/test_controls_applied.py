"""Controls over a router at work: calls stay, and are moved again when the control has ended."""

from __future__ import annotations

import pytest
from control_samples import BEGAN_UNIX_S, control, wanted
from playbook import Playbook
from router_network import FakeSite, ask, documents, leading, report

from nirc.core.actions import (
    Action,
    ClearAlarm,
    ControlWeighed,
    RaiseAlarm,
    RecordDecision,
    SendToSite,
)
from nirc.core.events import (
    CampaignWon,
    ControlsRead,
    DocumentsChanged,
    LeadershipLost,
    SiteSaid,
    WallTimeRead,
    WeighControl,
)
from nrcli.wire import messages as msg
from nrcli.wire.control_models import ControlWanted


def network() -> tuple[Playbook, FakeSite, FakeSite]:
    """Lisbon asks, and porto has an agent."""
    lisbon, porto = FakeSite("lisbon"), FakeSite("porto", ready={"rui": 50.0})
    book = leading(lisbon, porto)
    report(book, lisbon)
    report(book, porto)
    book.event(WallTimeRead(unix_s=BEGAN_UNIX_S + 1))
    return book, lisbon, porto


def asked(book: Playbook, name: str) -> list[Action]:
    """What is done about a call of lisbon."""
    book.event(SiteSaid(site="lisbon", message=ask(name)))
    return list(book.left)


def moves(done: list[Action]) -> bool:
    """Was a target asked to hold an agent."""
    return any(isinstance(one, SendToSite) and isinstance(one.message, msg.Reserve) for one in done)


def answer_in(done: list[Action]) -> msg.RouteAnswer:
    (found,) = [
        one.message
        for one in done
        if isinstance(one, SendToSite) and isinstance(one.message, msg.RouteAnswer)
    ]
    return found


@pytest.mark.parametrize(
    "target", ["all", "site lisbon", "site porto", "service sales", "path lisbon-out"]
)
def test_nothing_is_moved_while_frozen_and_everything_is_after(target: str) -> None:
    book, _, _ = network()
    book.event(ControlsRead(controls=(control("freeze", target),)))
    alarm = book.take(RaiseAlarm, code="control_in_force", place="c1")
    assert "by ana@noc: carrier storm" in alarm.text and "until 1970" in alarm.text
    done = asked(book, "r1")
    assert not moves(done) and answer_in(done).outcome is msg.RouteOutcome.STAY
    (record,) = [one.record for one in done if isinstance(one, RecordDecision)]
    assert record.outcome == "stay"
    assert record.controls == (f"control c1: freeze of {target}, by ana@noc: carrier storm",)
    book.event(WallTimeRead(unix_s=BEGAN_UNIX_S + 600))
    book.action(ClearAlarm, code="control_in_force", place="c1")
    assert moves(asked(book, "r2"))


def test_a_freeze_of_others_stops_nobody_else() -> None:
    book, _, _ = network()
    book.event(ControlsRead(controls=(control("freeze", "site faro"),)))
    assert moves(asked(book, "r1"))


def test_a_site_that_grants_after_the_freeze_began_gets_nobody() -> None:
    """S1 and S5: what was asked for is released, and no token is given to the origin."""
    book, _, porto = network()
    asked(book, "r1")
    reserve = book.sent("porto", msg.Reserve)
    (grant,) = porto.hear(reserve, book.now_s)
    book.event(ControlsRead(controls=(control("freeze"),)))
    book.event(SiteSaid(site="porto", message=grant))
    book.sent("porto", msg.Release, request_id="r1")
    assert book.sent("lisbon", msg.RouteAnswer).token == ""


def test_a_new_leader_applies_what_it_had_read_as_a_follower_from_its_first_decision() -> None:
    book, lisbon, porto = network()
    book.event(LeadershipLost(domain="default", reason="lease"))
    book.event(ControlsRead(controls=(control("freeze"),)))
    book.event(
        CampaignWon(
            domain="default",
            epoch=msg.Epoch(generation=1, revision=99),
            sent_at_s=book.now_s,
            ttl_s=1000.0,
        )
    )
    for site in (lisbon, porto):
        leading_word = book.sent(site.name, msg.Leading)
        for said in site.hear(leading_word, book.now_s):
            book.router.handle(SiteSaid(site=site.name, message=said), book.now_s)
    done = asked(book, "r1")
    assert not moves(done) and answer_in(done).outcome is msg.RouteOutcome.STAY


def test_documents_that_are_published_meanwhile_leave_the_control_in_force() -> None:
    book, _, _ = network()
    book.event(ControlsRead(controls=(control("freeze", "path lisbon-out"),)))
    book.event(DocumentsChanged(documents=documents(["lisbon", "porto"])))
    assert not moves(asked(book, "r1"))


def weigh(book: Playbook, one: ControlWanted) -> ControlWeighed:
    book.event(WeighControl(id="w1", control_id="c9", wanted=one))
    (told,) = [one for one in book.left if isinstance(one, ControlWeighed)]
    return told


def test_a_look_at_what_it_would_do_changes_nothing() -> None:
    book, _, _ = network()
    told = weigh(book, wanted("freeze", "path lisbon-out", for_s=120))
    assert told.problem is None and told.effect is not None and told.control is not None
    assert told.control.ends_unix_s - told.control.began_unix_s == 120
    (change,) = told.effect.changes
    assert (change.site, change.now) == ("lisbon", "moves to porto, queue sales")
    assert change.then.startswith("stays")
    assert book.router.view(book.now_s).controls == ()
    assert moves(asked(book, "r1"))


def test_too_long_too_many_and_what_is_not_there_are_refused() -> None:
    book, _, _ = network()
    problem = weigh(book, wanted("freeze", for_s=1_000_000)).problem
    assert problem is not None and problem[0] == "for_s" and "control_s_max" in problem[2]
    problem = weigh(book, wanted("freeze", "site nowhere")).problem
    assert problem is not None and problem[0] == "target.name"
    many = tuple(control("freeze", "site lisbon", name=f"c{n}") for n in range(100))
    book.event(ControlsRead(controls=many))
    problem = weigh(book, wanted("freeze")).problem
    assert problem is not None and "nrcli controls" in problem[2]
