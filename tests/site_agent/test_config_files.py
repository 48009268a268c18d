"""Paths count from the settings file's folder; a missing certificate is told before the start."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from nrcli.wire.signatures import make_keys
from site_agent.__main__ import app
from site_agent.config_files import load_settled, open_secrets
from site_agent.errors import ConfigError

TEXT = """
site: lisbon
incarnation_file: run/state.json
history_file: /var/log/nirc/lisbon.jsonl
tls: {ca: tls/ca.pem, cert: tls/site.pem, key: tls/site.key}
local_http: {listen: "127.0.0.1:0", token_file: run/token}
acd:
  kind: sip_acd
  trunk_groups: [{name: carrier, listen: "127.0.0.1:0", peers: ["127.0.0.0/8"], channels_max: 20}]
  media: {kind: player, file: music.wav}
  queues: [{name: sales}]
"""
NAMED = ("tls/ca.pem", "tls/site.pem", "tls/site.key", "music.wav")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "site.yaml"
    path.write_text(TEXT)
    (tmp_path / "tls").mkdir()
    for name in NAMED:
        (tmp_path / name).touch()
    return path


def test_relative_paths_count_from_the_files_own_folder(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = file.parent
    monkeypatch.chdir(folder.parent)
    config = load_settled(Path(folder.name) / "site.yaml")
    assert config.incarnation_file == folder / "run/state.json"
    assert config.history_file == Path("/var/log/nirc/lisbon.jsonl")
    assert config.tls is not None and config.tls.key == folder / "tls/site.key"
    assert config.local_http is not None
    assert config.local_http.token_file == folder / "run/token"


@pytest.mark.parametrize(
    ("name", "place"),
    list(zip(NAMED, ("tls.ca", "tls.cert", "tls.key", "acd.media.file"), strict=True)),
)
def test_a_file_that_is_missing_is_named_by_the_check(file: Path, name: str, place: str) -> None:
    assert CliRunner().invoke(app, ["config", "check", str(file)]).exit_code == 0
    missing = file.parent / name
    missing.unlink()
    with pytest.raises(ConfigError) as caught:
        load_settled(file)
    assert str(caught.value).startswith(f"{file}: {place}: there is no file {missing} (")
    done = CliRunner().invoke(app, ["config", "check", str(file)])
    assert done.exit_code == 2 and "there is no file" in done.output


def test_what_one_of_a_pair_leaves_must_lie_where_the_other_sees_it(file: Path) -> None:
    pair = "pair: {name: a, folder: run, hosts: one}\n"
    file.write_text(TEXT + pair)
    config = load_settled(file)
    assert config.pair is not None and config.pair.folder == file.parent / "run"
    elsewhere = "journal: {file: elsewhere/journal}\n"
    file.write_text(TEXT + pair + elsewhere)
    with pytest.raises(
        ConfigError, match=r"journal.file: .*not in pair.folder.*write .*run/journal"
    ):
        load_settled(file)


def test_keys_of_the_plan_are_read_by_the_check(file: Path) -> None:
    sign, public, calls = make_keys(file.parent / "keys")
    plan = "peer_plan: {public_key_file: %s, call_key_file: %s}\n"
    for one, other, code, said in (
        (public, calls, 0, "good"),
        (sign, calls, 2, "sign.key: is no public key"),
        (public, public, 2, "sign.pub: is no key of plan calls"),
    ):
        file.write_text(TEXT + plan % (one, other))
        done = CliRunner().invoke(app, ["config", "check", str(file)])
        assert (done.exit_code, said in done.output) == (code, True), done.output


def test_the_password_of_freeswitch_must_be_there(tmp_path: Path) -> None:
    path = tmp_path / "site.yaml"
    path.write_text(
        "site: porto\nincarnation_file: state.json\nacd:\n  kind: freeswitch\n"
        "  password_file: esl.password\n  queues: [{name: sales}]\n  trunk_groups:\n"
        "    - {name: carrier, profile: external, address: '127.0.0.1:5080', channels_max: 9}\n"
    )
    with pytest.raises(ConfigError, match=r"acd.password_file: there is no file .*esl.password"):
        load_settled(path)
    (tmp_path / "esl.password").write_text("ClueCon")
    load_settled(path)
    path.with_name("esl.password").chmod(0o644)
    told = open_secrets(load_settled(path))
    assert len(told) == 1 and "mode 0644" in told[0] and "chmod 600" in told[0]
    path.with_name("esl.password").chmod(0o600)
    assert open_secrets(load_settled(path)) == ()
