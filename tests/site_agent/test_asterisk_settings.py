"""The section of the file as the adapter's settings; the secret from a file of its own."""

from pathlib import Path

import pytest

from site_agent.asterisk_config import AmiConfig, AsteriskConfig
from site_agent.asterisk_settings import asterisk_settings, session_settings
from site_agent.errors import ConfigError

CONFIG = AsteriskConfig.model_validate(
    {
        "kind": "asterisk",
        "ami": {"address": "127.0.0.1:5038", "user": "nirc", "secret_file": "x"},
        "queues": [{"name": "sales", "acw_s": 5, "ring_s": 12, "places_max": 9}],
        "trunk_groups": [
            {"name": "carrier", "address": "192.0.2.1:5060", "channels_max": 30},
            {
                "name": "net",
                "endpoints": ["a", "b"],
                "address": "192.0.2.1:5061",
                "channels_max": 4,
                "allow": {"refer": False},
            },
        ],
        "hold_s_max": 30,
        "agent_data_keys": ["customer"],
        "other_queues": ["*"],
    }
)


def test_names_and_units_are_carried_over() -> None:
    settings = asterisk_settings(CONFIG)
    (queue,) = settings.queues
    assert (queue.acw_s, queue.ring_s, queue.places_max) == (5.0, 12.0, 9)
    carrier, net = settings.trunk_groups
    assert (carrier.endpoints, carrier.refer) == (("carrier",), True)
    assert (net.endpoints, net.refer, net.redirect_302) == (("a", "b"), False, True)
    assert (settings.hold_s_max, settings.agent_data_keys) == (30.0, ("customer",))
    assert settings.other_queues == ("*",)


def test_the_secret_is_a_files_only_line(tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_text("s3 \n")
    config = AmiConfig(address="127.0.0.1:5038", user="nirc", secret_file=file)
    assert session_settings(config).secret == "s3"
    file.write_text("\n")
    with pytest.raises(ConfigError, match="empty"):
        session_settings(config)
    file.unlink()
    with pytest.raises(ConfigError, match="cannot be read"):
        session_settings(config)
