"""One node that leads, with one etcd member of its own and without Redis."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from etcd_cluster import EtcdCluster
from node_process import NodeProcess, nodes_of


@contextmanager
def lone_node(folder: Path, **more: Any) -> Iterator[NodeProcess]:
    """`more`: further settings of the node."""
    etcd = EtcdCluster(folder / "etcd")
    (node,) = nodes_of(folder, etcd.addresses, None, 1, **more)
    etcd.start()
    try:
        node.start()
        node.wait_until(node.leads)
        yield node
    finally:
        node.kill()
        etcd.stop()
