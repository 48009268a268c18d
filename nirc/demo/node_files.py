"""Writes the settings of a NIRC node as YAML, from the layout.

Rule of this file: text in, text out; the node itself checks what is written here.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from nirc.demo.layout import LOOPBACK, Layout, NodeLayout
from nirc.demo.site_files import TlsPaths


def node_yaml(
    layout: Layout, node: NodeLayout, folder: Path, *, valkey: Path, tls: TlsPaths | None
) -> str:
    """The settings file of one node; `folder` is its own, `valkey` the store's Unix socket."""
    link: dict[str, Any] = {"listen": f"{LOOPBACK}:{node.link_port}"}
    if tls is not None:
        link["tls"] = tls.as_document()
    document: dict[str, Any] = {
        "node": node.name,
        "data_dir": str(folder),
        "link": link,
        "peers": [
            {"name": other.name, "address": f"{LOOPBACK}:{other.link_port}"}
            for other in layout.nodes
            if other is not node
        ],
        "etcd": {"members": [member.endpoint for member in layout.etcd]},
        "redis": {"url": f"unix://{valkey}"},
        "admin": {
            "listen": f"{LOOPBACK}:{node.http_port}",
            "token_file": str(token_file(folder)),
        },
        "router": dict(layout.shape.router),
    }
    return yaml.safe_dump(document, sort_keys=False)


def token_file(folder: Path) -> Path:
    """Where a node with this folder writes the token of its HTTP API."""
    return folder / "admin.token"


def node_command(settings: Path) -> list[str]:
    """How a node is started, behind the interpreter."""
    return ["-m", "nirc", "run", "--config", str(settings)]
