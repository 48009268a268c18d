"""An INVITE to a lent number: within the window it is the token, afterwards it is nobody's."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest
from number_plays import ONE, TWO, by_number, documents
from restarted_play import KeptPlay, begun, link, restarted
from site_playbook import TABLE, SitePlay, led, move_answer, offered, reserve, sign

from nrcli.wire import messages as msg
from routing_policies.document import SiteTable
from site_agent.adapters import base
from site_agent.core.events import WallTimeRead
from site_agent.core.number_arrivals import is_number

DATA = b'{"customer":"C1"}'


def lent(play: SitePlay, request_id: str = "r1", **fields: Any) -> tuple[str, str]:
    """(number, token) of a place that is held."""
    told: dict[str, Any] = {
        "number_on": "network",
        "expires_s": 20.0,
        "ani": "+351910000001",
    } | fields
    if "data" in told:
        told["data_digest"] = hashlib.sha256(told["data"]).digest()
    play.said(reserve(request_id, **told))
    command = play.one(base.HoldPlace)
    play.event(base.HoldGranted(hold_id=command.hold_id, queue="sales"))
    grant = play.sent(msg.ReserveGranted)[0]
    return grant.number, grant.token


def cancel(play: SitePlay, token: str) -> None:
    play.said(msg.Cancel(token=token, request_id="r1", from_site="porto", to_site="lisbon"))


def ordinary(play: SitePlay) -> base.TreatAsOrdinary:
    assert not play.all(base.AcceptArrival) and not play.all(base.RefuseArrival)
    return play.one(base.TreatAsOrdinary)


def test_a_number_is_no_token() -> None:
    assert is_number(ONE) and not is_number("nirc-abc")


def test_within_its_window_a_number_is_the_token_data_included() -> None:
    play = led(documents=documents())
    number, token = lent(play, data=DATA, data_version=1)
    play.wait(2.0).event(by_number(number))
    accepted = play.one(base.AcceptArrival)
    assert (accepted.data, accepted.waited_s) == (DATA, pytest.approx(9.0))
    assert play.sent(msg.CallTaken)[0].token == token
    assert play.lines("call_arriving")[0]["token"] == token
    play.event(base.ArrivalAcknowledged(call_id="a1"))
    assert play.sent(msg.CallArrived)[0].token == token


def test_by_another_trunk_group_it_proves_nothing() -> None:
    play = led(documents=documents())
    number, _ = lent(play)
    play.event(by_number(number, trunk_group="carrier"))
    assert play.one(base.RefuseArrival).sip_status == 404


def test_it_serves_one_invite() -> None:
    play = led(documents=documents(straggler_service="sales"))
    number, _ = lent(play)
    play.event(by_number(number))
    play.event(by_number(number, "a2", invite_key="key-a1"))
    assert play.one(base.RefuseArrival).sip_status == 482
    play.event(by_number(number, "a3"))  # it may be the same caller by another way
    assert play.one(base.RefuseArrival).sip_status == 480
    play.event(base.ArrivalAcknowledged(call_id="a1"))
    play.event(by_number(number, "a4", queue="sales", service="sales"))
    assert ordinary(play).data == b""


def test_a_straggler_after_the_window_is_an_ordinary_call_without_data() -> None:
    play = led(documents=documents())
    number, _ = lent(play, data=DATA, data_version=1)
    play.wait(21.0).event(by_number(number, service="sales", queue="sales"))
    told = ordinary(play)
    assert (told.data, told.waited_s, told.service) == (b"", 0.0, "sales")
    assert not play.sent(msg.CallTaken)
    assert play.sent(msg.RouteRequest)[0].interaction_id == told.interaction_id != "i9"
    assert play.daemon.knows_call("a1")


def test_the_very_caller_who_comes_late_is_taken_from_the_origin_yet_without_data() -> None:
    play = led(documents=documents())
    number, token = lent(play, data=DATA, data_version=1)
    play.wait(21.0).event(by_number(number, ani="+351910000001"))
    assert ordinary(play).data == b""
    assert play.sent(msg.CallTaken)[0].token == token
    assert not play.all(base.GiveData) and not play.sent(msg.DataGet)


def test_a_cancelled_number_is_refused_while_the_origin_has_the_caller() -> None:
    play = led(documents=documents(numbers=[ONE], quarantine_s=32))
    number, token = lent(play)
    cancel(play, token)
    play.event(by_number(number))
    assert play.one(base.RefuseArrival).sip_status == 480
    play.wait(30.0)
    cancel(play, token)
    play.wait(20.0)  # its rest is over, and the origin spoke of it 20 s ago
    play.said(reserve("r2", number_on="network", number_only=True))
    assert play.sent(msg.ReserveRefused)[0].reason is msg.ReserveRefusal.NO_NUMBER
    play.wait(60.0)
    assert lent(play, "r3")[0] == ONE


def test_a_caller_who_hung_up_before_the_answer_does_not_come_twice() -> None:
    play = led(documents=documents(straggler_service="sales"))
    number, _ = lent(play)
    play.event(by_number(number))
    play.event(base.CallEnded(call_id="a1", released_by="caller"))
    play.event(by_number(number, "a2"))
    assert play.one(base.RefuseArrival).sip_status == 480


def test_a_number_that_was_never_lent() -> None:
    play = led(documents=documents(straggler_service="sales"))
    play.event(by_number(TWO))  # no document says where sales waits
    assert play.one(base.RefuseArrival).sip_status == 404
    play.event(by_number(TWO, "a2", service="sales", queue="sales"))
    assert ordinary(play).queue == "sales"


def test_the_next_callers_data_is_never_met_by_the_last_one() -> None:
    play = led(documents=documents(numbers=[ONE], quarantine_s=32))
    number, _ = lent(play, data=DATA, data_version=1)
    play.event(by_number(number)).event(base.ArrivalAcknowledged(call_id="a1"))
    play.said(reserve("r2", number_on="network", number_only=True))
    assert play.sent(msg.ReserveRefused)
    play.wait(33.0)
    lent(play, "r3", data=b'{"customer":"C2"}', data_version=1)
    play.event(by_number(number, "a2"))
    assert play.one(base.AcceptArrival).data == b'{"customer":"C2"}'


def test_a_lent_number_lives_through_a_restart_and_so_does_its_rest() -> None:
    old = begun(documents())
    (first, token), (second, _) = lent(old, "r1"), lent(old, "r2")
    old.event(by_number(second, "a9")).event(base.ArrivalAcknowledged(call_id="a9"))
    play: KeptPlay = restarted(old)
    asked = play.all(base.HoldPlace)
    for command in asked:
        play.event(base.HoldGranted(hold_id=command.hold_id, queue="sales"))
    link(play)
    play.event(by_number(first))
    assert play.one(base.AcceptArrival).queue == "sales"
    assert play.sent(msg.CallTaken)[0].token == token
    play.event(by_number(second, "a3", service="sales", queue="sales"))
    assert ordinary(play).data == b""
    play.said(reserve("r3", number_on="network", number_only=True))
    assert play.sent(msg.ReserveRefused)[0].reason is msg.ReserveRefusal.NO_NUMBER


def test_where_the_journal_is_not_whole_no_number_of_before_is_honoured() -> None:
    old = begun(documents())
    number, _ = lent(old)
    play = restarted(old, sure=False)
    link(play)
    play.event(by_number(number, service="sales", queue="sales"))
    assert play.one(base.RefuseArrival).sip_status == 480
    play.said(reserve("r3", number_on="network", number_only=True))
    assert play.sent(msg.ReserveRefused)[0].reason is msg.ReserveRefusal.NO_NUMBER


# ---- the way home where numbers alone pass


def sent_away_by_number(*, given: bool = True, **pool: object) -> tuple[SitePlay, base.StartMove]:
    """A ringing caller is redirected to a number that porto lent."""
    play = led(documents=documents(trunk_group="carrier", **pool))
    rows = {("porto", "network"): ("+35122000*",)}
    own = {("lisbon", "carrier"): (ONE, TWO)} if given else {}
    play.daemon._parts.addresses._table = SiteTable(addresses=TABLE.addresses, numbers=rows | own)
    play.event(offered())
    request = play.sent(msg.RouteRequest)[0]
    rung = msg.Rung(
        method=msg.TransferMethod.REDIRECT_302,
        path="p",
        arrives_on="",
        number_on="network",
        follows_contacts=True,
    )
    answer = move_answer(request.request_id, rungs=(rung,), number="+351220000001")
    play.said(answer)
    return play, play.one(base.StartMove)


def comes_home(play: SitePlay, number: str = ONE, call_id: str = "c2") -> SitePlay:
    return play.event(by_number(number, call_id, trunk_group="carrier"))


def test_the_way_home_is_a_number_where_the_path_takes_numbers() -> None:
    play, move = sent_away_by_number()
    assert move.address == "sip:+351220000001@198.51.100.7:5062;transport=tcp"
    assert move.return_address == f"sip:{ONE}@192.0.2.1:5060"
    sign(play, base.MoveSign.REDIRECTED, move.move_id)
    comes_home(play.wait(2.0))
    accepted = play.one(base.AcceptArrival)
    assert (accepted.interaction_id, accepted.queue) == ("i-c1", "sales")
    assert comes_home(play, call_id="c3").one(base.RefuseArrival).call_id == "c3"
    play.wait(200.0)
    (pool,) = play.daemon.view(play.now_s).number_pools
    assert pool.numbers_count == 2


def test_after_its_time_the_number_is_nobodys() -> None:
    play, move = sent_away_by_number()
    sign(play, base.MoveSign.REDIRECTED, move.move_id)
    play.event(WallTimeRead(unix_s=1.0), play.now_s + 46.0)
    assert not comes_home(play).all(base.AcceptArrival)


def test_a_number_that_the_signed_table_does_not_give_us_is_not_told() -> None:
    _, move = sent_away_by_number(given=False)
    assert move.return_address.startswith("sip:nirc-")


def test_without_a_number_that_is_free_the_way_home_is_a_token() -> None:
    play, _ = sent_away_by_number(numbers=[ONE])
    play.event(offered("c9"))
    request = play.sent(msg.RouteRequest)[0]
    rung = msg.Rung(
        method=msg.TransferMethod.REDIRECT_302,
        path="p",
        arrives_on="",
        number_on="network",
        follows_contacts=True,
    )
    play.said(
        move_answer(request.request_id, rungs=(rung,), number="+351220000002", token="nirc-other")
    )
    assert play.one(base.StartMove).return_address.startswith("sip:nirc-")
