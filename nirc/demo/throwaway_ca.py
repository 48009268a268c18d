"""Makes a certificate authority that lives for some hours, for the demo and for tests.

Rule of this file: keys are readable by their owner only, in a folder of their own; nothing here is
meant to outlive the network it was made for. A site's certificate can not be used to serve.
"""

from __future__ import annotations

import datetime
import os
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from nirc.demo.layout import LOOPBACK
from nrcli.wire.tls import NODE, SITE, Identity, TlsFiles

CLOCK_SKEW_S = 300.0


class ThrowawayCa:
    """An authority for one network. Its own key is never written to disk."""

    def __init__(
        self, folder: Path, *, now_unix_s: float, network: str = "demo", hours: float = 12.0
    ) -> None:
        """Writes `ca.pem` into `folder`, which is made, readable by its owner only.

        `now_unix_s` is wall time; certificates are good from some minutes before it.
        """
        self.network = network
        self._folder = folder
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.chmod(0o700)
        now = datetime.datetime.fromtimestamp(now_unix_s, tz=datetime.UTC)
        self._from = now - datetime.timedelta(seconds=CLOCK_SKEW_S)
        self._until = now + datetime.timedelta(hours=hours)
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = _name(f"{network} throw-away authority")
        own = self._builder(self._name, self._key.public_key())
        own = own.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        own = own.add_extension(_ca_usage(), critical=True)
        self.ca_file = folder / "ca.pem"
        self.ca_file.write_bytes(_pem(own.sign(self._key, hashes.SHA256())))

    def site(self, name: str) -> TlsFiles:
        """Files for a site agent: it connects, and never serves."""
        return self._leaf(SITE, name, [ExtendedKeyUsageOID.CLIENT_AUTH])

    def node(self, name: str, host: str = LOOPBACK) -> TlsFiles:
        """Files for a node: it serves on the address `host`, and connects to other nodes."""
        uses = [ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH]
        return self._leaf(NODE, name, uses, host)

    def _leaf(
        self, kind: str, name: str, uses: list[x509.ObjectIdentifier], host: str = LOOPBACK
    ) -> TlsFiles:
        identity = Identity(network=self.network, kind=kind, name=name)
        key = ec.generate_private_key(ec.SECP256R1())
        names: list[x509.GeneralName] = [
            x509.UniformResourceIdentifier(str(identity)),
            x509.DNSName("localhost"),
            x509.IPAddress(ip_address(host)),
        ]
        builder = self._builder(_name(f"{kind} {name}"), key.public_key())
        builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
        builder = builder.add_extension(x509.ExtendedKeyUsage(uses), critical=False)
        builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), True)
        files = TlsFiles(
            ca=self.ca_file,
            cert=self._folder / f"{kind}-{name}.pem",
            key=self._folder / f"{kind}-{name}.key",
        )
        files.cert.write_bytes(_pem(builder.sign(self._key, hashes.SHA256())))
        _write_key(files.key, key)
        return files

    def _builder(
        self, subject: x509.Name, key: ec.EllipticCurvePublicKey
    ) -> x509.CertificateBuilder:
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self._name)
            .public_key(key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(self._from)
            .not_valid_after(self._until)
        )


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text[:64])])


def _ca_usage() -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=False,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=True,
        crl_sign=True,
        encipher_only=False,
        decipher_only=False,
    )


def _pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)


def _write_key(path: Path, key: ec.EllipticCurvePrivateKey) -> None:
    data = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(data)
