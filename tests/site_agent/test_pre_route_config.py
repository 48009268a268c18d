"""What a site agent's file may say of edges that ask before delivery."""

import pytest
from pydantic import ValidationError

from site_agent.pre_route_config import PreRouteConfig

EDGE = {"name": "edge", "networks": ["192.0.2.7/24", "2001:db8::1"], "trunk_group": "carrier"}
TLS = {"cert": "c.pem", "key": "k.pem", "ca": "ca.pem"}
PLAIN = {"redirect_sip": "0.0.0.0:5070", "clients": [EDGE]}


def test_a_section_becomes_the_servers_settings() -> None:
    config = PreRouteConfig.model_validate(PLAIN)
    (client,) = config.settings.clients
    assert [str(one) for one in client.networks] == ["192.0.2.0/24", "2001:db8::1/128"]
    assert (client.name, client.trunk_group, config.settings.deadline_s) == ("edge", "carrier", 1.0)
    assert (config.homes, config.tls_files) == ({}, None)


def test_home_and_tls() -> None:
    edge = EDGE | {"home": "[2001:db8::5]:5060", "home_transport": "tcp"}
    section = {"redirect_sips": "[::]:5061", "tls": TLS, "clients": [edge]}
    config = PreRouteConfig.model_validate(section)
    assert config.homes == {"edge": ("2001:db8::5", 5060, "tcp")}
    files = config.tls_files
    assert files is not None and files.cert.name == "c.pem"


@pytest.mark.parametrize(
    ("section", "told"),
    [
        ({"clients": [EDGE]}, "give an address at which edges ask"),
        (PLAIN | {"clients": []}, "at least 1"),
        (PLAIN | {"clients": [EDGE | {"networks": ["edge.example"]}]}, "expected a network"),
        (PLAIN | {"clients": [EDGE, EDGE]}, "edge stands twice"),
        (PLAIN | {"redirect_sips": "127.0.0.1:5061"}, "goes with the section tls"),
        (PLAIN | {"tls": TLS}, "goes with the section tls"),
        (PLAIN | {"emergency_numbers": ["help"]}, "should match pattern"),
    ],
)
def test_a_mistake_is_told(section: dict[str, object], told: str) -> None:
    with pytest.raises(ValidationError, match=told):
        PreRouteConfig.model_validate(section)
