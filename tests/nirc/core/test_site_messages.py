"""Each message of a site reaches its part; a site speaks only for itself."""

from __future__ import annotations

from typing import Any

import pytest
from playbook import Playbook
from router_network import EPOCH, FakeSite, ask, leading

from nirc.core.actions import (
    MoveRecord,
    RaiseAlarm,
    RaiseGeneration,
    RecordDecision,
    RecordMove,
    RecordOfSite,
)
from nirc.core.events import SiteSaid
from nrcli.wire import messages as msg

HIGHER = msg.Epoch(generation=1, revision=99)


def moved() -> tuple[Playbook, str]:
    """A call on its way from lisbon to porto, and its token."""
    porto = FakeSite("porto", {"diogo": 1.0})
    book = leading(FakeSite("lisbon", waiting_count=5), porto, FakeSite("faro"))
    book.event(SiteSaid(site="lisbon", message=ask()))
    (grant,) = porto.hear(book.sent("porto", msg.Reserve), book.now_s)
    book.event(SiteSaid(site="porto", message=grant))
    return book, book.sent("lisbon", msg.RouteAnswer).token


def outcome(token: str, kind: msg.MoveOutcome = msg.MoveOutcome.ARRIVED) -> msg.TransferOutcome:
    return msg.TransferOutcome(
        request_id="r1",
        token=token,
        target_site="porto",
        method=msg.TransferMethod.REDIRECT_302,
        outcome=kind,
    )


def states(book: Playbook) -> list[str]:
    return [move.state for move in book.router.view(book.now_s).moves]


def test_taken_then_arrived_then_settled() -> None:
    book, token = moved()
    for message, state in (
        (msg.CallTaken(token=token, from_site="porto", to_site="lisbon"), ["taken"]),
        (msg.CallArrived(token=token, from_site="porto", to_site="lisbon"), ["arrived"]),
    ):
        book.event(SiteSaid(site="porto", message=message))
        assert book.sent("lisbon", type(message)) == message
        assert states(book) == state
    assert book.router.view(book.now_s).promises_count == 0
    book.event(SiteSaid(site="lisbon", message=outcome(token)))
    ended = MoveRecord(
        request_id="r1",
        origin_site="lisbon",
        target_site="porto",
        method="redirect_302",
        outcome="arrived",
        sip_status=0,
        took_s=0.0,
    )
    book.action(RecordMove, record=ended).nothing_more()
    assert states(book) == []
    (pair,) = book.router.view(book.now_s).pair_counts
    assert (pair.origin, pair.target, pair.ended_count, pair.failed_count) == (
        *("lisbon", "porto", 1, 0),
    )


def test_another_site_cannot_settle_a_move_or_take_a_call() -> None:
    book, token = moved()
    book.event(SiteSaid(site="faro", message=outcome(token)))
    book.action(RaiseAlarm, code="site_speaks_for_another", place="faro").nothing_more()
    forged = msg.CallTaken(token=token, from_site="faro", to_site="lisbon")
    book.event(SiteSaid(site="faro", message=forged))
    assert states(book) == ["answered"]


def test_an_unresolved_move_is_alarmed() -> None:
    book, token = moved()
    book.event(SiteSaid(site="lisbon", message=outcome(token, msg.MoveOutcome.UNRESOLVED)))
    book.action(RecordMove).action(RaiseAlarm, code="unresolved_move", place="lisbon")
    book.nothing_more()


def test_a_stray_grant_is_released_but_a_repeated_one_is_not() -> None:
    book, token = moved()
    grant = msg.ReserveGranted(
        domain="default", epoch=EPOCH, request_id="r1", token=token, queue="sales", expires_s=5.0
    )
    book.event(SiteSaid(site="porto", message=grant)).nothing_more()
    book.event(
        SiteSaid(
            site="faro",
            message=msg.ReserveGranted(
                domain="default",
                epoch=EPOCH,
                request_id="r1",
                token="other",
                queue="sales",
                expires_s=5.0,
            ),
        )
    )
    assert book.sent("faro", msg.Release).request_id == "r1"
    book.nothing_more()


@pytest.mark.parametrize(
    "message",
    [
        msg.EpochRefused(domain="default", highest=HIGHER, request_id="r"),
        msg.LeadingAck(domain="default", epoch=HIGHER),
    ],
)
def test_a_higher_epoch_ends_the_leadership(message: Any) -> None:
    book, _ = moved()
    book.event(SiteSaid(site="faro", message=message))
    book.action(RaiseGeneration, above=HIGHER).action(RaiseAlarm, code="epoch_above_ours")
    assert states(book) == []
    assert not book.router.view(book.now_s).domains[0].leading_here


def test_call_legs_are_recorded_for_the_site_itself_only() -> None:
    values: dict[str, Any] = dict.fromkeys(
        (
            "interaction_id",
            "call_id",
            "sip_call_id",
            "leg",
            "trunk_group",
            "queue",
            "agent",
            "ani",
            "dialed_number",
            "method",
            "token",
            "released_by",
        ),
        "",
    )
    leg = msg.CallLegRecord(
        site="porto", started_unix_s=1.0, waited_s=0.0, talked_s=0.0, sip_status=200, **values
    )
    book, _ = moved()
    book.event(SiteSaid(site="porto", message=leg)).action(RecordOfSite, record=leg)
    book.event(SiteSaid(site="faro", message=leg)).action(RaiseAlarm, place="faro").nothing_more()


def test_link_control_on_an_open_stream_changes_nothing() -> None:
    book, _ = moved()
    book.event(SiteSaid(site="porto", message=msg.Heartbeat())).nothing_more()
    assert book.router.view(book.now_s).counters["messages.unexpected"] == 1


def test_a_foreign_request_id_is_dropped_and_alarmed() -> None:
    book, _ = moved()
    book.event(SiteSaid(site="faro", message=ask("r1")))
    book.action(RaiseAlarm, code="site_speaks_for_another", place="faro").nothing_more()
    book.event(SiteSaid(site="faro", message=msg.RouteRequestCancel(request_id="r1")))
    book.nothing_more()


def test_a_bad_report_is_alarmed_and_the_next_good_one_clears_it() -> None:
    book, _ = moved()
    faro = FakeSite("faro")
    book.event(
        SiteSaid(
            site="faro",
            message=msg.StateSnapshot(incarnation=9, version=1, checksum=0, entities=()),
        )
    )
    book.action(RaiseAlarm, code="state_refused", place="faro").nothing_more()
    faro.version = 5
    book.event(SiteSaid(site="faro", message=faro.snapshot(book.now_s)))
    assert book.sent("faro", msg.StateAck).version == 6
    assert [a.code for a in book.router.view(book.now_s).alarms] == []


def test_an_undecided_request_of_a_cancel_is_recorded_once() -> None:
    book = leading(FakeSite("lisbon", waiting_count=5), FakeSite("porto", {"diogo": 1.0}))
    book.event(SiteSaid(site="lisbon", message=ask()))
    book.event(SiteSaid(site="lisbon", message=msg.RouteRequestCancel(request_id="r1")))
    assert book.take(RecordDecision).record.outcome == "cancelled"
    book.event(SiteSaid(site="lisbon", message=msg.RouteRequestCancel(request_id="r1")))
    book.nothing_more()
