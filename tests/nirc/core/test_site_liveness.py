"""Alive, suspect, dead: the table is complete, and silence is found in time."""

from __future__ import annotations

from itertools import product

from nirc.core.settings import RouterSettings
from nirc.core.site_liveness import MOVES, Liveness, Sign, SiteLiveness


def test_every_pair_is_listed() -> None:
    assert set(MOVES) == set(product(Liveness, Sign))


def test_silence_makes_suspect_then_dead_and_a_word_revives() -> None:
    liveness = SiteLiveness(RouterSettings(quiet_s=1.0, dead_s=2.0))
    liveness.link_up("porto", 10.0)
    assert liveness.tick(10.9) == []
    assert liveness.tick(11.0) == [("porto", Liveness.SUSPECT)]
    assert liveness.tick(12.0) == [("porto", Liveness.DEAD)]
    assert liveness.hear("porto", 12.1)
    assert liveness.of("porto") is Liveness.ALIVE


def test_without_a_stream_nothing_is_heard() -> None:
    liveness = SiteLiveness(RouterSettings())
    assert not liveness.hear("porto", 1.0)
    liveness.link_down("porto")
    assert liveness.of("porto") is Liveness.DEAD
    liveness.link_up("porto", 1.0)
    liveness.link_down("porto")
    assert liveness.of("porto") is Liveness.DEAD
    assert liveness.linked_sites() == ()
