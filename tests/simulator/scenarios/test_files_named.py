"""Files that a scenario names are looked into before it is run."""

from __future__ import annotations

from pathlib import Path

from scenario_texts import spec_of

from simulator.scenarios.files_named import file_faults

FILES = Path(__file__).parents[2] / "scenario_corpus/files"


def test_each_wrong_file_is_told_at_its_place() -> None:
    spec = spec_of().model_copy(update={"policy": "broken.yaml", "documents": ("nowhere.yaml",)})
    faults = file_faults(spec, FILES, "small.yaml")
    assert [(fault.source, fault.line, fault.place) for fault in faults] == [
        (str(FILES / "broken.yaml"), 5, "spec.rules[0].selct"),
        ("small.yaml", 0, "spec.documents[0]"),
    ]
