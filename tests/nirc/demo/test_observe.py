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


def test_the_leader_is_the_one_most_sites_obey() -> None:
    said = [{"leading_node": name} for name in ("n1", "n2", "n2", "")]
    assert observe.leader_of({str(i): one for i, one in enumerate(said)}) == "n2"
    assert observe.leader_of({}) == ""


def test_what_is_left_over_is_named() -> None:
    assert observe.channels_held({"lisbon": LISBON}) == 3
    assert observe.left_over({"lisbon": LISBON, "porto": {}}) == {
        "lisbon calls": 2,
        "lisbon requests": 1,
        "lisbon channels": 3,
    }
