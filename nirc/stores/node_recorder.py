"""Numbers this node's decisions and hands them, and what sites tell, to the record streams.

Rule of this file: without Redis nothing is kept here, and nothing is numbered.
"""

from __future__ import annotations

from dataclasses import dataclass

from nirc.core.actions import MoveRecord
from nirc.runtime.clock import wall_unix_s
from nirc.stores.redis_records import RedisRecords
from nirc.telemetry.decision_log import LoggedDecision, NodeDecision
from nrcli.wire.messages import SiteRecord
from nrcli.wire.record_tables import DECISIONS, table_of

MOVES = "moves"
"The stream of how moves ended."


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveEnded:
    """How a move ended, and when this node was told."""

    at_unix_s: float
    record: MoveRecord


class NodeRecorder:
    """Where the records of one start of a node go."""

    def __init__(self, node: str, incarnation: int, records: RedisRecords | None) -> None:
        """`incarnation`: seconds since 1970 at the start; None: there is no Redis."""
        self._node = node
        self._incarnation = incarnation
        self._records = records
        self._number = 0

    def decision(self, logged: LoggedDecision) -> None:
        """Keep a decision, for all nodes and for the files."""
        if self._records is None:
            return
        self._number += 1
        told = NodeDecision(
            node=self._node, logged=logged, incarnation=self._incarnation, number=self._number
        )
        self._records.append(DECISIONS.name, told)

    def act(self, stream: str, record: object) -> None:
        """Keep an administrative act."""
        if self._records is not None:
            self._records.append(stream, record)

    def of_site(self, record: SiteRecord | MoveRecord) -> None:
        """Keep what a site tells; of how a move ended there are no files."""
        if self._records is None:
            return
        if isinstance(record, MoveRecord):
            self._records.append(MOVES, MoveEnded(at_unix_s=wall_unix_s(), record=record))
        else:
            self._records.append(table_of(record).name, record)
