"""How a path is shown."""

from __future__ import annotations

from router_network import FakeSite, documents, leading

from nirc.core.path_view import TargetView, path_views


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


def test_of_a_path_to_many_the_targets_that_fail_are_shown_and_the_rest_is_as_it_was() -> None:
    names = ("faro", "lisbon", "porto")
    book = leading(*[FakeSite(name) for name in names], docs=documents(names, proven="false"))
    active = book.router._parts.active
    active.proofs.good("lisbon-out", 0.4, 100.0, "faro")
    active.proofs.bad("lisbon-out by refer", "it refuses the REFER (405)", 110.0, "faro")
    for at_s in (120.0, 130.0):
        active.proofs.bad("lisbon-out", "refused (404)", at_s, "porto")
    view = next(one for one in path_views(active, 140.0) if one.path == "lisbon-out")
    assert (view.state, view.used, view.proved_s_ago) == ("proved", True, 40.0)
    porto, faro = view.bad_targets
    assert porto == TargetView(
        to_site="porto", method="", state="failing", tried_s_ago=10.0, problem="refused (404)"
    )
    assert (faro.to_site, faro.method, faro.state) == ("faro", "refer", "bad")
    for at_s in (150.0, 160.0):
        active.proofs.bad("lisbon-out", "refused (404)", at_s, "faro")
    view = next(one for one in path_views(active, 170.0) if one.path == "lisbon-out")
    assert (view.state, view.used) == ("failing", True), "there is no other way"
    active.proofs.good("lisbon-out", 0.4, 180.0, "porto")
    view = next(one for one in path_views(active, 190.0) if one.path == "lisbon-out")
    assert view.state == "proved" and [one.to_site for one in view.bad_targets] == ["faro", "faro"]
