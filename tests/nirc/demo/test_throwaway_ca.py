"""The throw-away authority."""

from __future__ import annotations

import stat
from pathlib import Path

from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID

from nirc.demo.throwaway_ca import ThrowawayCa
from nrcli.wire.tls import read_tls

NOW_UNIX_S = 1_800_000_000.0


def test_files_are_for_their_owner_only(tmp_path: Path) -> None:
    ca = ThrowawayCa(tmp_path / "tls", now_unix_s=NOW_UNIX_S)
    files = ca.site("lisbon")
    assert stat.S_IMODE((tmp_path / "tls").stat().st_mode) == 0o700
    assert stat.S_IMODE(files.key.stat().st_mode) == 0o600
    assert sorted(path.name for path in (tmp_path / "tls").iterdir()) == [
        "ca.pem",
        "site-lisbon.key",
        "site-lisbon.pem",
    ]


def test_names_and_uses(tmp_path: Path) -> None:
    ca = ThrowawayCa(tmp_path / "tls", network="net", now_unix_s=NOW_UNIX_S)
    assert str(read_tls(ca.site("a.b")).identity) == "spiffe://net/shared/site/a.b"
    assert str(read_tls(ca.node("n1")).identity) == "spiffe://net/shared/node/n1"
    uses = {
        name: x509.load_pem_x509_certificate(files.cert.read_bytes())
        .extensions.get_extension_for_class(x509.ExtendedKeyUsage)
        .value
        for name, files in (("site", ca.site("a")), ("node", ca.node("a")))
    }
    assert ExtendedKeyUsageOID.SERVER_AUTH not in uses["site"]
    assert ExtendedKeyUsageOID.SERVER_AUTH in uses["node"]


def test_it_lives_some_hours(tmp_path: Path) -> None:
    files = ThrowawayCa(tmp_path / "tls", now_unix_s=NOW_UNIX_S, hours=2).site("a")
    certificate = x509.load_pem_x509_certificate(files.cert.read_bytes())
    assert certificate.not_valid_before_utc.timestamp() == NOW_UNIX_S - 300
    assert certificate.not_valid_after_utc.timestamp() == NOW_UNIX_S + 7200
