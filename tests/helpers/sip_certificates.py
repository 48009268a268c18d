"""Certificates for SIP over TLS in tests, of throw-away authorities."""

from __future__ import annotations

import time
from pathlib import Path

from nirc.demo.throwaway_ca import ThrowawayCa
from nrcli.sip.tls_contexts import SipTls, SipTlsFiles


def tls_files(
    folder: Path, name: str, *, host: str = "127.0.0.1", names: tuple[str, ...] = ()
) -> SipTlsFiles:
    """A certificate of an authority of its own, which is all that it trusts."""
    files = ThrowawayCa(folder / f"ca-{name}", now_unix_s=time.time()).node(name, host)
    return SipTlsFiles(ca=files.ca, cert=files.cert, key=files.key, names=names)


def tls_pair(folder: Path, *, hosts: tuple[str, str] = ("127.0.0.1",) * 2) -> tuple[SipTls, SipTls]:
    """Two ends that trust the same authority."""
    ca = ThrowawayCa(folder / "ca", now_unix_s=time.time())
    made = [ca.node(f"n{index}", host) for index, host in enumerate(hosts)]
    one, two = (SipTls(SipTlsFiles(ca=f.ca, cert=f.cert, key=f.key)) for f in made)
    return one, two
