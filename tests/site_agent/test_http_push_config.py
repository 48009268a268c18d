"""What a file may say about a CTI that pushes, and what is refused with place and remedy."""

from __future__ import annotations

import pytest

from nrcli.wire.messages import TransferMethod
from site_agent.config import SiteConfig, parse_config
from site_agent.core_settings import site_settings
from site_agent.errors import ConfigError
from site_agent.http_push_config import HttpPushAcdConfig

FILE = """
site: porto
incarnation_file: /x/state.json
acd:
  kind: http_push
  listen: {listen}
  token_file: /x/cti.token
  queues: [{{name: sales, max_loan: 3}}]
  trunk_groups:
    - {{name: network, address: "10.0.0.9:5060", kind: network, channels_max: 10{more}}}
{lines}
"""


def parsed(listen: str = "10.0.0.1:8200", more: str = "", lines: str = "") -> SiteConfig:
    return parse_config(FILE.format(listen=listen, more=more, lines=lines), source="f")


def test_its_names_and_limits_reach_the_site_daemon() -> None:
    config = parsed(more=", min_free: 2, dials: true, allow: {refer: false}")
    assert isinstance(config.acd, HttpPushAcdConfig)
    assert config.acd.methods == tuple(one.value for one in TransferMethod)
    settings = site_settings(config)
    assert settings.queues["sales"].max_loan == 3
    network = settings.trunks["network"]
    assert (network.address, network.kind, network.min_free) == ("10.0.0.9:5060", "network", 2)
    assert (network.refer, network.redirect_302, network.dials) == (False, True, True)


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ({"listen": "0.0.0.0:8200"}, "every address"),
        ({"listen": '"[::]:8200"'}, "every address"),
        ({"listen": "porto"}, "host:port"),
        ({"more": ", min_free: 10"}, "leaves nothing"),
        ({"more": ", channels: 3"}, "channels"),
        ({"lines": "  hold_agent: sometimes"}, "hold_agent"),
        ({"lines": "  methods: [shout]"}, "methods"),
        ({"lines": "  limits: {connections_max: 1}"}, "connections_max"),
        ({"lines": "screen_pop_url: ftp://crm/{ani}"}, "screen_pop_url"),
        ({"lines": "screen_pop_url: https://crm/{anni}"}, "is not known"),
    ],
)
def test_what_would_not_do_is_refused_with_its_place(given: dict[str, str], problem: str) -> None:
    with pytest.raises(ConfigError, match=problem):
        parsed(**given)


def test_names_stand_once() -> None:
    twice = FILE.replace("[{{name: sales, max_loan: 3}}]", "[{{name: a}}, {{name: a}}]")
    with pytest.raises(ConfigError, match="stands twice"):
        parse_config(twice.format(listen="127.0.0.1:0", more="", lines=""), source="f")
