"""Reads certificates and keys, and says who a certificate speaks for.

Rule of this file: a file that is missing or wrong is named, with the remedy, before any connection
is tried. Who the other end is comes from the URI name in its certificate and from nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import grpc
from cryptography import x509
from cryptography.hazmat.primitives import serialization

from nrcli.errors import SettingsError

SITE, NODE = "site", "node"
_PUBLIC_FORM = (
    serialization.Encoding.DER,
    serialization.PublicFormat.SubjectPublicKeyInfo,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class TlsFiles:
    """Where the files are; all PEM."""

    ca: Path
    "Certificates of the authorities whose word on identities is taken."
    cert: Path
    "Our own certificate, and any between it and the authority's."
    key: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Whom a certificate speaks for: `spiffe://<network>/shared/<kind>/<name>`."""

    network: str
    kind: str
    "`site` or `node`."
    name: str

    def __str__(self) -> str:
        return f"spiffe://{self.network}/shared/{self.kind}/{self.name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class TlsMaterial:
    """What the files hold."""

    ca: bytes
    cert: bytes
    key: bytes
    identity: Identity

    def server_credentials(self) -> grpc.ServerCredentials:
        """Credentials of a server that asks every client for its certificate."""
        return grpc.ssl_server_credentials(
            [(self.key, self.cert)], root_certificates=self.ca, require_client_auth=True
        )

    def channel_credentials(self) -> grpc.ChannelCredentials:
        """Credentials of a client that shows its certificate."""
        return grpc.ssl_channel_credentials(
            root_certificates=self.ca, private_key=self.key, certificate_chain=self.cert
        )


def parse_identity(uri: str) -> Identity | None:
    """The identity that a URI name says, or None if it is not of our form."""
    scheme, _, rest = uri.partition("://")
    parts = rest.split("/")
    if scheme != "spiffe" or len(parts) != 4 or parts[1] != "shared" or not all(parts):
        return None
    if parts[2] not in (SITE, NODE):
        return None
    return Identity(network=parts[0], kind=parts[2], name=parts[3])


def _only_identity(uris: Iterable[str]) -> Identity | None:
    found = [identity for uri in uris if (identity := parse_identity(uri))]
    return found[0] if len(found) == 1 else None


def peer_identity(auth_context: Mapping[str, Iterable[bytes]]) -> Identity | None:
    """Who the other end of a gRPC connection is, from the certificate that TLS has checked.

    None without a certificate, or where it names nobody or more than one.
    """
    names = auth_context.get("x509_subject_alternative_name") or auth_context.get("peer_spiffe_id")
    return _only_identity(name.decode("utf-8", "replace") for name in names or ())


def read_tls(files: TlsFiles) -> TlsMaterial:
    """Reads and checks all three files; raises SettingsError naming the file and the remedy."""
    ca, cert, key = (_read(path) for path in (files.ca, files.cert, files.key))
    _certificate(files.ca, ca)
    certificate = _certificate(files.cert, cert)
    identity = _identity(files.cert, certificate)
    try:
        private = serialization.load_pem_private_key(key, password=None)
    except (ValueError, TypeError) as error:
        problem = "is no PEM private key without a password"
        raise SettingsError(str(files.key), problem, "give the key as PKCS#8 PEM") from error
    if private.public_key().public_bytes(*_PUBLIC_FORM) != certificate.public_key().public_bytes(
        *_PUBLIC_FORM
    ):
        remedy = "give the key that the certificate was made for"
        raise SettingsError(str(files.key), f"is not the key of {files.cert}", remedy)
    return TlsMaterial(ca=ca, cert=cert, key=key, identity=identity)


def _read(path: Path) -> bytes:
    try:
        return Path(path).read_bytes()
    except OSError as error:
        remedy = "give the path of a PEM file that this user may read"
        raise SettingsError(str(path), f"cannot be read: {error.strerror}", remedy) from error


def _certificate(path: Path, data: bytes) -> x509.Certificate:
    try:
        return x509.load_pem_x509_certificates(data)[0]
    except ValueError as error:
        remedy = "the file must begin with -----BEGIN CERTIFICATE-----"
        raise SettingsError(str(path), "holds no PEM certificate", remedy) from error


def _identity(path: Path, certificate: x509.Certificate) -> Identity:
    try:
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        uris = names.get_values_for_type(x509.UniformResourceIdentifier)
    except x509.ExtensionNotFound:
        uris = []
    identity = _only_identity(uris)
    if identity is None:
        raise SettingsError(
            str(path),
            "does not name one site or node",
            "it needs one URI name like spiffe://<network>/shared/site/<name>",
        )
    return identity
