"""Every kind of record that is written has a reader."""

from restarted_play import begun, restarted
from site_playbook import held, move_answer, offered

from nrcli.wire import messages as msg
from site_agent.adapters.base import CallAnswered


def test_all_kinds_are_kept_and_found_again_by_the_next_process() -> None:
    play = begun()
    play.event(offered("c1"))
    request = play.sent(msg.RouteRequest)[0]
    play.event(CallAnswered(call_id="c1"))
    play.said(move_answer(request.request_id, msg.TransferMethod.REFER))
    held(play)
    play.said(msg.Cancel(token="nirc-x", request_id="r", from_site="porto", to_site="lisbon"))
    play.said(move_answer("other", msg.TransferMethod.REFER, token="nirc-declined"))
    assert play.kinds() == ["call", "cancel", "hold", "move", "tombstone"]
    again = restarted(play)
    view = again.daemon.view(again.now_s)
    assert (view.moves_open_count, view.holds_open_count) == (0, 1) or view.moves_open_count == 1
