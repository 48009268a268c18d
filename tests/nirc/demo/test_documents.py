from itertools import count

from nirc.demo.documents import documents
from nirc.demo.layout import NetworkShape, SiteKind, build_layout, with_kinds
from routing_policies.document import load_document

LAYOUT = build_layout(NetworkShape(), count(20_000).__next__)


def test_every_document_is_what_a_node_would_take() -> None:
    for key, text in documents(LAYOUT).items():
        kind, _, name = key.partition("/")
        document = load_document(text, source=key)
        assert (document.kind, document.name) == (kind, name)


def test_paths_offer_only_what_the_trunk_group_allows() -> None:
    texts = documents(LAYOUT)
    assert load_document(texts["Path/lisbon-carrier"], source="").spec.methods == (
        "redirect_302",
        "refer",
        "bridge",
    )
    for trunk in ("pbx", "legacy"):
        path = load_document(texts[f"Path/lisbon-{trunk}"], source="")
        assert path.spec.methods == ("refer", "bridge")


def test_the_site_table_leads_to_every_trunk_group() -> None:
    table = load_document(documents(LAYOUT)["SiteTable/network"], source="")
    known = {(one.site, one.trunk_group, one.port) for one in table.spec.addresses}
    for site in LAYOUT.sites:
        assert (site.name, "network", site.network_port) in known
        assert all((site.name, one.shape.name, one.port) in known for one in site.trunks)


def test_number_lists_that_ready_policies_name_are_there() -> None:
    tenant = load_document(documents(LAYOUT)["Tenant/default"], source="")
    assert {one.name for one in tenant.spec.lists} == {"key-customers", "blocked"}


def test_an_asterisk_is_reached_by_its_carriers_trunk_group() -> None:
    shape = with_kinds(NetworkShape(), (SiteKind.ASTERISK,))
    texts = documents(build_layout(shape, count(20_000).__next__))
    arrives = {
        name: load_document(texts[f"Path/porto-pbx-{name}"], source="").spec.arrives_on
        for name in ("lisbon", "faro")
    }
    assert arrives == {"lisbon": "carrier", "faro": "network"}
    path = load_document(texts["Path/lisbon-carrier"], source="").spec
    assert (path.to_site, path.methods) == ("*", ("refer", "bridge"))
    table = load_document(texts["SiteTable/network"], source="")
    groups = {one.trunk_group for one in table.spec.addresses if one.site == "lisbon"}
    assert groups == {"carrier", "public"}
