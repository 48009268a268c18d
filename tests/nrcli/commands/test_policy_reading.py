"""Files for the commands: read whole, or the program ends with the place."""

from pathlib import Path

import pytest
import typer
from policy_texts import network_texts, policy_text

from nrcli.commands.policy_reading import (
    TOLD_EVERY,
    Source,
    document_of,
    one_policy,
    sources_of,
    typed,
    with_progress,
)
from routing_policies.errors import DocumentError


def test_a_folder_stands_for_its_yaml_files(tmp_path: Path) -> None:
    (tmp_path / "inside").mkdir()
    for name in ("b.yaml", "inside/a.yml", "notes.txt"):
        (tmp_path / name).write_text(policy_text())
    assert [Path(one.name).name for one in sources_of([tmp_path])] == ["b.yaml", "a.yml"]


def test_one_policy_is_one_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "p.yaml"
    file.write_text(policy_text("calm"))
    assert one_policy(file).document.name == "calm"
    for wrong, code in ((tmp_path, 2), (tmp_path / "absent", 2)):
        with pytest.raises(typer.Exit) as caught:
            one_policy(wrong)
        assert caught.value.exit_code == code
    file.write_text("kind: [")
    with pytest.raises(typer.Exit) as caught:
        one_policy(file)
    assert caught.value.exit_code == 5 and "^" in capsys.readouterr().err


def test_another_kind_is_no_policy() -> None:
    site = Source(name="site.yaml", text=network_texts("lisbon")["Site/lisbon"])
    assert document_of(site).kind == "Site"
    with pytest.raises(DocumentError, match="is a Site"):
        typed(site)


def test_progress_is_said_for_many_files_alone(capsys: pytest.CaptureFixture[str]) -> None:
    sources = [Source(name=str(i), text="") for i in range(TOLD_EVERY + 1)]
    assert list(with_progress(sources, "checked")) == sources
    assert capsys.readouterr().err == f"checked {TOLD_EVERY} of {TOLD_EVERY + 1} files\n"
    assert list(with_progress(sources[:TOLD_EVERY], "checked"))
    assert capsys.readouterr().err == ""
