from routing_policies.network_kinds import Ageing
from site_agent.adapters.sip_acd.settings import LimitSettings, QueueSettings
from site_agent.adapters.sip_acd.waiting import WaitingCall, WaitingLine


def line(**changes: object) -> WaitingLine:
    return WaitingLine(
        QueueSettings(name="sales", places_max=3, aht_s=60.0),
        LimitSettings(aht_window_s=100.0, aht_calls_max=2),
    )


def add(waiting: WaitingLine, name: str, at_s: float, priority: int = 0, head: bool = False):
    call = WaitingCall(name, "sales", at_s, priority)
    waiting.add(call, head=head)
    return call


def test_order_is_head_then_priority_then_age():
    waiting = line()
    young = add(waiting, "young", 5.0)
    old = add(waiting, "old", 1.0)
    vip = add(waiting, "vip", 9.0, priority=5)
    order = []
    for _ in range(3):
        call = waiting.first_free()
        assert call is not None
        order.append(call.call_id)
        call.free = False
    assert order == ["vip", "old", "young"]
    for call in (young, old, vip):
        call.free = True
    waiting.to_head(young)
    assert waiting.first_free() is young
    assert waiting.oldest_offered_at_s() == 1.0


def test_a_call_in_motion_keeps_its_place_and_is_skipped():
    waiting = line()
    first, second = add(waiting, "first", 1.0), add(waiting, "second", 2.0)
    first.free = False
    assert waiting.first_free() is second
    assert waiting.waiting_count == 2
    first.free = True
    assert waiting.first_free() is first


def test_places_count_waiting_calls_and_holds():
    waiting = line()
    add(waiting, "a", 1.0)
    waiting.places_held_count = 1
    assert waiting.has_place()
    waiting.places_held_count = 2
    assert not waiting.has_place()
    waiting.places_held_count = 0
    waiting.open = False
    assert not waiting.has_place()


def test_mean_handle_time_looks_back_over_a_window_and_a_count():
    waiting = line()
    assert waiting.aht_s(0.0) == 60.0
    for at_s, handle_s in ((1.0, 1000.0), (2.0, 10.0), (3.0, 20.0)):
        waiting.note_handled(handle_s, at_s)
    assert waiting.aht_s(3.0) == 15.0
    assert waiting.aht_s(102.5) == 20.0
    assert waiting.aht_s(200.0) == 60.0


def test_priority_grows_with_waiting_up_to_its_most():
    waiting = line()
    old = add(waiting, "old", 0.0)
    add(waiting, "vip", 50.0, priority=3)
    waiting.age(old, Ageing(every_s=30.0, most=3))
    waiting.grow(60.0)
    assert waiting.first_free().call_id == "vip", "two steps so far"
    waiting.grow(89.9)
    assert waiting.first_free().call_id == "vip"
    waiting.grow(90.0)
    assert waiting.first_free() is old, "as high, and older"
    waiting.grow(10_000.0)
    assert old.rank[1] == -3 and waiting._growing == []


def test_a_call_that_left_or_ages_otherwise_now_is_no_trouble():
    waiting = line()
    call = add(waiting, "old", 0.0)
    waiting.age(call, Ageing(every_s=30.0, most=3))
    waiting.grow(1.0)
    waiting.age(call, Ageing(every_s=10.0, most=9))
    waiting.grow(25.0)
    assert call.rank[1] == -2
    waiting.remove(call)
    waiting.grow(1_000.0)
    assert waiting.first_free() is None


def test_an_emergency_call_is_first_whatever_others_have_become():
    waiting = line()
    head = add(waiting, "head", 0.0, priority=10, head=True)
    call = WaitingCall("sos", "sales", 99.0, 0, emergency=True)
    waiting.add(call, head=False)
    waiting.age(head, Ageing(every_s=1.0, most=10))
    waiting.age(call, Ageing(every_s=1.0, most=10))
    waiting.grow(100.0)
    assert waiting.first_free() is call and call.grows_at_s > 1e9
