"""A settings file is read whole and typed, or refused with its place and a remedy."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from nirc.config import load_config, parse_config
from nirc.errors import SettingsError

GOOD: dict[str, Any] = {
    "node": "n1",
    "data_dir": "data",
    "link": {"listen": "127.0.0.1:7001"},
    "peers": [{"name": "n2", "address": "127.0.0.1:7002"}],
    "etcd": {"members": ["127.0.0.1:2379"]},
    "redis": {"url": "unix:///run/redis.sock"},
    "admin": {"listen": "127.0.0.1:8001"},
}


def written(folder: Path, settings: object) -> Path:
    path = folder / "node.yaml"
    path.write_text(settings if isinstance(settings, str) else yaml.safe_dump(settings))
    return path


def test_a_good_file_with_paths_from_its_own_folder(tmp_path: Path) -> None:
    more = {**GOOD, "router": {"quiet_s": 2.5}, "link": {**GOOD["link"], "tls": None}}
    config = load_config(written(tmp_path, more))
    assert config.data_dir == tmp_path / "data"
    assert config.token_file == tmp_path / "data" / "admin.token"
    assert config.router_settings.quiet_s == 2.5
    assert config.etcd.ttl_s == 2 and config.peers[0].name == "n2"


@pytest.mark.parametrize(
    ("change", "place", "words"),
    [
        ({"colour": "red"}, "colour", "unknown setting"),
        ({"node": "N 1"}, "node", "small letters"),
        ({"link": {"listen": "7001"}}, "link.listen", "host:port"),
        ({"etcd": {"members": []}}, "etcd.members", "at least 1"),
        ({"etcd": {"members": ["a:1"], "ttl_s": "two"}}, "etcd.ttl_s", "whole number"),
        ({"redis": {"url": "http://x"}}, "redis.url", "unix:///run"),
        ({"peers": [{"name": "n2"}]}, "peers[0].address", "missing"),
        ({"peers": [{"name": "n1", "address": "a:1"}]}, "peers[0].name", "n1 stands twice"),
        ({"peers": [{"name": "n2", "address": "a:70000"}]}, "peers[0].address", "1 to 65535"),
        (
            {"peers": [{"name": "n2", "address": "a:1", "admin": "n2:1"}]},
            "peers[0].admin",
            "a URL without a path",
        ),
        ({"etcd": {"members": ["a:1"], "tls": {"ca": "no.pem"}}}, "etcd.tls.ca", "no.pem"),
        ({"admin": {"listen": "a:1", "token_file": "not/yet"}, "redis": 1}, "redis", "section"),
        ({"router": {"speed": 3}}, "router.speed", "unknown limit (known: "),
        ({"router": {"quiet": 3}}, "router.quiet", "did you mean quiet_s?"),
        ({"router": {"quiet_s": -1}}, "router.quiet_s", "below 0"),
    ],
)
def test_what_is_wrong_is_named(
    tmp_path: Path, change: dict[str, object], place: str, words: str
) -> None:
    path = written(tmp_path, {**GOOD, **change})
    with pytest.raises(SettingsError) as caught:
        load_config(path)
    file, line, inside = caught.value.place.split(":")
    assert file == str(path) and inside == f" {place}" and int(line) > 0
    assert words in str(caught.value)


@pytest.mark.parametrize("text", ["", "- 1\n", "a: [", "node: !!python/object:os.x {}\n", "\t: x"])
def test_what_is_no_settings_file(tmp_path: Path, text: str) -> None:
    with pytest.raises(SettingsError) as caught:
        parse_config(text, source="node.yaml", folder=tmp_path)
    assert caught.value.place.startswith("node.yaml")


def test_a_setting_given_twice_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="is given twice") as caught:
        parse_config("node: n1\nnode: n2\n", source="node.yaml", folder=tmp_path)
    assert caught.value.place == "node.yaml:2: node"


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="cannot be read"):
        load_config(tmp_path / "absent.yaml")
    binary = tmp_path / "binary.yaml"
    binary.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(SettingsError, match="UTF-8"):
        load_config(binary)
    huge = tmp_path / "huge.yaml"
    huge.write_bytes(b"#" * (2 << 20))
    with pytest.raises(SettingsError, match="bytes"):
        load_config(huge)


def test_a_typing_mistake_comes_before_what_it_left_missing(tmp_path: Path) -> None:
    text = "node: n1\nlink: {listen: a:1}\netcd:\n  membrs: [a:1]\nadmin: {listen: a:2}\n"
    with pytest.raises(SettingsError) as caught:
        parse_config(text, source="n.yaml", folder=tmp_path)
    assert str(caught.value).splitlines() == [
        "n.yaml:4: etcd.membrs: unknown setting (did you mean members?)",
        "n.yaml:1: data_dir: is missing (add it)",
        "n.yaml:3: etcd.members: is missing (add it)",
    ]
