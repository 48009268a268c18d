"""Announcements, rejections, ageing, closed queues."""

from sim_world import floor_of, one_site, try_of

from simulator.world.acd_words import Words
from site_agent.adapters import base


def test_words_to_callers() -> None:
    floor, _, ears = floor_of(one_site(0))
    words = Words(floor)
    leg = try_of(1).new_leg(0, 0)
    floor.legs[leg.call_id] = leg
    leg.queue = 0
    floor.use(0, 1)
    floor.seek(leg)
    floor.told.take()

    def done(command: base.AcdCommand) -> list[base.AcdEvent]:
        words.table[type(command)](command)
        return floor.told.take()

    played = done(base.PlayAnnouncement(call_id=leg.call_id, name="busy"))
    assert [type(event) for event in played] == [base.CallAnswered, base.AnnouncementOver]
    done(base.SetAgeing(call_id=leg.call_id, every_s=4, most=5))
    assert leg.ageing is not None
    done(base.Announce(call_id=leg.call_id, position=1, ewt_s_min=1, ewt_s_max=2))
    assert ears.heard[-1] == ("told_wait", leg)
    done(base.SetQueueClosed(queue="sales", closed=True))
    assert floor.lines[0].closed
    done(base.SetQueueShifted(queue="sales", shifted=True))
    assert floor.lines[0].shifted
    [ended, *_] = done(base.RejectCall(call_id=leg.call_id, reason="busy"))
    assert isinstance(ended, base.CallEnded)
    assert ended.sip_status == 486
    assert leg.over
