"""Addresses that cannot be dialed are refused before the first call."""

import pytest

from site_agent.sip_contacts import dialable


@pytest.mark.parametrize(
    "good",
    [
        "",
        "sip:anna@10.0.0.9",
        "sip:anna@10.0.0.9:5070;transport=TCP",
        "sip:anna@[2001:db8::1]:5060",
        "sips:anna@10.0.0.9",
        "sip:anna@10.0.0.9;transport=tls",
    ],
)
def test_an_ip_address_is_taken_as_it_is(good: str) -> None:
    assert dialable(good) == good


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        ("sip:anna@phone.example", "phone.example is no IP address: write the address itself"),
        (
            "sip:anna@10.0.0.9;transport=ws",
            "transport ws is not spoken here: write udp, tcp or tls",
        ),
        ("tel:+351210000001", "only sip: and sips: addresses"),
        ("anna", "expected"),
    ],
)
def test_what_cannot_be_dialed_is_refused_with_the_remedy(bad: str, said: str) -> None:
    with pytest.raises(ValueError, match=said.replace(".", "[.]")):
        dialable(bad)
