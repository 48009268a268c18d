"""The router's own tables for a model, as they are before the first report.

Rule of this file: made by the router's code from the model's documents, for both loops alike.
"""

from __future__ import annotations

from nirc.core.active_policy import ActivePolicy
from nirc.core.queue_table import QueueTable
from nirc.core.settings import RouterSettings
from nrcli.wire.messages import QueueReport
from simulator.model.instants import START_S
from simulator.model.network import NetworkModel


def router_tables(model: NetworkModel) -> tuple[QueueTable, ActivePolicy]:
    """Queues in the order of the model's rows, from row 1 on, and the policies in use."""
    table = QueueTable()
    for s, q in model.rows:
        table.row(model.sites[s].name, model.sites[s].queues[q].name)
    active = ActivePolicy(RouterSettings(), table)
    active.change(model.documents, START_S)
    active.hours.read(model.start_unix_s, START_S)
    active.hours.rows_grew(START_S)
    for row, (s, q) in enumerate(model.rows):
        queue = model.sites[s].queues[q]
        report = QueueReport(
            queue=queue.name,
            shared=queue.shared,
            aht_s=queue.aht_s,
            places_max=queue.places_max,
            max_loan=queue.max_loan,
            min_reserve=queue.min_reserve,
        )
        table.set_report(row + 1, report, START_S)
    return table, active
