"""AMI over TLS to a real Asterisk: who is believed, and what a person reads when nobody is."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from asterisk_bench import AGENTS, Bench, running
from asterisk_shells import ShellSite, config_of

from nirc.demo.ports import PortTaker
from nirc.demo.throwaway_ca import ThrowawayCa
from nrcli.wire.messages import AgentState
from site_agent.adapters.base import PbxSeen

pytestmark = [pytest.mark.asterisk, pytest.mark.timeout(120)]


@pytest.fixture(scope="module")
def ca(tmp_path_factory: pytest.TempPathFactory) -> ThrowawayCa:
    return ThrowawayCa(tmp_path_factory.mktemp("ca"), now_unix_s=time.time())


@pytest.fixture(scope="module")
def address() -> str:
    """Of the manager's port for TLS."""
    return f"127.0.0.1:{PortTaker()()}"


@pytest.fixture(scope="module")
def bench(
    tmp_path_factory: pytest.TempPathFactory, ca: ThrowawayCa, address: str
) -> Iterator[Bench]:
    with running(tmp_path_factory.mktemp("tls")) as found:
        speaks_tls(found, ca, address)
        yield found


def speaks_tls(bench: Bench, ca: ThrowawayCa, address: str) -> None:
    """The lines of the documented file, uncommented, with files of this run."""
    folder, files = bench.asterisk.folder / "etc", ca.node("pbx", "127.0.0.7")
    settings = folder / "manager.conf"
    text = settings.read_text().replace("\n;tls", "\ntls")
    text = text.replace("192.0.2.7:5039", address).replace("/etc/asterisk/keys", str(folder))
    owner = folder.stat()
    for name, what in (
        ("manager.conf", text),
        ("ami.pem", files.cert.read_text()),
        ("ami.key", files.key.read_text()),
    ):
        (folder / name).write_text(what)
        os.chown(folder / name, owner.st_uid, owner.st_gid)
    bench.asterisk.say("manager reload")


def site_of(bench: Bench, folder: Path, **more: Any) -> ShellSite:
    bench.asterisk.unpause(AGENTS)
    return ShellSite(config_of(bench, folder, **more))


async def test_agents_are_seen_over_tls(
    bench: Bench, ca: ThrowawayCa, address: str, tmp_path: Path
) -> None:
    site = site_of(bench, tmp_path, address=address, tls_ca=ca.ca_file, tls_name="localhost")
    await site.shell.start()
    await site.until("anna is ready", lambda: site.state("anna") is AgentState.READY)
    await site.shell.stop()


async def test_a_certificate_that_is_not_believed_is_named_with_its_remedy(
    bench: Bench, ca: ThrowawayCa, address: str, tmp_path: Path
) -> None:
    other = ThrowawayCa(tmp_path / "other", now_unix_s=time.time(), network="other")
    plain = {"address": bench.asterisk.place.ami, "tls_ca": ca.ca_file}
    for tls, words in (
        ({"tls_ca": other.ca_file, "tls_name": "localhost"}, ("unable to get local", "tls_ca")),
        ({"tls_ca": ca.ca_file}, ("not valid for '127.0.0.1'", "tls_name")),
        ({"tls_ca": ca.ca_file, "tls_name": "pbx.example"}, ("'pbx.example'", "tls_name")),
        (plain, ("speaks no TLS", "tlsbindaddr")),
    ):
        site = site_of(bench, tmp_path, **{"address": address, **tls})
        await site.shell.start()
        await site.until("it was tried", lambda site=site: len(site.told(PbxSeen)) > 1)  # type: ignore[misc]
        seen = site.told(PbxSeen)[-1]
        await site.shell.stop()
        assert not seen.reached
        assert all(word in seen.problem for word in words), (tls, seen.problem)
        assert not site.state("anna")
