"""Which site a test call over a path to many goes to."""

from __future__ import annotations

from playbook import Playbook
from router_network import FakeSite, documents, leading

from nirc.core.path_proofs import TO
from nirc.core.probe_targets import ProbeTargets
from routing_policies.document import PathDoc

NAMES = ("braga", "faro", "lisbon", "porto")


def network(more: dict[str, str] | None = None, there: tuple[str, ...] = NAMES) -> Playbook:
    return leading(*[FakeSite(name) for name in there], docs=documents(NAMES, more=more))


def targets(book: Playbook) -> tuple[ProbeTargets, PathDoc]:
    paths = book.router._parts.active.all_paths()
    out = next(path for path in paths if path.name == "lisbon-out")
    return ProbeTargets(book.router._parts), out


def test_each_in_its_turn_and_one_that_was_bad_once_twice() -> None:
    book = network()
    found, out = targets(book)
    proofs = book.router._parts.active.proofs
    assert [found.in_turn(out, "") for _ in range(4)] == ["braga", "faro", "porto", "braga"]
    proofs.bad(out.name, "busy", 10.0, "braga")
    assert found.in_turn(out, "") == "braga"
    assert found.in_turn(out, "") == "faro", "its second try said nothing new"
    assert found.in_turn(out, "refer") == "braga", "each way has its own turn"
    for _ in range(2):
        proofs.bad(out.name, "busy", 20.0, "faro")
    assert proofs.of(out.name + TO + "faro").bad_count == 2
    assert found.in_turn(out, "") == "porto"
    found.keep(set())
    assert found.in_turn(out, "") == "braga"


def test_sites_out_of_reach_are_left_out_but_for_a_network_without_any() -> None:
    found, out = targets(network(there=("lisbon", "porto")))
    assert [found.in_turn(out, "") for _ in range(2)] == ["porto", "porto"]
    assert (found.of(out, ""), found.of(out, "faro")) == ("porto", "faro")


def test_a_site_that_it_cannot_lead_to_has_no_turn_and_is_told_why() -> None:
    row = "{site: porto, trunk_group: network, host: 192.0.2.2, port: 5062}"
    table = f"kind: SiteTable\nmetadata: {{name: all}}\nspec: {{addresses: [{row}]}}\n"
    found, out = targets(network(more={"SiteTable/all": table}))
    assert [found.in_turn(out, "") for _ in range(2)] == ["porto", "porto"]
    assert found.not_led_to(out, "porto") == ""
    assert found.not_led_to(out, "lisbon") == "it begins at lisbon; it leads to porto"
    assert found.not_led_to(out, "nosite") == "there is no Site nosite; it leads to porto"
