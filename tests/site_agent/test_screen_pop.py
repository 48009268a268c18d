"""What an agent's screen opens: encoded, only http, and nothing that a caller could redirect."""

from __future__ import annotations

import json

import pytest

from site_agent.screen_pop import URL_LETTERS_MAX, checked_template, screen_pop_url

TEMPLATE = "https://crm.example:8443/open/{ani}?c={data.customer}&x={data.a.b}&q={queue}#{agent}"


@pytest.mark.parametrize(
    ("template", "problem"),
    [
        ("ftp://crm/{ani}", "expected"),
        ("javascript:alert({ani})", "expected"),
        ("//crm/{ani}", "expected"),
        ("https://{data.host}/x", "after the host"),
        ("https://crm.{ani}/x", "after the host"),
        ("https://crm:{ani}/x", "after the host"),
        ("https://crm/{anni}", "is not known"),
        ("https://crm/{data.}", "is not known"),
        ("https://crm/{}", "is not known"),
        ("https://crm/{ani", "left open"),
        ("https://crm/ani}", "left open"),
        ("https://crm/a b", "a space"),
    ],
)
def test_a_template_that_would_not_do_is_refused_with_the_remedy(
    template: str, problem: str
) -> None:
    with pytest.raises(ValueError, match=problem):
        checked_template(template)


def test_values_are_encoded_and_what_is_not_known_is_empty() -> None:
    assert checked_template(TEMPLATE) == TEMPLATE
    data = json.dumps({"customer": "Zoë & co/../?", "a": {"b": True}}).encode()
    url = screen_pop_url(TEMPLATE, {"ani": "+351", "agent": "a#b"}, data)
    customer = "Zo%C3%AB%20%26%20co%2F..%2F%3F"
    assert url == f"https://crm.example:8443/open/%2B351?c={customer}&x=true&q=#a%23b"


@pytest.mark.parametrize("data", [b"", b"nonsense", b"[1]", b'{"customer":{"k":1}}', b'{"a":{}}'])
def test_data_without_the_key_leaves_it_empty(data: bytes) -> None:
    assert screen_pop_url("http://crm/?c={data.customer}", {}, data) == "http://crm/?c="


def test_a_key_with_a_dot_is_found_and_a_number_told() -> None:
    assert screen_pop_url("http://crm/{data.a.b}", {}, b'{"a.b":7}') == "http://crm/7"


def test_what_is_too_long_is_cut_and_an_address_too_long_is_none() -> None:
    assert len(screen_pop_url("http://crm/{ani}", {"ani": "1" * 9999}, b"")) < 300
    long = "http://crm/" + "{ani}" * 10
    assert screen_pop_url(long, {"ani": "1" * URL_LETTERS_MAX}, b"") == ""
    assert screen_pop_url("", {"ani": "1"}, b"") == ""
