"""An answered call is written when it changes, and dropped at its end."""

import json

from acd_bench import Bench

from site_agent.adapters.sip_acd.kept_calls import CALL_KIND, RING_KIND
from site_agent.adapters.sip_acd.kept_invites import INVITE_KIND


def test_a_call_is_kept_from_its_answer_to_its_end() -> None:
    bench = Bench(anna_ready=False)
    call_id = bench.call()
    assert (CALL_KIND, call_id) not in bench.acd.kept
    bench.wire.advance(2.0)
    (where,) = bench.acd.kept
    assert where == (CALL_KIND, call_id)
    value = json.loads(bench.acd.kept[where])
    assert (value["hears"], value["joined"], "far" in value) == ("player", False, False)
    bench.ready(True)
    bench.wire.advance(1.0)
    value = json.loads(bench.acd.kept[where])
    assert (value["hears"], value["agent"], value["far"]["role"]) == ("far", "anna", "agent")
    bench.finish()
    assert not bench.acd.kept


def test_a_phone_is_kept_while_it_rings() -> None:
    bench = Bench()
    bench.anna.answer_after_s = None
    bench.call()
    assert [kind for kind, _ in bench.acd.kept if kind != INVITE_KIND] == [RING_KIND]
    bench.caller.hang_up(bench.leg)
    bench.wire.settle()
    assert not bench.acd.kept


def test_nothing_is_written_where_nothing_changed() -> None:
    bench = Bench()
    bench.call()
    bench.wire.advance(2.0)
    before = dict(bench.acd.kept)
    writes = []
    bench.acd._keep = writes.append  # type: ignore[method-assign]
    bench.wire.advance(60.0)
    assert not writes and bench.acd.kept == before
    del bench.acd._keep
