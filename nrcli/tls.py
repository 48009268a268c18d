"""TLS files for the programs beside the nodes. The definitions are those of the wire."""

from nrcli.wire.tls import Identity, TlsFiles, TlsMaterial, read_tls

__all__ = ["Identity", "TlsFiles", "TlsMaterial", "read_tls"]
