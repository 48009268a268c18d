from itertools import count
from pathlib import Path

import yaml

from nirc.demo.layout import NetworkShape, SiteShape, build_layout
from nirc.demo.site_files import TlsPaths, history_path, site_yaml

LAYOUT = build_layout(NetworkShape(), count(20_000).__next__)
SITE = LAYOUT.site("porto")


def test_a_site_knows_every_node_and_its_own_agents(tmp_path: Path) -> None:
    settings = yaml.safe_load(site_yaml(LAYOUT, SITE, tmp_path, None))
    assert [node["name"] for node in settings["nodes"]] == ["n1", "n2", "n3"]
    assert [agent["name"] for agent in settings["acd"]["agents"]] == list(SITE.agents)
    assert settings["history_file"] == str(history_path(tmp_path))
    assert "tls" not in settings


def test_trunk_groups_differ_in_how_calls_may_be_moved(tmp_path: Path) -> None:
    groups = yaml.safe_load(site_yaml(LAYOUT, SITE, tmp_path, None))["acd"]["trunk_groups"]
    allow = {group["name"]: group.get("allow") for group in groups}
    assert allow == {
        "carrier": {"redirect_302": True, "refer": True},
        "pbx": {"redirect_302": False, "refer": True},
        "legacy": {"redirect_302": False, "refer": True},
        "network": None,
    }
    assert groups[-1]["kind"] == "network"


def test_certificates_are_named_when_there_are_some(tmp_path: Path) -> None:
    tls = TlsPaths(ca=tmp_path / "ca", cert=tmp_path / "cert", key=tmp_path / "key")
    settings = yaml.safe_load(site_yaml(LAYOUT, SITE, tmp_path, tls))
    assert settings["tls"] == tls.as_document()


def test_the_two_of_a_pair_share_what_must_outlive_one_and_nothing_else(tmp_path: Path) -> None:
    shape = NetworkShape(sites=(SiteShape(name="lisbon", agents=("anna",), is_pair=True),))
    layout = build_layout(shape, count(20_000).__next__)
    site = layout.sites[0]
    first, second = site.members
    assert (first.process, second.process) == ("lisbon", "lisbon-b")
    one, two = (
        yaml.safe_load(site_yaml(layout, site, tmp_path, None, member)) for member in site.members
    )
    assert one["incarnation_file"] == two["incarnation_file"] == str(tmp_path / "pair/state.json")
    assert one["pair"] == {"name": "a", "folder": str(tmp_path / "pair"), "hosts": "one"}
    assert two["pair"]["name"] == "b"
    for name in ("history_file", "local_http"):
        assert one[name] != two[name]
    assert one["acd"] == two["acd"]
