"""Which queues serve a service follows from the documents."""

from __future__ import annotations

from router_network import documents

from nirc.core.active_policy import ActivePolicy
from nirc.core.queue_table import QueueTable
from nirc.core.settings import RouterSettings
from routing_policies.document import assemble

HEAD = "apiVersion: nirc/v1\n"


def test_before_documents_a_queue_of_the_same_name_serves() -> None:
    table = QueueTable()
    active = ActivePolicy(RouterSettings(), table)
    row = table.row("porto", "sales")
    assert active.knows("porto")
    assert active.rows("unknown", "sales") == [row]
    assert active.rows("unknown", "other") == []


def test_sites_name_the_queues_that_serve_a_service() -> None:
    site = "kind: Site\nmetadata: {name: %s}\nspec: {queues: [%s]}\n"
    service = "kind: NetworkService\nmetadata: {name: %s}\nspec: {queue: sales, aht_s: 42}\n"
    texts = {
        "Site/porto": site % ("porto", "{name: frontdesk, services: [sales]}"),
        "Site/faro": site % ("faro", "{name: sales, services: [vip]}"),
        "Site/beja": site % ("beja", ""),
        "NetworkService/sales": service % "sales",
        "NetworkService/vip": service % "vip",
    }
    table = QueueTable()
    active = ActivePolicy(RouterSettings(), table)
    front = table.row("porto", "frontdesk")
    faro, beja = table.row("faro", "sales"), table.row("beja", "sales")
    active.change(assemble({k: (HEAD + text, 1) for k, text in texts.items()}, 3), 1.0)
    assert active.rows("sales", "sales") == [front, beja]
    assert active.rows("vip", "sales") == [faro, beja]
    late = table.row("porto", "sales")
    assert active.rows("sales", "sales") == [front, beja, late]
    assert not active.knows("nowhere")
    active.change(documents(["porto"]))
    assert active.rows("sales", "sales") == [late]
