"""What was broken when."""

from math import inf

from simulator.checkers.faults_told import Stops, faults_of
from simulator.history import Line


def at(at_s: float, kind: str, **fields: object) -> Line:
    return Line(at_s=at_s, site="", kind=kind, fields=dict(fields))


def test_faults_begin_and_end_by_their_names() -> None:
    begun = {"effect": "links", "nodes": "n1,n2", "sites": "porto", "nodes_count": 3}
    lines = [
        at(1.0, "fault_begun", fault="a", what="link", **begun),
        at(2.0, "fault_begun", fault="b", what="store", effect="store", nodes_count=3),
        at(5.0, "fault_ended", fault="a"),
    ]
    cut, store = faults_of(lines)
    assert (cut.nodes, cut.sites, cut.nodes_count) == ({"n1", "n2"}, {"porto"}, 3)
    assert (cut.from_s, cut.until_s, store.until_s) == (1.0, 5.0, inf)


def test_stops_of_one_site_are_added_without_counting_twice() -> None:
    stop = {"effect": "site_stopped"}
    stops = Stops(
        [
            at(1.0, "fault_begun", fault="a", sites="porto", **stop),
            at(2.0, "fault_begun", fault="b", **stop),
            at(4.0, "fault_ended", fault="a"),
            at(6.0, "fault_ended", fault="b"),
            at(8.0, "fault_begun", fault="c", sites="lisbon", **stop),
        ]
    )
    assert stops.s("porto", 0.0, 10.0) == 5.0
    assert stops.s("porto", 3.0, 5.0) == 2.0
    assert stops.s("porto", 7.0, 9.0) == 0.0
