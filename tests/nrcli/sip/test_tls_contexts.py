"""Certificates: whom they speak for, and files that change."""

import dataclasses
import logging
import os
import shutil
from pathlib import Path

import pytest
from sip_certificates import tls_files

from nrcli.sip.tls_contexts import SipTls

CERTIFICATE = {"subjectAltName": (("DNS", "SBC.example"), ("IP Address", "10.0.0.9"))}


@pytest.mark.parametrize(
    ("names", "host", "dialed", "right"),
    [
        ((), "10.0.0.9", True, True),
        ((), "10.0.0.8", True, False),
        ((), "10.0.0.8", False, True),
        (("sbc.example",), "10.0.0.8", True, True),
        (("sbc.example",), "10.0.0.8", False, True),
        (("other.example",), "10.0.0.9", False, False),
        (("other.example",), "10.0.0.9", True, False),
    ],
)
def test_whom_a_certificate_speaks_for(
    tmp_path: Path, names: tuple[str, ...], host: str, dialed: bool, right: bool
) -> None:
    tls = SipTls(tls_files(tmp_path, "a", names=names))
    assert tls.is_right(CERTIFICATE, host, dialed=dialed) is right


def test_no_certificate_is_right_only_where_none_was_asked_for(tmp_path: Path) -> None:
    tls = SipTls(tls_files(tmp_path, "a"))
    assert tls.is_right(None, "10.0.0.9", dialed=False)
    assert not tls.is_right(None, "10.0.0.9", dialed=True)


def test_changed_files_are_read_and_broken_ones_leave_the_old(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    files, other = tls_files(tmp_path, "a"), tls_files(tmp_path, "b")
    tls = SipTls(files)
    before = tls.server(asks=True)
    files.cert.write_text("no certificate")
    os.utime(files.cert, ns=(1, 1))
    assert tls.server(asks=True) is before
    assert "kept the old certificate" in caplog.text
    shutil.copy(other.cert, files.cert)
    shutil.copy(other.key, files.key)
    assert tls.client() is tls.client()
    assert "read the certificate for SIP again" in caplog.text


def test_a_missing_file_is_an_oserror(tmp_path: Path) -> None:
    files = dataclasses.replace(tls_files(tmp_path, "a"), key=tmp_path / "none.key")
    with pytest.raises(OSError, match=r"No such file"):
        SipTls(files)
