"""Seed and commit replay a run."""

import re

from simulator.studies.commit import commit


def test_it_is_a_hash_or_a_version() -> None:
    assert re.fullmatch(r"[0-9a-f]{12}\+?|nirc \d.*", commit())
