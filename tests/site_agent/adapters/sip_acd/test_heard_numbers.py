"""What an INVITE says about numbers, and who is believed."""

import pytest
from acd_bench import SETTINGS

from nrcli.sip.message import Headers, Request
from site_agent.adapters.sip_acd.heard_numbers import heard, user_of
from site_agent.adapters.sip_acd.settings import TrunkGroupSettings
from site_agent.adapters.sip_acd.trunks import TrunkGroup

TRUSTED, IVR, OTHER = "10.0.0.1", "10.0.7.7", "10.0.9.9"
TRUNK = TrunkGroup(
    TrunkGroupSettings(
        name="carrier",
        listen=("127.0.0.1", 5060),
        identity_peers=("10.0.0.0/24",),
        ivr_peers=("10.0.7.7/32",),
        emergency_numbers=("112",),
    )
)


def invite(*headers, uri="sip:+351210000001@10.0.0.5", from_="<sip:+351910000001@x>;tag=1"):
    lines = [("From", from_), ("To", "<sip:+351220000002@x>"), *headers]
    return Request("INVITE", uri, Headers(lines))


def told(*headers, peer=OTHER, **more):
    return heard(invite(*headers, **more), TRUNK, peer)


def test_request_uri_to_and_caller() -> None:
    found = told()
    assert found.trunk_group == "carrier"
    assert found.called["request_uri"] == "+351210000001@10.0.0.5"
    assert found.called["to"] == "+351220000002@x"
    assert found.called["history_info"] == found.called["diversion"] == ""
    assert found.caller == "+351910000001@x"
    assert not (found.withheld or found.verified or found.emergency)


HISTORY = (
    "<sip:+351210000003@a?Reason=SIP%3Bcause%3D302>;index=1.2",
    "<sip:+351210000001@a>;index=1, <sip:+351210000002@a>;index=1.1",
)


def test_the_first_of_the_history_is_what_was_dialed() -> None:
    found = told(*(("History-Info", value) for value in HISTORY))
    assert found.called["history_info"] == "+351210000001@a"


def test_an_anonymised_history_is_passed_over() -> None:
    first = "<sip:anonymous@anonymous.invalid>;index=1"
    found = told(("History-Info", first), ("History-Info", "<tel:+351210000002>;index=1.1"))
    assert found.called["history_info"] == "tel:+351210000002"


def test_the_last_diversion_is_the_first_that_diverted() -> None:
    found = told(
        ("Diversion", "<tel:+351210000003>;reason=unconditional"),
        ("Diversion", '"Desk" <sip:+351210000001@a>;reason=user-busy;counter=1'),
    )
    assert found.called["diversion"] == "+351210000001@a"


@pytest.mark.parametrize("value", ['"', "<sip:", "sip:x,<", ";;;", "<sip:@>", "," * 99])
def test_malformed_headers_count_as_not_there(value) -> None:
    found = told(("History-Info", value), ("Diversion", value), ("P-Asserted-Identity", value))
    assert (found.called["history_info"], found.called["diversion"]) == ("", "")
    assert heard(invite(from_=value), TRUNK, TRUSTED).caller == ""


def test_an_asserted_identity_is_believed_from_a_trusted_peer_only() -> None:
    identity = ("P-Asserted-Identity", "<tel:+351930000003>")
    assert told(identity, peer=TRUSTED).caller == "tel:+351930000003"
    assert told(identity, peer=OTHER).caller == "+351910000001@x"


@pytest.mark.parametrize(
    ("headers", "from_", "passed"),
    [
        ((), "<sip:+3519;verstat=TN-Validation-Passed@x;user=phone>", True),
        ((), "<tel:+3519;verstat=TN-Validation-Passed>;tag=1", True),
        ((), "<tel:+3519;verstat=TN-Validation-Failed>", False),
        ((), "<tel:+3519;verstat=No-TN-Validation>", False),
        ((), "<tel:+3519>", False),
        ((("P-Asserted-Identity", "<tel:+3519;verstat=TN-Validation-Passed>"),), "<tel:+1>", True),
        (
            (("P-Asserted-Identity", "<tel:+3519;verstat=TN-Validation-Failed>"),),
            "<tel:+3519;verstat=TN-Validation-Passed>",
            False,
        ),
        ((), "<sip:+3519;verstat=TN-Validation-Passed@x;user=phone>;tag=1", True),
        ((), "<sip:+3519@x>;verstat=TN-Validation-Passed", True),
        ((), '"a;verstat=TN-Validation-Passed" <sip:+3519@x>;tag=1', False),
        ((("P-Asserted-Identity", '";verstat=TN-Validation-Passed" <tel:+3519>'),), "<x>", False),
        ((), "<sip:+3519@x?h=;verstat=TN-Validation-Passed>", False),
    ],
)
def test_verstat_vouches_for_the_caller(headers, from_, passed) -> None:
    assert told(*headers, from_=from_, peer=TRUSTED).verified is passed
    assert told(*headers, from_=from_, peer=OTHER).verified is False


@pytest.mark.parametrize(
    ("headers", "from_", "withheld"),
    [
        ((("Privacy", "id"),), "<sip:+3519@x>", True),
        ((("Privacy", "user;critical"),), "<sip:+3519@x>", True),
        ((("Privacy", "none"),), "<sip:+3519@x>", False),
        ((("Privacy", "history"),), "<sip:+3519@x>", False),
        ((), '"Anonymous" <sip:anonymous@anonymous.invalid>;tag=1', True),
        ((), "<sip:c8oqz84zk7z@anonymous.invalid>", True),
    ],
)
def test_callers_who_withhold_their_number(headers, from_, withheld) -> None:
    assert told(*headers, from_=from_).withheld is withheld


@pytest.mark.parametrize(
    ("value", "digits"), [("42#", "42#"), ("", ""), ("4 2", ""), ("1" * 33, "")]
)
def test_digits_and_a_second_factor_come_from_the_sites_own_ivrs(value, digits) -> None:
    headers = (("X-NIRC-Digits", value), ("X-NIRC-Verified", "Yes"))
    found = told(*headers, peer=IVR)
    assert (found.digits, found.verified) == (digits, True)
    for peer in (TRUSTED, OTHER):
        assert (told(*headers, peer=peer).digits, told(*headers, peer=peer).verified) == ("", False)
    assert not told(("X-NIRC-Verified", "no"), peer=IVR).verified


def test_called_numbers_are_left_out_where_nobody_looks() -> None:
    assert heard(invite(), TRUNK, OTHER, with_called=False).called == {}


def test_emergency_by_mark_and_by_number() -> None:
    assert told(("Resource-Priority", "esnet.1")).emergency
    assert told(uri="sip:112@10.0.0.5").emergency


def test_parameters_of_number_portability_are_no_part_of_the_user() -> None:
    request = invite(uri="sip:+351210000001;npdi;rn=+35191@10.0.0.5;user=phone")
    assert user_of(request) == "+351210000001"
    assert user_of(invite(uri="sip:%zz@x")) == ""
    assert user_of(invite(uri="tel:112;phone-context=+351")) == "112"


def test_nobody_is_trusted_unless_named() -> None:
    group = TrunkGroup(SETTINGS.trunk_groups[0])
    assert not group.vouches("127.0.0.9")
