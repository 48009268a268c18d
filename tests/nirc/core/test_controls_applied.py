"""Controls over a router at work: calls stay, and are moved again when the control has ended."""

from __future__ import annotations

from dataclasses import replace

import pytest
from control_samples import BEGAN_UNIX_S, control, wanted
from playbook import Playbook
from router_network import FakeSite, ask, documents, leading, policy_text, report

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


# ---- the other kinds -----------------------------------------------------------------------------

ANYWHERE = "{name: anywhere, select: longest_available, action: route}"
OFFICE = (
    "kind: Calendar\nmetadata: {name: office}\nspec: {time_zone: UTC, hours: "
    "[{days: [mon, tue, wed, thu, fri, sat, sun], from: '00:00', to: '00:00'}]}\n"
)
SHUT = "{name: shut, when: 'not calendar(\"office\").open', action: announce, announcement: night}"
PLAN = "kind: Plan\nmetadata: {name: porto-lost}\nspec: {closed_sites: [porto], lasts_s: 900}\n"
HOUSE = "kind: Site\nmetadata: {{name: {0}}}\nspec: {{calendar: office}}\n"


def larger(*, otherwise: str = "queue_at_origin") -> tuple[Playbook, FakeSite, FakeSite]:
    """The same, with opening hours, a night announcement and a plan."""
    lisbon, porto = FakeSite("lisbon"), FakeSite("porto", ready={"rui": 50.0})
    more = {
        "RoutingPolicy/default": policy_text(f"{SHUT}, {ANYWHERE}", otherwise=otherwise),
        "Calendar/office": OFFICE,
        "Plan/porto-lost": PLAN,
        "Site/lisbon": HOUSE.format("lisbon"),
        "Site/porto": HOUSE.format("porto"),
    }
    book = leading(lisbon, porto, docs=documents(["lisbon", "porto"], more=more))
    report(book, lisbon)
    report(book, porto)
    book.event(WallTimeRead(unix_s=BEGAN_UNIX_S + 1))
    return book, lisbon, porto


@pytest.mark.parametrize(
    ("kind", "target", "over_s"),
    [
        ("close", "service sales", 660),
        ("holiday", "calendar office", 100_000),
        ("holiday", "service sales", 100_000),
        ("plan", "plan porto-lost", 600),
        ("path_off", "path lisbon-out", 600),
    ],
)
def test_each_kind_keeps_the_call_until_its_end(kind: str, target: str, over_s: int) -> None:
    book, _, _ = larger()
    one = control(kind, target, for_s=min(over_s, 86_400))
    book.event(ControlsRead(controls=(one,)))
    closed = kind in ("close", "holiday")
    sent = {site for site, _ in book.messages(msg.SiteDocuments)}
    assert sent == ({"lisbon", "porto"} if closed else set())
    done = asked(book, "r1")
    answer = answer_in(done)
    assert not moves(done)
    assert (answer.outcome is msg.RouteOutcome.ANNOUNCE) == closed, "what its closed answer says"
    book.event(WallTimeRead(unix_s=BEGAN_UNIX_S + over_s))
    assert {site for site, _ in book.messages(msg.SiteDocuments)} == sent
    assert moves(asked(book, "r2"))


def test_another_services_callers_are_not_concerned_by_a_close() -> None:
    book, _, _ = larger()
    book.event(ControlsRead(controls=(control("close", "service vip"),)))
    assert moves(asked(book, "r1"))


def test_who_stays_hears_the_announcement_once_and_who_moves_does_not() -> None:
    book, _, porto = larger()
    one = control("announce", "site lisbon", announcement="storm")
    book.event(ControlsRead(controls=(one, control("freeze", "service vip", name="c2"))))
    assert moves(asked(book, "r1"))
    porto.agents["rui"] = (msg.AgentState.BUSY, book.now_s)
    report(book, porto)
    answer = answer_in(asked(book, "r2"))
    assert (answer.outcome, answer.announcement) == (msg.RouteOutcome.ANNOUNCE, "storm")
    again = replace(ask("r3"), reason=msg.RequeryReason.STILL_WAITING)
    book.event(SiteSaid(site="lisbon", message=again))
    assert answer_in(list(book.left)).outcome is msg.RouteOutcome.STAY
    book.event(ControlsRead(controls=(one, control("freeze", name="c2"))))
    assert answer_in(asked(book, "r4")).announcement == "storm", "a frozen caller, too"


def test_flushed_callers_go_home_callbacks_stay_and_nobody_new_enters() -> None:
    book, lisbon, porto = larger(otherwise="network_queue")
    porto.agents["rui"] = (msg.AgentState.BUSY, book.now_s)
    report(book, porto)
    lisbon.wait("old", 50.0)
    lisbon.wait("due", 60.0, callback_state="resting")
    report(book, lisbon)
    assert answer_in(asked(book, "r1")).outcome is msg.RouteOutcome.NETWORK_QUEUE
    book.event(ControlsRead(controls=(control("flush", "service sales"),)))
    book.event(WallTimeRead(unix_s=BEGAN_UNIX_S + 2))
    word = book.sent("lisbon", msg.RouteAnswer)
    assert (word.entry_id, word.taken_out, word.outcome) == ("old", True, msg.RouteOutcome.STAY)
    assert not list(book.messages(msg.RouteAnswer)), "who is to be called back still is"
    assert answer_in(asked(book, "r2")).outcome is msg.RouteOutcome.STAY


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


@pytest.mark.parametrize(
    ("kind", "target"),
    [
        ("close", "service sales"),
        ("holiday", "all"),
        ("plan", "plan porto-lost"),
        ("path_off", "path lisbon-out"),
        ("announce", "all"),
        ("flush", "service sales"),
    ],
)
def test_a_look_at_any_kind_leaves_everything_as_it_was(kind: str, target: str) -> None:
    book, _, _ = larger()
    more = {"announcement": "storm"} if kind == "announce" else {}
    told = weigh(book, wanted(kind, target, **more))
    assert told.problem is None and told.effect is not None
    assert bool(told.effect.changes) == (kind != "flush")
    assert not list(book.messages(msg.SiteDocuments)), "no site hears of it"
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
