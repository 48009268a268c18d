"""One text, compiled or as it is, named by all that it is made of."""

from __future__ import annotations

import ast
from pathlib import Path

from simulator.compiled.loop_source import (
    DIRECT,
    INLINED,
    interpreted_loop,
    is_kept,
    loop_text,
    module_of,
    name_of,
)


def test_switches_stand_in_the_text_and_nothing_of_the_loop_is_imported() -> None:
    text = loop_text(DIRECT, {"RINGS"})
    assert "RINGS = True" in text
    assert "FAULTS = False" in text
    assert not any(f"simulator.compiled.{name} import" in text for name in DIRECT)
    ast.parse(text)


def test_the_entry_alone_is_left_undecorated() -> None:
    text = loop_text(DIRECT, (), entry="run")
    assert f"{INLINED}\ndef run(" not in text
    assert f"{INLINED}\ndef heap_push(" in text
    assert text.count("\ndef ") == loop_text(DIRECT, ()).count("\ndef ")


def test_the_loop_as_it_is_has_its_functions() -> None:
    module = interpreted_loop(DIRECT, {"ASKS"})
    assert module.ASKS is True
    assert module.SKILLS is False
    assert callable(module.run)


def test_a_module_is_a_file_of_its_own_and_found_again(tmp_path: Path) -> None:
    text = "ANSWER = 42\n"
    module = module_of(text, "trial", tmp_path)
    assert module.ANSWER == 42
    assert module_of(text, "trial", tmp_path) is module
    assert (tmp_path / f"{name_of(text, 'trial')}.py").read_text() == text
    assert not is_kept(DIRECT, (), "run", tmp_path)
