"""Exit codes for what the node said."""

import pytest

from nrcli.commands import exit_codes
from nrcli.commands.exit_codes import HELP, MEANINGS, exit_code_of
from nrcli.errors import AdminError


@pytest.mark.parametrize(
    ("status", "code"), [(0, 3), (401, 2), (404, 1), (412, 4), (422, 5), (503, 3), (500, 1)]
)
def test_codes(status: int, code: int) -> None:
    assert exit_code_of(AdminError("x", status=status)) == code


def test_every_code_has_a_meaning_and_stands_in_the_help() -> None:
    codes = {number for name, number in vars(exit_codes).items() if name.isupper() and _is(number)}
    assert codes == set(MEANINGS) == set(range(8))
    assert all(f" {code} {told}" in HELP for code, told in MEANINGS.items())


def _is(value: object) -> bool:
    return isinstance(value, int)
