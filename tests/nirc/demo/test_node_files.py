from itertools import count
from pathlib import Path

from nirc.config import parse_config
from nirc.demo.layout import NetworkShape, build_layout
from nirc.demo.node_files import keeper_command, node_command, node_yaml, token_file
from nirc.demo.site_files import TlsPaths

LAYOUT = build_layout(NetworkShape(etcd_count=3), count(20_000).__next__)


def test_a_node_takes_its_file_and_knows_the_others(tmp_path: Path) -> None:
    tls = TlsPaths(ca=tmp_path / "ca", cert=tmp_path / "cert", key=tmp_path / "key")
    for file in (tls.ca, tls.cert, tls.key):
        file.touch()
    node = LAYOUT.nodes[1]
    text = node_yaml(LAYOUT, node, tmp_path, valkey=tmp_path / "valkey.sock", tls=tls)
    config = parse_config(text, source="node.yaml", folder=tmp_path)
    assert config.node == "n2"
    assert [peer.name for peer in config.peers] == ["n1", "n3"]
    assert config.etcd.members == tuple(member.endpoint for member in LAYOUT.etcd)
    assert config.token_file == token_file(tmp_path)
    assert config.link.tls is not None
    assert config.redis is not None


def test_records_are_kept_in_one_folder_of_all_nodes(tmp_path: Path) -> None:
    layout = build_layout(NetworkShape(keeps_records=True), count(20_000).__next__)
    folders = set()
    for node in layout.nodes:
        folder = tmp_path / node.name
        text = node_yaml(layout, node, folder, valkey=tmp_path / "s", tls=None)
        config = parse_config(text, source="node.yaml", folder=folder)
        assert config.records is not None and config.admin.history.interval_s == 15.0
        folders.add(config.records.folder)
    assert folders == {tmp_path / "records"}
    assert keeper_command(tmp_path / "node.yaml")[:4] == ["-m", "nirc", "records", "keep"]


def test_without_certificates_the_link_is_plain(tmp_path: Path) -> None:
    text = node_yaml(LAYOUT, LAYOUT.nodes[0], tmp_path, valkey=tmp_path / "s", tls=None)
    assert parse_config(text, source="node.yaml", folder=tmp_path).link.tls is None
    assert node_command(tmp_path / "node.yaml")[-1].endswith("node.yaml")
