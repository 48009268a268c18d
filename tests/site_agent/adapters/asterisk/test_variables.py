"""What enters a channel's variables is harmless, or is left out."""

import base64
import json

import pytest

from site_agent.adapters.asterisk.variables import (
    PART_CHARS_MAX,
    data_variables,
    harmless_id,
    harmless_text,
    is_address,
    read_data,
    told_variables,
    user_to_user,
)


def back(variables: dict[str, str]) -> object:
    text = variables["__NIRC_DATA"] + variables["__NIRC_DATA2"]
    return json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))


def test_data_travels_in_parts_that_a_line_can_hold() -> None:
    value = {"note": "x" * 900}
    variables = data_variables(json.dumps(value).encode(), (), 1000)
    assert back(variables) == value
    assert all(len(part) <= PART_CHARS_MAX for part in variables.values())


def test_only_listed_keys_and_what_fits_are_shown() -> None:
    data = json.dumps({"a": 1, "b": "x" * 2000, "c": "\r\n"}).encode()
    assert back(data_variables(data, ("b", "a", "c", "z"), 1000)) == {"a": 1, "c": "\r\n"}
    assert data_variables(data, (), 1000) == {}
    assert data_variables(b"no json", ("a",), 1000) == {}
    assert data_variables(b"", (), 1000) == {}


def test_an_ivrs_data_is_read_or_is_none() -> None:
    text = base64.urlsafe_b64encode(b'{"b":1,"a":2}').decode()
    assert read_data(text) == b'{"a":2,"b":1}'
    for bad in ("", "!!", base64.urlsafe_b64encode(b"[1]").decode(), "A" * 9000):
        assert read_data(bad) == b""


@pytest.mark.parametrize(
    ("address", "good"),
    [
        ("sip:nirc-abc@192.0.2.1:5060", True),
        ("sip:nirc-abc@[2001:db8::1]:5060;transport=tcp", True),
        (f"sip:nirc-plan-{'a' * 148}@127.0.0.1:5060", True),
        ("sips:+351210000009@192.0.2.1;transport=tls;user=phone", True),
        ("sip:a@b;user=${X}", False),
        ("sip:a@b,c", False),
        ("sip:a@b>", False),
        ("sip:${X}@b", False),
        ("sip:a@b\r\n", False),
        ("sip:a@b?Replaces=x", False),
        ("", False),
    ],
)
def test_an_address_is_a_plain_one(address: str, good: bool) -> None:
    assert is_address(address) is good


def test_a_foreign_handler_is_told_nothing() -> None:
    assert told_variables(b"", 1000) == {"__NIRC_TOLD": "", "__NIRC_TOLD2": ""}
    told = told_variables(b'{"a":1}', 1000)
    assert told == {"__NIRC_TOLD": data_variables(b'{"a":1}', (), 1000)["__NIRC_DATA"]} | {
        "__NIRC_TOLD2": ""
    }


def test_ids_texts_and_hex() -> None:
    assert harmless_id("a-1._B") == "a-1._B"
    assert harmless_id(f"nirc-plan-{'a' * 148}"), "the longest token of a peer plan"
    assert harmless_id("a\n") == harmless_id("a b") == harmless_id("${X}") == ""
    assert harmless_text("vip ${X}\r\n") == "vip X"
    assert user_to_user("0aFF") == "0aFF" and user_to_user("0a;x") == ""
