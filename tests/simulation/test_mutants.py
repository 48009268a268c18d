"""Each planted mutant is found from its recorded case by the checker that must find it.

How many seeds a search needs for each, `python tests/simulation/find_mutants.py` tells.
"""

from __future__ import annotations

import pytest
from mutant_cases import kinds_of, run
from mutant_records import FOLDER, recorded
from mutant_table import MUTANTS
from mutants import planted


@pytest.mark.parametrize("name", MUTANTS)
def test_it_is_found_and_the_real_core_is_clean(name: str) -> None:
    mutant = MUTANTS[name]
    case = recorded(mutant)
    again = f'make mutants ARGS="--only {name} --keep" searches anew, and keeps what it finds'
    assert mutant.found_by in kinds_of(run(mutant, case)), f"not found any more: {again}"
    assert run(mutant, case, plant=False) == (), f"not clean without it: {again}"


def test_every_recorded_case_has_its_mutant() -> None:
    assert {path.stem for path in FOLDER.glob("*.json")} == set(MUTANTS)


def test_nothing_of_a_mutant_is_left_behind() -> None:
    for mutant in MUTANTS.values():
        owners = [(patch.owner, patch.name) for patch in mutant.patches]
        before = [_of(owner, name) for owner, name in owners]
        with pytest.raises(KeyError, match="broken off"), planted(mutant):
            assert all(_of(*one) is not was for one, was in zip(owners, before, strict=True))
            raise KeyError("broken off")
        assert [_of(owner, name) for owner, name in owners] == before


def _of(owner: object, name: object) -> object:
    return owner[name] if isinstance(owner, dict) else getattr(owner, str(name))
