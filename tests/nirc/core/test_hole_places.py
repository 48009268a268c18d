"""Places by name, and shown to people."""

from __future__ import annotations

from nirc.core.choice import Target
from nirc.core.hole_places import AGENT, PATH, QUEUE, Place, keys_of, place_told, view_of
from nirc.core.outcome_window import LASTED, SHORT
from nirc.core.paths import PathTable
from nirc.core.settings import RouterSettings
from nirc.core.suspension import TALK

SETTINGS = RouterSettings()


def test_places_of_a_target() -> None:
    ladder = PathTable(SETTINGS).ladder("lisbon", "carrier", "porto", False)
    target = Target("porto", "sales", 1, True, 0.0, ladder, agent="anna")
    assert keys_of(target) == [(QUEUE, "porto", "sales"), (AGENT, "porto", "anna")]


def test_words() -> None:
    told = [place_told((kind, "porto", "x")) for kind in (QUEUE, AGENT, PATH)]
    assert told == ["porto/x", "agent porto/x", "path x to porto"]


def test_a_place_for_people() -> None:
    place = Place(SETTINGS, "sales")
    for what in (LASTED, SHORT, SHORT):
        place.windows[TALK].add(what, 100.0)
    view = view_of((QUEUE, "porto", "sales"), place, 101.0)
    assert (view.phase, view.counts, view.share) == ("open", {LASTED: 1, SHORT: 2}, 1.0)
    place.suspension.suspend(TALK, "bad", 101.0)
    place.clear()
    view = view_of((QUEUE, "porto", "sales"), place, 106.0)
    assert (view.phase, view.counts, view.share, view.since_s) == ("suspended", {}, 0.0, 5.0)
    assert view.next_probe_s == 15.0 and view.reason == "bad"
