"""Playbooks of a call in the network queue, at its origin."""

from __future__ import annotations

from site_playbook import EPOCH, SitePlay, agent_of, led, move_answer, offered, sign

from nrcli.wire import messages as msg
from site_agent.adapters import base

REFER = msg.TransferMethod.REFER


def told(play: SitePlay, request: msg.RouteRequest, outcome: msg.RouteOutcome) -> None:
    answer = msg.RouteAnswer(
        domain="default",
        epoch=EPOCH,
        request_id=request.request_id,
        outcome=outcome,
        entry_id=request.entry_id or request.request_id,
    )
    play.said(answer)


def queued(call_id: str = "c1", **fields: object) -> tuple[SitePlay, str]:
    """A call that waits in the network queue, and its entry."""
    play = led().event(offered(call_id, **fields))
    (request,) = play.sent(msg.RouteRequest, "n1")
    told(play, request, msg.RouteOutcome.NETWORK_QUEUE)
    return play, request.request_id


def reported(play: SitePlay) -> list[msg.WaitingCallReport]:
    """Waiting calls in what was reported since, to one node."""
    found = play.sent(msg.StateDelta | msg.StateSnapshot, "n1")  # type: ignore[type-var]
    return [e for m in found for e in m.entities if isinstance(e, msg.WaitingCallReport)]


def offer(play: SitePlay, entry: str, request_id: str = "n1.7", **fields: object) -> SitePlay:
    """The leader found somebody."""
    return play.said(move_answer(request_id, REFER, entry_id=entry, **fields))


def test_an_entry_is_part_of_the_sites_state_with_all_that_a_match_needs() -> None:
    play, entry = queued(ani="+351910000000", data=b'{"k":1}', waited_s=5.0)
    (report,) = reported(play.wait(0.2))
    assert (report.entry_id, report.domain, report.trunk_group) == (entry, "default", "carrier")
    assert (report.ani, report.data_version, bool(report.data_digest)) == ("+351910000000", 1, True)
    assert round(report.waited_s, 1) == 5.1
    assert play.daemon.view(play.now_s).calls[0].entry_id == entry


def test_a_call_that_waits_here_alone_tells_nothing_more_than_before() -> None:
    play = led().event(offered(ani="+351910000000")).wait(0.2)
    (report,) = reported(play)
    assert (report.entry_id, report.ani, report.trunk_group) == ("", "", "")


def test_who_enters_after_a_move_in_vain_is_barred_from_that_site_for_a_moment_only() -> None:
    play = led().event(offered())
    (request,) = play.sent(msg.RouteRequest, "n1")
    play.said(move_answer(request.request_id, REFER))
    (again,) = play.sent(msg.RouteRequest, "n1")
    assert again.refused_targets == ("porto",)
    told(play, again, msg.RouteOutcome.NETWORK_QUEUE)
    assert [report.refused_targets for report in reported(play.wait(0.2))] == [("porto",)]
    assert [report.refused_targets for report in reported(play.wait(5.5))][-1] == ()
    assert not play.sent(msg.RouteRequest)


def test_nobody_asks_about_an_entry_but_now_and_then_for_safety() -> None:
    play, entry = queued()
    assert not play.wait(29.0).sent(msg.RouteRequest)
    (again,) = play.wait(2.0).sent(msg.RouteRequest)
    assert again.entry_id == entry and again.request_id != entry
    told(play, again, msg.RouteOutcome.NETWORK_QUEUE)
    assert play.daemon.view(play.now_s).calls[0].entry_id == entry, "the same place as before"


def test_an_answer_that_names_the_entry_moves_the_call() -> None:
    play, entry = queued()
    play.event(base.CallAnswered(call_id="c1")).wait(0.2)
    assert offer(play, entry).one(base.StartMove).call_id == "c1"
    assert play.lines("answer")[0]["request"] == "n1.7"
    gone = [m for d in play.wait(0.2).sent(msg.StateDelta, "n1") for m in d.removed]
    assert ("waiting", "c1") in [(one.kind, one.name) for one in gone]
    offer(play, entry)
    assert not play.all(base.StartMove) and not play.sent(msg.Cancel), "told twice, moved once"


def test_a_failed_move_leaves_the_entry_and_its_time() -> None:
    play, entry = queued()
    play.event(base.CallAnswered(call_id="c1"))
    move_id = offer(play, entry).one(base.StartMove).move_id
    sign(play, base.MoveSign.REFUSED, move_id, 603)
    again = play.wait(1.1).one(base.StartMove)
    sign(play, base.MoveSign.REFUSED, again.move_id, 603)
    play.said(
        msg.CancelAnswer(
            token="nirc-target",
            from_site="porto",
            to_site="lisbon",
            verdict=msg.CancelVerdict.NEVER,
        )
    )
    play.wait(0.3)
    assert not play.sent(msg.RouteRequest), "the leader knows, and looks for somebody else"
    reports = reported(play)
    assert (reports[-1].entry_id, reports[-1].refused_targets) == (entry, ("porto",))
    later = reported(play.wait(5.2))[-1]
    assert (later.entry_id, later.refused_targets) == (entry, ())


def test_the_callers_own_agent_wins() -> None:
    play, entry = queued()
    play.event(base.CallConnected(call_id="c1", agent="anna", queue="sales"))
    assert [m.request_id for m in play.sent(msg.RouteRequestCancel)] == [entry]
    offer(play, entry)
    assert play.sent(msg.Cancel)[0].token == "nirc-target" and not play.all(base.StartMove)
    assert play.sent(msg.TransferOutcome)[0].outcome is msg.MoveOutcome.SERVED_AT_HOME


def test_an_entry_ends_with_its_call() -> None:
    play, entry = queued()
    play.event(base.CallEnded(call_id="c1", released_by="caller"))
    assert [m.request_id for m in play.sent(msg.RouteRequestCancel)] == [entry]
    assert offer(play, entry).sent(msg.Cancel)
    assert not [name for name in play.timers if name.startswith(("ask:", "deadline:"))]


def test_an_offer_takes_the_place_of_a_question_under_way() -> None:
    play, entry = queued()
    play.event(base.CallAnswered(call_id="c1"))
    (asked,) = play.wait(31.0).sent(msg.RouteRequest)
    offer(play, entry)
    assert play.all(base.StartMove)
    assert [m.request_id for m in play.sent(msg.RouteRequestCancel)] == [asked.request_id]
    play.said(move_answer(asked.request_id, REFER, token="nirc-second"))
    assert play.sent(msg.Cancel)[0].token == "nirc-second"


def test_a_lower_epoch_moves_nobody_and_tells_no_position() -> None:
    play, entry = queued()
    old = msg.Epoch(generation=1, revision=1)
    assert offer(play, entry, epoch=old).sent(msg.EpochRefused) and not play.all(base.StartMove)
    play.said(position(entry, epoch=old))
    assert not play.all(base.Announce)


def position(entry: str, epoch: msg.Epoch = EPOCH) -> msg.QueuePosition:
    return msg.QueuePosition(
        domain="default", epoch=epoch, entry_id=entry, position=4, ewt_low_s=20.0, ewt_high_s=70.0
    )


def test_a_position_is_announced_to_the_caller_who_waits() -> None:
    play, entry = queued()
    command = play.said(position(entry)).one(base.Announce)
    assert (command.call_id, command.position) == ("c1", 4)
    assert (command.ewt_s_min, command.ewt_s_max) == (20.0, 70.0)
    play.event(base.CallConnected(call_id="c1", agent="anna", queue="sales"))
    assert not play.said(position(entry)).all(base.Announce)


def test_answers_that_keep_the_call_keep_its_entry() -> None:
    for outcome in (msg.RouteOutcome.STAY, msg.RouteOutcome.ACT_LOCALLY):
        play, entry = queued()
        (asked,) = play.wait(31.0).sent(msg.RouteRequest)
        told(play, asked, outcome)
        assert play.daemon.view(play.now_s).calls[0].entry_id == entry


def test_a_new_leader_is_not_asked_for_it_has_the_queue() -> None:
    play, _ = queued()
    play.said(msg.NotLeading(domain="default", request_id="", leader=""))
    higher = msg.Epoch(generation=1, revision=9)
    play.wait(1.0)
    play.said(msg.Leading(domain="default", epoch=higher, node="n2"), node="n2")
    assert not play.wait(5.0).sent(msg.RouteRequest)


def test_with_a_ready_agent_at_home_the_entry_is_still_not_asked_about() -> None:
    play, _ = queued()
    play.event(agent_of("berta"))
    assert not play.wait(40.0).sent(msg.RouteRequest)
