from itertools import count

import pytest
import yaml

from nirc.demo.layout import NetworkShape, SiteKind, build_layout, with_kinds
from nirc.demo.phones_file import CALLS_PER_S, Load, phones_yaml

LAYOUT = build_layout(NetworkShape(), count(20_000).__next__)


def test_every_agent_has_a_phone_where_the_site_calls_it() -> None:
    phones = yaml.safe_load(phones_yaml(LAYOUT, Load(calls=10, seed=7)))
    names = [(one["site"], one["name"]) for one in phones["agents"]]
    assert names == [(site.name, agent) for site in LAYOUT.sites for agent in site.agents]
    for one in phones["agents"]:
        assert LAYOUT.site(one["site"]).agent_uri(one["name"]).endswith(one["listen"])


def test_callers_behave_as_their_trunk_group_allows_and_the_shares_are_whole() -> None:
    phones = yaml.safe_load(phones_yaml(LAYOUT, Load(calls=10, seed=7)))
    refer = {one["trunk_group"]: one["refer"] for one in phones["doors"]}
    assert refer == {"carrier": "accept", "pbx": "accept", "legacy": "refuse"}
    assert sum(one["weight"] for one in phones["doors"]) == pytest.approx(1.0)


def test_the_length_follows_the_calls_unless_it_is_given() -> None:
    assert Load(calls=440).length_s == pytest.approx(440 / CALLS_PER_S)
    assert Load(calls=440, over_s=5.0).length_s == 5.0
    assert Load().length_s == 1.0


def test_phones_of_an_asterisk_log_in_and_some_of_its_callers_refuse_a_refer() -> None:
    shape = with_kinds(NetworkShape(), (SiteKind.SIP_ACD, SiteKind.ASTERISK))
    layout = build_layout(shape, count(20_000).__next__)
    phones = yaml.safe_load(phones_yaml(layout, Load(calls=1), {"porto": "secret"}))
    log_in = {"address": layout.site("porto").trunks[0].address, "password": "secret"}
    for one in phones["agents"]:
        assert one.get("register") == (log_in if one["site"] == "porto" else None)
    doors = [one for one in phones["doors"] if one["site"] == "porto"]
    assert [(one["trunk_group"], one["refer"]) for one in doors] == [
        ("carrier", "accept"),
        ("carrier", "refuse"),
    ]
    assert sum(one["weight"] for one in phones["doors"]) == pytest.approx(1.0)
