"""The folders of a network; whole networks run in tests/services."""

from itertools import count
from pathlib import Path

import pytest

from nirc.demo.layout import NetworkShape, build_layout
from nirc.demo.network import Network
from nirc.demo.phones_file import Load
from nirc.demo.processes import Processes


@pytest.fixture
def network(tmp_path: Path) -> Network:
    layout = build_layout(NetworkShape(), count(20_000).__next__)
    return Network(tmp_path, layout, Load(calls=1))


def test_every_site_agent_is_started_with_a_file_of_its_own(
    network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: dict[str, list[str]] = {}
    monkeypatch.setattr(
        Processes, "start", lambda _, name, command: started.setdefault(name, command)
    )
    network.start_sites()
    assert list(started) == [site.name for site in network.layout.sites]
    for name, command in started.items():
        settings = Path(command[-1])
        assert settings.parent == network.folder / name
        assert f"site: {name}" in settings.read_text()


def test_folders_are_readable_by_their_owner_only(network: Network) -> None:
    assert network._subfolder("tls").stat().st_mode & 0o077 == 0
    network.remove()
    assert not network.folder.exists()
