from itertools import count
from pathlib import Path

import pytest
import yaml

from nirc.demo.asterisk_process import Asterisk
from nirc.demo.asterisk_program import AsteriskProgram
from nirc.demo.asterisk_sites import AsteriskSites
from nirc.demo.layout import NetworkShape, SiteKind, build_layout, with_kinds
from nirc.demo.processes import Processes
from nirc.demo.site_files import site_yaml
from site_agent.asterisk_config import AsteriskConfig
from site_agent.config import load_config

LAYOUT = build_layout(with_kinds(NetworkShape(), (SiteKind.ASTERISK,)), count(20_000).__next__)
LISBON = LAYOUT.site("lisbon")
PROGRAM = AsteriskProgram(command=("true",), version="16", modules=Path("/m"), data=Path("/d"))


@pytest.fixture
def sites(tmp_path: Path) -> AsteriskSites:
    (tmp_path / "lisbon").mkdir()
    return AsteriskSites(tmp_path, LAYOUT, Processes(tmp_path / "logs"), PROGRAM)


def test_the_site_agent_takes_what_it_is_told_of_its_pbx(
    sites: AsteriskSites, tmp_path: Path
) -> None:
    folder = tmp_path / "lisbon"
    settings = folder / "site.yaml"
    settings.write_text(site_yaml(LAYOUT, LISBON, folder, None, acd=sites.acd(LISBON)))
    acd = load_config(settings).acd
    assert isinstance(acd, AsteriskConfig)
    assert [queue.name for queue in acd.queues] == list(LAYOUT.shape.services)
    assert {group.address for group in acd.trunk_groups} == {LISBON.trunks[0].address}
    secret = Path(yaml.safe_load(settings.read_text())["acd"]["ami"]["secret_file"])
    assert secret.read_text() == sites.by_site["lisbon"].place.secret
    assert secret.stat().st_mode & 0o077 == 0


def test_only_sites_of_that_kind_have_one_and_a_password(sites: AsteriskSites) -> None:
    assert list(sites.by_site) == list(sites.passwords) == ["lisbon"]


def test_one_that_has_ended_is_told_once(
    sites: AsteriskSites, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Asterisk, "start", lambda one: sites._processes.start(one.name, ["true"]))
    monkeypatch.setattr(Asterisk, "wait_phones", lambda *_: None)
    sites.start()
    sites._processes._running["lisbon-asterisk"].wait()
    (line,) = sites.ended()
    assert "the Asterisk of lisbon has ended" in line
    assert "asterisk.conf -n -f" in line
    assert sites.ended() == []
    assert sites.lost_sites() == ["lisbon"]
    sites._processes.check_wanted()


def test_a_layout_with_an_asterisk_needs_its_program(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="needs its program"):
        AsteriskSites(tmp_path, LAYOUT, Processes(tmp_path), None)
