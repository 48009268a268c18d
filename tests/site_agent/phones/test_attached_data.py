from hypothesis import given
from hypothesis import strategies as st

from site_agent.phones.attached_data import canonical, digest, from_header, to_header


@given(st.dictionaries(st.text(max_size=8), st.text(max_size=20) | st.integers(), max_size=5))
def test_what_goes_into_a_header_comes_out_byte_for_byte(data: dict[str, object]) -> None:
    sent = canonical(data)
    assert from_header(to_header(sent)) == sent
    assert to_header(sent).isascii()


def test_padded_headers_are_read_too() -> None:
    assert from_header("eyJhIjoxfQ==") == b'{"a":1}'


def test_a_header_that_is_no_base64url_is_none() -> None:
    assert from_header("not base64!") is None
    assert from_header("+/==") is None


def test_the_digest_of_nothing_is_empty() -> None:
    assert digest(b"") == ""
    assert len(digest(b"x")) == 64
