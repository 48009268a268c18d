from itertools import count

from nirc.demo import observe
from nirc.demo.layout import NetworkShape, build_layout

LAYOUT = build_layout(NetworkShape(), count(20_000).__next__)
LISBON = {
    "leading_node": "n2",
    "queues": [
        {
            "queue": "sales",
            "ready_count": 1,
            "reserved_count": 0,
            "busy_count": 2,
            "waiting_count": 3,
        }
    ],
    "agents": [{"agent": "anna", "state": "working_after_call", "queues": {"sales": 5}}],
    "trunks": [{"channels_used_count": 2, "channels_reserved_count": 1}],
    "calls": [{}, {}],
    "holds_open_count": 0,
    "requests_open_count": 1,
    "moves_open_count": 0,
    "cancels_open_count": 0,
    "alarms": [{"code": "x", "place": "", "text": "no answer from n1"}],
}


def test_the_scene_shows_what_the_processes_said() -> None:
    phones = {"calls": 7, "agents": [{"site": "lisbon", "in_call": True}]}
    scene = observe.scene(
        LAYOUT,
        title="7 calls",
        site_status={"lisbon": LISBON},
        phones=phones,
        pids={"n2": 42},
        running=frozenset({"n2", "lisbon"}),
        leader="n2",
    )
    lisbon, porto, _ = scene.sites
    assert (lisbon.linked, lisbon.agents_in_call, lisbon.agents_total) == (True, 1, 3)
    assert (lisbon.queues[0].waiting, lisbon.queues[0].acw) == (3, 1)
    assert (porto.linked, porto.queues) == (False, ())
    assert [(node.leads, node.running) for node in scene.nodes] == [
        (False, False),
        (True, True),
        (False, False),
    ]
    assert scene.alarms == ("lisbon: no answer from n1",)
    assert scene.counts == {"calls": 7}


def test_calls_of_ones_own_are_counted_by_the_sites() -> None:
    counters = {"offered": 5, "connected": 3, "moved_bridge": 2, "moved_redirect_302": 1}
    lisbon = {**LISBON, "counters": counters}
    queue = {**LISBON["queues"][0], "waiting_count": 0, "abandoned_count": 1}
    porto = {"counters": {"connected": 2}, "queues": [queue]}
    counted = observe.own_calls({"lisbon": lisbon, "porto": porto})
    assert counted == {
        "offered": 5,
        "waiting": 3,
        "served": 5,
        "moved_302": 1,
        "moved_refer": 0,
        "moved_bridge": 2,
        "abandoned": 1,
    }
    scene = observe.scene(
        LAYOUT,
        title="your own calls",
        site_status={"lisbon": lisbon, "porto": porto},
        phones={"calls": 0},
        pids={},
        running=frozenset(),
        leader="",
        has_own_calls=True,
    )
    assert scene.counts == counted
    assert scene.sites[0].agents == {"working_after_call": 1}


def test_what_is_left_over_is_named() -> None:
    assert observe.channels_held({"lisbon": LISBON}) == 3
    assert observe.left_over({"lisbon": LISBON, "porto": {}}) == {
        "lisbon calls": 2,
        "lisbon requests": 1,
        "lisbon channels": 3,
    }
