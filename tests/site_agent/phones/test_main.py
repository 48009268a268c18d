import socket
from pathlib import Path

import pytest

from site_agent.errors import ConfigError, StartError
from site_agent.phones.main import main


def test_a_bad_file_and_a_taken_port_are_told_in_our_words(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read"):
        main(tmp_path / "none.yaml")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        path = tmp_path / "phones.yaml"
        path.write_text(
            f'callers_listen: "127.0.0.1:{port}"\nivr_listen: "127.0.0.9:0"\n'
            'control_listen: "127.0.0.1:0"\n'
        )
        with pytest.raises(StartError, match="cannot listen"):
            main(path)
