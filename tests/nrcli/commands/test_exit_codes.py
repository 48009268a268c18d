"""Exit codes for what the node said."""

import pytest

from nrcli.commands.exit_codes import exit_code_of
from nrcli.errors import AdminError


@pytest.mark.parametrize(
    ("status", "code"), [(0, 3), (401, 2), (404, 1), (412, 4), (422, 5), (503, 3), (500, 1)]
)
def test_codes(status: int, code: int) -> None:
    assert exit_code_of(AdminError("x", status=status)) == code
