"""How a path is shown."""

from __future__ import annotations

from router_network import FakeSite, documents, leading

from nirc.core.path_view import path_views


def test_each_path_is_shown_with_what_proves_it() -> None:
    names = ("lisbon", "porto")
    docs = documents(names, proven="false")
    book = leading(*[FakeSite(name) for name in names], docs=docs)
    active = book.router._parts.active
    active.proofs.good("lisbon-out", 0.4, 100.0)
    active.proofs.bad("porto-out", "refused", 100.0)
    first, second = path_views(active, 130.0)
    assert (first.path, first.state, first.used) == ("lisbon-out", "proved", True)
    assert (first.proved_s_ago, first.p99_measured_s, first.p99_s) == (30.0, 0.4, 0.5)
    assert (second.state, second.used, second.problem) == ("unproved", False, "refused")
    assert (second.proved_s_ago, second.tried_s_ago) == (None, 30.0)
    active.proofs.time(1e7)
    assert path_views(active, 1e7)[0].state == "too_old"
