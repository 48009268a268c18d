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


SOFIA = """\
                     Name\t   Type\t                                      Data\tState
=================================================================================================
                 external\tprofile\t          sip:mod_sofia@10.0.0.1:5080\tRUNNING (0)
                 external\tprofile\t          sip:mod_sofia@10.0.0.1:5081\tRUNNING (0) (TLS)
        external::carrier\tgateway\t                     sip:nirc@192.0.2.9\tNOREG
                 10.0.0.1\t  alias\t                                  external\tALIASED
=================================================================================================
1 profile 1 alias
"""


def test_what_mod_sofia_runs() -> None:
    found = tables.sofia_names(SOFIA)
    assert found is not None
    assert (found.profiles, found.aliases) == ({"external"}, {"10.0.0.1"})
    assert found.gateways == {"external::carrier", "carrier"}


@pytest.mark.parametrize("text", ["", "-ERR sofia Command not found!\n", SOFIA[:-9], "\t\n\t"])
def test_what_is_no_whole_list_of_mod_sofia(text: str) -> None:
    assert tables.sofia_names(text) is None
