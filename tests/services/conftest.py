"""Every history that tests on services leave is judged by all checkers, without their asking.

A file whose tests stop networks in the middle of calls says `HISTORIES_BROKEN_OFF = True`: then
what is left open at the end is no fault.
"""

from collections.abc import Iterator

import judged_histories
import pytest


@pytest.fixture(scope="module", autouse=True)
def histories_are_good(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[None]:
    """After the last test of a file, and the end of its networks."""
    broken_off = getattr(request.module, "HISTORIES_BROKEN_OFF", False)
    base = tmp_path_factory.getbasetemp()
    before = set(base.iterdir())
    yield
    folders = sorted(folder for folder in base.iterdir() if folder not in before)
    found = [
        text
        for folder in folders
        if folder.is_dir() and not folder.is_symlink()
        for text in judged_histories.complaints(folder, broken_off=broken_off)
    ]
    assert not found, "\n".join(found)
