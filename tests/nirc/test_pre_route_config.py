"""What the settings file may say of edges."""

import pytest
from pydantic import ValidationError

from nirc.pre_route_config import PreRouteConfig

EDGE = {"name": "edge", "networks": ["192.0.2.0/24", "2001:db8::1"], "trunk_group": "network"}
TLS = {"cert": "cert.pem", "key": "key.pem", "ca": "ca.pem"}


def test_a_section_becomes_the_servers_settings() -> None:
    config = PreRouteConfig.model_validate({"redirect_sip": "0.0.0.0:5060", "clients": [EDGE]})
    (client,) = config.settings.clients
    assert [str(one) for one in client.networks] == ["192.0.2.0/24", "2001:db8::1/128"]
    assert (client.name, client.trunk_group, config.settings.deadline_s) == ("edge", "network", 1.0)


@pytest.mark.parametrize(
    ("section", "told"),
    [
        ({"clients": []}, "at least 1"),
        ({"clients": [EDGE | {"networks": ["edge.example"]}]}, "a network such as"),
        ({"clients": [EDGE, EDGE]}, "edge stands twice"),
        ({"clients": [EDGE], "deadline_s": 60}, "less than or equal to 10"),
        ({"clients": [EDGE], "redirect_sips": "127.0.0.1:5061"}, "needs the section tls"),
        ({"clients": [EDGE], "tls": TLS}, "of no use without redirect_sips"),
    ],
)
def test_a_mistake_is_told(section: dict[str, object], told: str) -> None:
    with pytest.raises(ValidationError, match=told):
        PreRouteConfig.model_validate(section)
