"""What FreeSWITCH prints; what does not fit is left out."""

from __future__ import annotations

import pytest

from site_agent.adapters.freeswitch import tables


def test_rows_with_their_columns() -> None:
    text = "name|status\nanna|Available\nbad|row|here\n+OK\n"
    assert tables.pipe_rows(text) == [{"name": "anna", "status": "Available"}]
    assert tables.pipe_rows("+OK\n") == [] == tables.pipe_rows("-ERR Invalid!\n")


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"row_count":0}', '{"rows":7}', '{"rows":[1]}', "[" * 100_000]
)
def test_json_without_rows(text: str) -> None:
    assert tables.json_rows(text) == []


def test_json_rows_are_text() -> None:
    assert tables.json_rows('{"row_count":1,"rows":[{"uuid":"u","n":3}]}') == [
        {"uuid": "u", "n": "3"}
    ]


@pytest.mark.parametrize(
    ("contact", "phone"),
    [
        ("user/1000@pbx.example", "1000@pbx.example"),
        ("[leg_timeout=10]user/1000@pbx.example", "1000@pbx.example"),
        ("{a=b}[c=d]user/1000", "1000"),
        ("sofia/gateway/carrier/35191", ""),
        ("${verto_contact(1000@x)}", ""),
        ("", ""),
    ],
)
def test_a_contact_and_its_phone(contact: str, phone: str) -> None:
    assert tables.phone_of(contact) == phone


def test_versions_variables_status_and_numbers() -> None:
    text = "FreeSWITCH Version 1.10.7-release+git~2021 (git 883d2cb)"
    assert tables.version_of(text) == (1, 10, 7)
    assert tables.version_of("?") == (0, 0, 0)
    assert tables.variables_of("a=b=c\nnothing\n") == {"a": "b=c"}
    assert tables.status_in("+OK:SIP/2.0 486 Busy Here\r\n") == 486
    assert tables.status_in("+OK:no reply") == 0
    assert [tables.whole(one) for one in ("12", "-1", "x", "²", "9" * 30)] == [12, 0, 0, 0, 0]
