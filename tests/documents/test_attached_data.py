"""The worked example of docs/attached_data.md is what a site reads."""

import hashlib
import re

from documents import ROOT

from nrcli.sip.message import Headers
from site_agent.adapters.sip_acd.call_data import DATA_HEADER, INTERACTION_HEADER, read_data
from site_agent.core.settings import SiteSettings
from site_agent.phones.attached_data import digest

TEXT = (ROOT / "docs" / "attached_data.md").read_text(encoding="utf-8")
EXAMPLE = b'{"account":"4711","language":"pt"}'


def test_the_header_of_the_example_is_the_object_of_the_example() -> None:
    (header,) = set(re.findall(r"\beyJ[\w-]+", TEXT))
    assert read_data(Headers([(DATA_HEADER, header)]), bytes_max=65_536) == EXAMPLE
    assert EXAMPLE.decode() in TEXT


def test_the_digest_of_the_example_is_the_one_that_histories_have() -> None:
    (shown,) = re.findall(r"\b[0-9a-f]{64}\b", TEXT)
    assert shown == hashlib.sha256(EXAMPLE).hexdigest() == digest(EXAMPLE)


def test_names_and_limits_are_those_of_the_code() -> None:
    assert f"`{DATA_HEADER}`" in TEXT
    assert f"`{INTERACTION_HEADER}`" in TEXT
    assert f"{SiteSettings().data_bytes_max:,} bytes in canonical form" in TEXT
