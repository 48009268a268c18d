"""A site agent's file: read, typed, and refused with place and remedy."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from site_agent.config import load_config, parse_config
from site_agent.config_parts import split_address
from site_agent.errors import ConfigError

GOOD: dict[str, Any] = {
    "site": "lisbon",
    "incarnation_file": "/x/state.json",
    "nodes": [{"name": "n1", "address": "127.0.0.1:7001"}],
    "acd": {
        "kind": "sip_acd",
        "trunk_groups": [
            {
                "name": "carrier",
                "listen": "127.0.0.1:5061",
                "peers": ["127.0.0.0/8"],
                "channels_max": 20,
                "min_free": 5,
                "answer_after_s": 1.0,
                "numbers": {"*": "sales"},
            }
        ],
        "media": {"kind": "player"},
        "queues": [{"name": "sales", "max_loan": 3, "min_reserve": 1}],
        "agents": [{"name": "anna", "contact": "sip:a@127.0.0.1:6001", "queues": {"sales": 5}}],
    },
}


def changed(path: str, value: Any) -> str:
    data = yaml.safe_load(yaml.safe_dump(GOOD))
    *folders, last = path.split("/")
    place: Any = data
    for folder in folders:
        place = place[int(folder) if folder.isdigit() else folder]
    if value is None:
        del place[last]
    else:
        place[int(last) if last.isdigit() else last] = value
    return yaml.safe_dump(data)


def test_addresses_of_both_families_are_split() -> None:
    assert split_address("[::1]:5060") == ("::1", 5060)


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        ("acd/media", None, "answer_after_s needs `media`"),
        ("acd/trunk_groups/0/channels_max", "ten", "acd.trunk_groups[0].channels_max"),
        ("acd/trunk_groups/0/min_free", 20, "leaves nothing"),
        ("acd/trunk_groups/0/listen", "nowhere", "host:port"),
        ("acd/trunk_groups/0/peers", ["300.0.0.0/8"], "peers[0]"),
        ("acd/trunk_groups/0/numbers", {"*": "other"}, 'no queue "other"'),
        ("acd/agents/0/queues", {"other": 5}, 'no queue "other"'),
        ("acd/kind", "magic", "acd"),
        ("sitee", "x", "unknown setting (did you mean site?)"),
        ("site", None, "is missing"),
        ("acd/media", {"kind": "announcement_server"}, "uri"),
        ("overflow", {"deadline_s": 99}, "overflow.deadline_s"),
        ("acd/trunk_groups/0/listen", "0.0.0.0:5060", "media.rtp_address: callers cannot"),
        ("acd/media/rtp_listen", "0.0.0.0:0", "name the address of this host"),
        ("acd/media/rtp_listen", "[::]:0", "name the address of this host"),
        ("acd/media/rtp_address", "0.0.0.0", "name the address of this host"),
        ("acd/agents/0/contact", "sip:a@phone.example", "phone.example is no IP address"),
        ("acd/media", {"kind": "announcement_server", "uri": "sip:moh@pbx.example"}, "media.uri"),
        ("acd/media/rtp_address", "pbx.example", "expected an IP address"),
        (
            "pre_route",
            {
                "redirect_sip": "127.0.0.1:5061",
                "clients": [{"name": "e", "networks": ["127.0.0.1"], "trunk_group": "carrier"}],
            },
            "pre_route.redirect_sip: 127.0.0.1:5061 is trunk group carrier's already",
        ),
    ],
)
def test_a_bad_file_is_refused_with_its_place(path: str, value: Any, said: str) -> None:
    with pytest.raises(ConfigError) as caught:
        parse_config(changed(path, value), source="site.yaml")
    assert "site.yaml" in str(caught.value) and said in str(caught.value)


@pytest.mark.parametrize("text", ["a: [", "- a", "", "a: b: c", "&a [*a]"])
def test_what_is_no_mapping_is_refused(text: str) -> None:
    with pytest.raises(ConfigError):
        parse_config(text, source="site.yaml")


def test_the_same_name_twice_is_refused() -> None:
    data = yaml.safe_load(yaml.safe_dump(GOOD))
    data["acd"]["queues"].append(dict(data["acd"]["queues"][0]))
    with pytest.raises(ConfigError, match=r"f:\d+: acd.queues\[1\].name: .* stands twice"):
        parse_config(yaml.safe_dump(data), source="f")


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="none"):
        load_config(tmp_path / "none.yaml")


@pytest.mark.parametrize(
    ("text", "place", "said"),
    [
        ("site: a\nsite: b\n", "x.yaml:2: site", "is given twice"),
        ("site: &a b\n", "x.yaml:1: site", "has an anchor"),
        ("site: " + "[" * 500, "x.yaml:1", "nested deeper"),
    ],
)
def test_tricks_of_yaml_are_refused(text: str, place: str, said: str) -> None:
    with pytest.raises(ConfigError, match=said) as caught:
        parse_config(text, source="x.yaml")
    assert caught.value.place.startswith(place)


def test_a_typing_mistake_comes_before_what_it_left_missing() -> None:
    text = yaml.safe_dump(GOOD).replace("channels_max", "chanels_max", 1)
    with pytest.raises(ConfigError) as caught:
        parse_config(text, source="s.yaml")
    first, second = str(caught.value).splitlines()
    line = 1 + text[: text.index("chanels_max")].count("\n")
    place = "acd.trunk_groups[0]"
    said = "unknown setting (did you mean channels_max?)"
    assert first == f"s.yaml:{line}: {place}.chanels_max: {said}"
    assert second.endswith(f"{place}.channels_max: is missing (add it)")


def test_an_absent_file_is_named_once(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        load_config(tmp_path / "none.yaml")
    assert str(caught.value).count("none.yaml") == 1 and "Errno" not in str(caught.value)
