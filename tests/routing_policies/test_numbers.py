"""Numbers as SIP, carriers and people write them, in one form."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from routing_policies.numbers import (
    DIGITS_MAX,
    TEXT_CHARS_MAX,
    NumberKind,
    dial_class,
    international_prefix,
    is_country,
    normalise,
)

FULL = "+351210000001"


@pytest.mark.parametrize(
    ("text", "country"),
    [
        ("+351210000001", "PT"),
        ("+351210000001", ""),
        ("+351 21 000 00 01", "PT"),
        ("+351-(21)-000.00.01", "PT"),
        ("210000001", "PT"),
        ("21 000 0001", "pt"),
        ("00351210000001", "PT"),
        ("00351210000001", "US"),
        ("011351210000001", "US"),
        ("011351210000001", "PT"),
        ("tel:+351-21-000-0001", "PT"),
        ("TEL:+351210000001;npdi;rn=+35191999", "PT"),
        ("tel:210000001;phone-context=+351", "DE"),
        ("sip:+351210000001;npdi;rn=+35191999;cic=+1-6789@10.0.0.1:5060;user=phone", "US"),
        ("sips:+351210000001:secret@example.net", "PT"),
        ("<sip:+351210000001@example.net>", "PT"),
        ("+351210000001;npdi@10.0.0.1", "PT"),
        ("+351210000001@[2001:db8::1]:5060", "PT"),
    ],
)
def test_one_number_in_all_its_forms(text, country) -> None:
    found = normalise(text, country)
    assert (found.text, found.e164, found.kind) == (FULL, FULL, NumberKind.FULL)
    assert (found.valid, found.country, found.national) == (True, "PT", "210000001")
    assert not found.withheld


@pytest.mark.parametrize(
    ("text", "country", "e164"),
    [
        ("030 123456", "DE", "+4930123456"),
        ("(212) 555-0100", "US", "+12125550100"),
        ("1 212 555 0100", "US", "+12125550100"),
        ("011 1234567", "IT", "+390111234567"),
        ("07700 900123", "GB", "+447700900123"),
    ],
)
def test_national_forms_of_other_countries(text, country, e164) -> None:
    assert normalise(text, country).e164 == e164


@pytest.mark.parametrize("text", ["112", "1820", "116123", "*100#", "*21*210000001#", "0"])
def test_short_codes_stay_as_they_were_dialed(text) -> None:
    found = normalise(text, "PT")
    assert (found.text, found.e164, found.kind) == (text, "", NumberKind.SHORT)


@pytest.mark.parametrize(("text", "country"), [("112", "DE"), ("911", "US"), ("999", "GB")])
def test_emergency_numbers_are_no_numbers_of_the_world(text, country) -> None:
    assert normalise(text, country).text == text
    assert normalise(text, country).kind is NumberKind.SHORT


def test_an_emergency_number_in_a_context_is_one_still() -> None:
    assert normalise("tel:112;phone-context=+351", "PT").text == "112"
    assert normalise("tel:112;phone-context=example.net", "PT").text == "112"


def test_an_impossible_number_of_the_world_is_kept_and_is_not_valid() -> None:
    found = normalise("+999123456789", "PT")
    assert (found.e164, found.valid, found.kind) == ("+999123456789", False, NumberKind.FULL)


@pytest.mark.parametrize(
    "text",
    [
        "anonymous",
        "Anonymous@anonymous.invalid",
        "sip:anonymous@anonymous.invalid",
        "+351210000001@anonymous.invalid",
        "restricted",
        "sip:Unavailable@10.0.0.1",
        "@anonymous.invalid",
        "unknown@unknown.invalid",
    ],
)
def test_withheld_callers(text) -> None:
    found = normalise(text, "PT")
    assert (found.kind, found.withheld, found.text, found.e164) == (
        NumberKind.WITHHELD,
        True,
        "",
        "",
    )


def test_a_name_is_kept_without_what_could_harm() -> None:
    assert normalise("sip:sales@10.0.0.1", "PT").text == "sales"
    assert normalise("sa\r\nles<>", "PT").text == "sales"
    assert normalise("sip:sales@10.0.0.1", "PT").kind is NumberKind.NAME


@pytest.mark.parametrize("text", ["", "  ", "sip:", "tel:", "@", ";npdi", ":", "<>"])
def test_nothing(text) -> None:
    assert normalise(text, "PT").kind is NumberKind.NONE


def test_a_long_text_is_refused_unread() -> None:
    assert normalise("1" * (TEXT_CHARS_MAX + 1), "PT").kind is NumberKind.REFUSED
    assert normalise("1" * (DIGITS_MAX + 1), "PT").kind is NumberKind.NAME
    began = time.perf_counter()
    for _ in range(1_000):
        normalise("+" * 1_000_000, "PT")
    assert time.perf_counter() - began < 0.5


@settings(max_examples=500, deadline=None)
@given(
    st.one_of(
        st.text(max_size=300),
        st.text(alphabet="+0123456789*#-.() ;:@=nrpditel", max_size=60),
    ),
    st.sampled_from(["PT", "US", "DE", "", "ZZ", "1"]),
)
def test_nothing_raises_and_the_form_is_settled(text, country) -> None:
    found = normalise(text, country)
    assert len(found.text) <= TEXT_CHARS_MAX
    if found.e164:
        assert normalise(found.e164, country).e164 == found.e164


def test_beginnings_get_their_country_code() -> None:
    assert international_prefix("21", "PT") == "+35121"
    assert international_prefix("030", "DE") == "+4930"
    assert international_prefix("30", "DE") == "+4930"
    assert international_prefix("x", "DE") == ""
    assert international_prefix("21", "ZZ") == ""


def test_countries() -> None:
    assert is_country("PT")
    assert not is_country("pt")
    assert not is_country("ZZ")


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        ("+351911111111", "usual"),
        ("+351211234567", "usual"),
        ("+351760123456", "dear"),
        ("+19005551234", "dear"),
        ("+35112345678901", "unknown"),
        ("911111111", "unknown"),
        ("", "unknown"),
    ],
)
def test_what_dialing_a_number_is_like(number: str, kind: str) -> None:
    assert dial_class(number) == kind
