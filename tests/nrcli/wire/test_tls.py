"""TLS files, and who certificates speak for."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from link_ends import new_ca

from nrcli.errors import SettingsError
from nrcli.wire.tls import Identity, TlsFiles, parse_identity, peer_identity, read_tls


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> TlsFiles:
    return new_ca(tmp_path_factory.mktemp("tls")).site("lisbon")


def test_good_files_are_read(files: TlsFiles) -> None:
    assert read_tls(files).identity == Identity(network="demo", kind="site", name="lisbon")


@pytest.mark.parametrize("which", ["ca", "cert", "key"])
def test_a_missing_file_is_named(files: TlsFiles, which: str, tmp_path: Path) -> None:
    gone = tmp_path / "gone.pem"
    with pytest.raises(SettingsError, match=r"gone\.pem: cannot be read: No such file") as error:
        read_tls(replace(files, **{which: gone}))
    assert error.value.place == str(gone)
    assert error.value.remedy


@pytest.mark.parametrize(
    ("which", "problem"),
    [("ca", "no PEM certificate"), ("cert", "no PEM certificate"), ("key", "no PEM private key")],
)
def test_a_wrong_file_is_named(files: TlsFiles, which: str, problem: str, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.pem"
    wrong.write_text("hello")
    with pytest.raises(SettingsError, match=problem) as error:
        read_tls(replace(files, **{which: wrong}))
    assert error.value.place == str(wrong)


def test_a_key_of_another_certificate_is_told(files: TlsFiles, tmp_path: Path) -> None:
    other = new_ca(tmp_path / "other").site("lisbon")
    with pytest.raises(SettingsError, match="is not the key of"):
        read_tls(replace(files, key=other.key))


def test_a_certificate_without_a_name_is_told(files: TlsFiles) -> None:
    with pytest.raises(SettingsError, match="does not name one site or node"):
        read_tls(replace(files, cert=files.ca))


@pytest.mark.parametrize(
    ("uri", "kind_and_name"),
    [
        ("spiffe://demo/shared/site/lisbon", ("site", "lisbon")),
        ("spiffe://demo/shared/node/n1", ("node", "n1")),
        ("spiffe://demo/shared/admin/eve", None),
        ("spiffe://demo/shared/site/", None),
        ("spiffe:///shared/site/lisbon", None),
        ("spiffe://demo/shared/site/lisbon/more", None),
        ("spiffe://demo/other/site/lisbon", None),
        ("https://demo/shared/site/lisbon", None),
        ("lisbon", None),
        ("", None),
    ],
)
def test_identities(uri: str, kind_and_name: tuple[str, str] | None) -> None:
    identity = parse_identity(uri)
    assert (identity and (identity.kind, identity.name)) == kind_and_name
    if identity:
        assert str(identity) == uri


def test_the_other_end_is_who_its_certificate_names() -> None:
    site = b"spiffe://demo/shared/site/lisbon"
    key = "x509_subject_alternative_name"
    one = peer_identity({key: [b"localhost", site, b"127.0.0.1"]})
    assert one is not None
    assert one.name == "lisbon"
    assert peer_identity({"peer_spiffe_id": [site]}) == one
    assert peer_identity({key: [site, b"spiffe://demo/shared/site/porto"]}) is None
    assert peer_identity({key: [b"localhost", b"\xff\xfe"]}) is None
    assert peer_identity({}) is None
