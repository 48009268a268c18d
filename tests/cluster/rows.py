"""The fault matrix: every row, by name, in the order in which the table shows them.

Rule of this file: it joins the groups; what is done stands in theirs. What people see is said
beside each fault, and judged by the same checkers for every row.
"""

from __future__ import annotations

from tests.cluster import (
    rows_etcd,
    rows_leader,
    rows_links,
    rows_pair,
    rows_people,
    rows_sip,
    rows_sites,
    rows_store,
)
from tests.cluster.row_run import Row

GROUPS: dict[str, tuple[Row, ...]] = {
    "NIRC": rows_leader.ROWS,
    "etcd": rows_etcd.ROWS,
    "store": rows_store.ROWS,
    "sites": rows_sites.ROWS,
    "pairs": rows_pair.ROWS,
    "links": rows_links.ROWS,
    "SIP": rows_sip.ROWS,
    "people": rows_people.ROWS,
}
ROWS: dict[str, Row] = {row.name: row for rows in GROUPS.values() for row in rows}
