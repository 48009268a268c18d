"""The certificate of the node's HTTP API."""

import ssl
import time
from pathlib import Path

import pytest

from nirc.demo.throwaway_ca import ThrowawayCa
from nirc.errors import SettingsError
from nirc.links.admin_tls import server_tls


def test_a_good_certificate_is_offered(tmp_path: Path) -> None:
    files = ThrowawayCa(tmp_path, now_unix_s=time.time(), network="test").node("n1")
    context = server_tls(Path(files.cert), Path(files.key))
    assert context.minimum_version is ssl.TLSVersion.TLSv1_2


def test_a_bad_one_is_told_with_its_path(tmp_path: Path) -> None:
    bad = tmp_path / "cert.pem"
    bad.write_text("no certificate")
    with pytest.raises(SettingsError, match=r"cert\.pem"):
        server_tls(bad, bad)
