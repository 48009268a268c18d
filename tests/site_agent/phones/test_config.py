from pathlib import Path

import pytest

from site_agent.errors import ConfigError
from site_agent.phones.agent_phone import Behaviour
from site_agent.phones.config import load_config
from site_agent.phones.plan import ReferMode

GOOD = """
callers_listen: "127.0.0.1:5080"
ivr_listen: "127.0.0.9:5080"
control_listen: "127.0.0.1:8199"
seed: 7
agents:
  - {name: anna, site: lisbon, listen: "127.0.0.1:6001", talk_s: [1, 2], behaviour: silent}
doors:
  - {site: lisbon, trunk_group: legacy, address: "127.0.0.1:5061", refer: refuse, weight: 2}
load: {calls: 10, over_s: 5}
"""


def _write(folder: Path, text: str) -> Path:
    path = folder / "phones.yaml"
    path.write_text(text)
    return path


def test_a_whole_file_becomes_the_settings_of_the_cores(tmp_path: Path) -> None:
    config = load_config(_write(tmp_path, GOOD))
    (anna,) = config.agent_settings()
    assert (anna.listen, anna.behaviour, anna.talk_s) == (
        ("127.0.0.1", 6001),
        Behaviour.SILENT,
        (1.0, 2.0),
    )
    assert anna.register_at is None
    load = config.load_settings()
    assert (load.calls, load.over_s, load.doors[0].refer) == (10, 5.0, ReferMode.REFUSE)


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ("seed: 7", "seed: many", "seed"),
        ("seed: 7", "colour: red", "colour"),
        ("127.0.0.1:6001", "nowhere", "agents.0.listen"),
        ("refer: refuse", "refer: maybe", "doors.0.refer"),
        ("calls: 10", "calls: -1", "load.calls"),
    ],
)
def test_a_bad_value_is_refused_with_its_place(
    tmp_path: Path, old: str, new: str, place: str
) -> None:
    path = _write(tmp_path, GOOD.replace(old, new))
    with pytest.raises(ConfigError) as refused:
        load_config(path)
    assert refused.value.place == f"{path}: {place}"


def test_a_file_that_is_none_or_no_yaml_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read"):
        load_config(tmp_path / "none.yaml")
    with pytest.raises(ConfigError, match="is not YAML"):
        load_config(_write(tmp_path, "a: [1"))


def test_a_phone_may_log_in_at_a_pbx(tmp_path: Path) -> None:
    register = ', register: {address: "127.0.0.1:5060", password: secret}}'
    text = GOOD.replace("behaviour: silent}", f"behaviour: silent{register}")
    (anna,) = load_config(_write(tmp_path, text)).agent_settings()
    assert (anna.register_at, anna.password) == (("127.0.0.1", 5060), "secret")
    assert "secret" not in repr(anna)
