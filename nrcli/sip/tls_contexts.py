"""Makes TLS contexts for SIP from files, and says whether a far end's certificate is the right one.

Rule of this file: files are read at the start, and again when they change; a new file that cannot
be used leaves the old one in force. Whom a certificate speaks for is read from its subject
alternative names and from nothing else (RFC 5922 7.1).
"""

from __future__ import annotations

import logging
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class SipTlsFiles:
    """Where the files are, all PEM, and whom we speak with."""

    ca: Path
    "Authorities that sign the certificates of far ends."
    cert: Path
    "Our own certificate, and any between it and the authority's."
    key: Path
    names: tuple[str, ...] = ()
    """A far end's certificate must have one of these as a subject alternative name (DNS, IP address
    or `sip:` URI). None: one that we dial must have the IP address dialed."""


class SipTls:
    """The contexts of one process."""

    def __init__(self, files: SipTlsFiles) -> None:
        """Raises OSError (ssl.SSLError is one) where a file is missing or wrong."""
        self._files = files
        self._read_at = self._changed_at()
        self._server = self._context(ssl.PROTOCOL_TLS_SERVER, asks=True)
        self._open_server = self._context(ssl.PROTOCOL_TLS_SERVER, asks=False)
        self._client = self._context(ssl.PROTOCOL_TLS_CLIENT, asks=True)

    def server(self, *, asks: bool) -> ssl.SSLContext:
        """For connections that come; `asks`: the far end must show a certificate."""
        self._read_again()
        return self._server if asks else self._open_server

    def client(self) -> ssl.SSLContext:
        """For connections that we open."""
        self._read_again()
        return self._client

    def is_right(self, certificate: Mapping[str, Any] | None, host: str, *, dialed: bool) -> bool:
        """Is a certificate that the authorities vouch for that of whom we speak with?

        `certificate` as `ssl.SSLSocket.getpeercert` tells it; None: none was asked for.
        """
        if certificate is None:
            return not dialed
        wanted = {name.casefold() for name in self._files.names}
        if not wanted:
            if not dialed:
                return True
            wanted = {host.casefold()}
        shown = certificate.get("subjectAltName", ())
        return any(value.casefold() in wanted for _, value in shown)

    def _context(self, protocol: int, *, asks: bool) -> ssl.SSLContext:
        context = ssl.SSLContext(protocol)
        context.check_hostname = False
        context.verify_mode = ssl.CERT_REQUIRED if asks else ssl.CERT_NONE
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        self._load(context)
        return context

    def _load(self, context: ssl.SSLContext) -> None:
        context.load_cert_chain(self._files.cert, self._files.key)
        context.load_verify_locations(self._files.ca)

    def _changed_at(self) -> tuple[int, ...]:
        files = self._files
        return tuple(path.stat().st_mtime_ns for path in (files.ca, files.cert, files.key))

    def _read_again(self) -> None:
        """Take changed files for handshakes from now on; connections that stand go on."""
        try:
            changed_at = self._changed_at()
            if changed_at == self._read_at:
                return
            self._read_at = changed_at
            ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(
                self._files.cert, self._files.key
            )
            for context in (self._server, self._open_server, self._client):
                self._load(context)
        except OSError as error:
            log.warning("kept the old certificate for SIP: %s: %s", self._files.cert, error)
            return
        log.info("read the certificate for SIP again: %s", self._files.cert)
