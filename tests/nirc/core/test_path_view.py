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


def test_one_bad_test_call_of_a_method_is_bad_and_not_too_old() -> None:
    names = ("lisbon", "porto")
    path = (
        "kind: Path\nmetadata: {name: lisbon-out}\nspec: {from_site: lisbon, trunk_group: carrier,"
        " to_site: '*', methods: [refer], acted_on_by: carrier, arrives_on: network,"
        " set_up_p99_s: 0.5, proven: true}\n"
    )
    docs = documents(names, more={"Path/lisbon-out": path})
    book = leading(*[FakeSite(name) for name in names], docs=docs)
    active = book.router._parts.active
    active.proofs.bad("lisbon-out by refer", "refused (405)", 100.0, "porto")
    through = {one.method: one.state for one in path_views(active, 130.0)[0].through}
    assert through["refer"] == "bad"
