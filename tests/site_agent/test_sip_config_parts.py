"""Certificates, passwords and floods in the site's file."""

from typing import Any

import pytest
from pydantic import ValidationError

from site_agent.sip_acd_config import SipAcdConfig
from site_agent.sip_config_parts import DigestConfig, PhoneConfig, one_port

TLS = {"ca": "ca.pem", "cert": "c.pem", "key": "k.pem"}


def acd(**changes: Any) -> SipAcdConfig:
    trunk = {"name": "c", "listen": "127.0.0.1:0", "peers": ["10.0.0.0/8"], "channels_max": 5}
    trunk |= changes.pop("trunk", {})
    text = {"kind": "sip_acd", "trunk_groups": [trunk], "queues": [{"name": "q"}], **changes}
    return SipAcdConfig.model_validate(text)


def test_tls_needs_its_files_and_a_port_of_its_own() -> None:
    with pytest.raises(ValidationError, match="tls needs"):
        acd(trunk={"transports": ["tls"]})
    with pytest.raises(ValidationError, match="cannot share one port"):
        acd(trunk={"transports": ["tcp", "tls"]}, tls=TLS)
    with pytest.raises(ValidationError, match="agents_transports: tls needs"):
        acd(agents_transports=["udp", "tls"])
    assert acd(trunk={"transports": ["udp", "tls"]}, tls=TLS).trunk_groups[0].transports[1] == "tls"
    one_port("x", ("udp", "tcp"), has_files=False)


def test_a_password_is_not_shown() -> None:
    phone = PhoneConfig(name="anna", queues={"q": 5}, password="hush")  # type: ignore[arg-type]
    assert "hush" not in repr(phone)
    assert "hush" not in phone.model_dump_json()
    assert phone.password.get_secret_value() == "hush"


@pytest.mark.parametrize("realm", ["", 'a"b', "a\r\nb", "a\\b"])
def test_a_realm_that_would_break_a_header_is_refused(realm: str) -> None:
    with pytest.raises(ValidationError):
        DigestConfig(realm=realm)
