from pathlib import Path

import yaml

from nirc.demo.documents import documents
from nirc.demo.layout import NetworkShape, SiteKind, build_layout, with_kinds
from nirc.demo.peer_plan import NAME, PlanKeys, peer_plan
from nirc.demo.ports import PortTaker
from nrcli.wire.signatures import check_signature, public_key
from routing_policies.document import assemble

LAYOUT = build_layout(NetworkShape(), PortTaker())


def test_the_plan_fits_the_networks_documents_and_names_every_site() -> None:
    text = peer_plan(LAYOUT, now_unix_s=1_790_000_000.0)
    texts = documents(LAYOUT) | {NAME: text}
    joined = assemble({key: (one, 1) for key, one in texts.items()}, 1)
    assert joined.texts[NAME][0] == text
    for site in LAYOUT.sites:
        assert f"port: {site.network_port}" in text


def test_it_is_signed_with_keys_made_once(tmp_path: Path) -> None:
    keys = PlanKeys(tmp_path)
    signed = keys.sign("a: 1\n")
    again = PlanKeys(tmp_path)
    check_signature(signed, public_key(again.public))
    assert Path(str(again.as_setting()["call_key_file"])).exists()


def test_an_asterisk_is_a_peer_by_tokens_that_fit_its_extensions() -> None:
    layout = build_layout(with_kinds(NetworkShape(), (SiteKind.ASTERISK,)), PortTaker())
    spec = yaml.safe_load(peer_plan(layout, now_unix_s=1_790_000_000.0))["spec"]
    assert spec["tokens"] == "short"
    for service in spec["services"]:
        assert [peer["site"] for peer in service["peers"]] == ["lisbon", "porto", "faro"]
