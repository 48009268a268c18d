"""Writes the settings of a NIRC node as YAML, from the layout.

Rule of this file: text in, text out; the node itself checks what is written here.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from nirc.demo.layout import Layout, NodeLayout
from nirc.demo.site_files import TlsPaths

FAILSAFE_TTL_S = 4
RECORDS_FILE_S = 5.0
HISTORY = {"interval_s": 15.0, "sample_s": 1.0}
"The talks of the demo are short, and so is the time that somebody looks at it."


def node_yaml(
    layout: Layout, node: NodeLayout, folder: Path, *, valkey: Path, tls: TlsPaths | None
) -> str:
    """The settings file of one node; `folder` is its own, `valkey` the store's Unix socket."""
    link: dict[str, Any] = {"listen": node.link_address}
    if tls is not None:
        link["tls"] = tls.as_document()
    document: dict[str, Any] = {
        "node": node.name,
        "data_dir": str(folder),
        "link": link,
        "peers": [
            {"name": other.name, "address": other.link_address}
            for other in layout.nodes
            if other is not node
        ],
        "etcd": {"members": [member.endpoint for member in layout.etcd]},
        "redis": {"url": _redis_url(layout, valkey)},
        "admin": {
            "listen": node.http_address,
            "token_file": str(token_file(folder)),
        },
        "router": dict(layout.shape.router),
    }
    if layout.shape.keeps_records:
        document |= {"records": {"folder": str(records_folder(folder)), "file_s": RECORDS_FILE_S}}
        document["admin"]["history"] = dict(HISTORY)
    document |= layout.shape.telemetry
    if layout.shape.failsafe:
        document |= {"failsafe": True}
        document["etcd"]["ttl_s"] = FAILSAFE_TTL_S
    return yaml.safe_dump(document, sort_keys=False)


def _redis_url(layout: Layout, socket: Path) -> str:
    return f"redis://{layout.redis_address}/0" if layout.redis_address else f"unix://{socket}"


def token_file(folder: Path) -> Path:
    """Where a node with this folder writes the token of its HTTP API."""
    return folder / "admin.token"


def records_folder(folder: Path) -> Path:
    """Where the keeper of all nodes puts its files; `folder` is a node's own."""
    return folder.parent / "records"


def keeper_command(settings: Path) -> list[str]:
    """How a keeper of records is started, behind the interpreter."""
    return ["-m", "nirc", "records", "keep", "--config", str(settings)]


def node_command(settings: Path) -> list[str]:
    """How a node is started, behind the interpreter."""
    return ["-m", "nirc", "run", "--config", str(settings)]
