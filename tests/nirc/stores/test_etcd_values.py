"""The end of a prefix in etcd's order of keys."""

import pytest

from nirc.stores.etcd_values import prefix_end


@pytest.mark.parametrize(
    ("prefix", "end"), [("/a/", b"/a0"), ("a", b"b"), ("", b"\x00"), ("\x7f", b"\x80")]
)
def test_prefix_end(prefix: str, end: bytes) -> None:
    assert prefix_end(prefix) == end
