"""A machine that cannot have an Asterisk says why and skips; with NIRC_ASTERISK=1 it fails."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from asterisk_network import AsteriskNetwork, running
from asterisk_process import asterisk_root

from nirc.demo.asterisk_program import NoAsterisk


@pytest.fixture(scope="session", autouse=True)
def root() -> Path:
    """The folder with Debian and Asterisk in it."""
    try:
        return asterisk_root()
    except NoAsterisk as error:
        if os.environ.get("NIRC_ASTERISK"):
            pytest.fail(str(error))
        pytest.skip(str(error))


@pytest.fixture(scope="session")
def network(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[AsteriskNetwork]:
    """One for all files: `test_peer_plan.py`, the last of them, ends its nodes."""
    with running(tmp_path_factory.mktemp("asterisk")) as found:
        yield found
