"""A site's section for an Asterisk: what it needs, and what is refused with its place."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from site_agent.__main__ import app
from site_agent.asterisk_config import AsteriskConfig
from site_agent.config import parse_config, warnings_of
from site_agent.config_files import load_settled
from site_agent.core_settings import site_settings
from site_agent.errors import ConfigError

TEXT = """
site: lisbon
incarnation_file: run/state.json
acd:
  kind: asterisk
  ami: {address: "127.0.0.1:5038", user: nirc, secret_file: ami.secret}
  queues: [{name: sales, shared: true, max_loan: 3}]
  trunk_groups:
    - {name: carrier, address: "192.0.2.1:5060", channels_max: 30, min_free: 2, plan_calls: yes}
    - {name: network, endpoints: [net1, net2], address: "192.0.2.1:5061", transport: tcp,
       kind: network, channels_max: 10, allow: {redirect_302: false}}
"""


def test_the_core_gets_queues_and_trunks_as_of_any_acd() -> None:
    settings = site_settings(parse_config(TEXT, source="s"))
    assert settings.queues["sales"].max_loan == 3
    carrier, network = settings.trunks["carrier"], settings.trunks["network"]
    assert (carrier.address, carrier.min_free, carrier.refer) == ("192.0.2.1:5060", 2, True)
    assert (carrier.plan_calls, network.plan_calls) == (True, False)
    assert (network.kind, network.transport, network.redirect_302) == ("network", "tcp", False)


@pytest.mark.parametrize(
    ("was", "now", "place"),
    [
        ("min_free: 2", "min_free: 30", "trunk_groups"),
        ("[net1, net2]", "[net1, carrier]", "stands twice"),
        ("name: network", "name: carrier", "stands twice"),
        ("user: nirc, ", "", "acd.ami.user"),
        ("kind: network", "kind: other", "kind"),
        ("secret_file", "secret", "secret"),
    ],
)
def test_a_wrong_section_is_refused_with_its_place(was: str, now: str, place: str) -> None:
    with pytest.raises(ConfigError) as caught:
        parse_config(TEXT.replace(was, now), source="s")
    assert place in str(caught.value)


def test_a_missing_secret_is_told_by_the_check(tmp_path: Path) -> None:
    path = tmp_path / "site.yaml"
    path.write_text(TEXT)
    with pytest.raises(ConfigError, match=r"acd\.ami\.secret_file"):
        load_settled(path)
    (tmp_path / "ami.secret").write_text("x")
    acd = load_settled(path).acd
    assert isinstance(acd, AsteriskConfig)
    assert acd.ami.secret_file == tmp_path / "ami.secret"


@pytest.mark.parametrize(
    ("ami", "words"),
    [
        ("127.0.0.1:5038", ""),
        ("localhost:5038", ""),
        ("192.0.2.7:5038", "not encrypted"),
        ("pbx.example:5038", "tls_ca"),
    ],
)
def test_plain_ami_to_another_machine_is_warned_of(ami: str, words: str) -> None:
    config = parse_config(TEXT.replace("127.0.0.1:5038", ami), source="s")
    told = warnings_of(config)
    assert bool(told) == bool(words) and all(words in one for one in told)
    safe = TEXT.replace('"127.0.0.1:5038"', f'"{ami}", tls_ca: ca.pem, tls_name: pbx.example')
    assert not warnings_of(parse_config(safe, source="s"))


def test_the_check_of_a_file_warns_and_calls_it_good(tmp_path: Path) -> None:
    (tmp_path / "ami.secret").write_text("not-a-real-secret")
    file = tmp_path / "site.yaml"
    file.write_text(TEXT.replace("127.0.0.1:5038", "192.0.2.7:5038"))
    said = CliRunner().invoke(app, ["config", "check", str(file)])
    assert said.exit_code == 0
    assert "warning: acd.ami.address" in said.output and "good (site lisbon" in said.output


def test_a_name_of_no_certificate_is_refused() -> None:
    with pytest.raises(ConfigError, match="tls_ca only"):
        parse_config(TEXT.replace("user: nirc", "user: nirc, tls_name: pbx"), source="s")
