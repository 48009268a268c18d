from pathlib import Path

import pytest

from nrcli.wire.signatures import make_keys, signed
from site_agent.errors import ConfigError
from site_agent.peer_plan_config import PeerPlanConfig
from site_agent.peer_plan_file import PeerPlanFile, plan_trust


def test_what_was_saved_is_read_and_a_change_is_seen(tmp_path: Path) -> None:
    file = PeerPlanFile(tmp_path / "plan.yaml")
    assert (file.read().text, file.read().problem) == ("", "")
    assert file.changed() is None
    file.save("one: 1\n")
    changed = file.changed()
    assert changed is not None and changed.text == "one: 1\n" and file.changed() is None
    (tmp_path / "plan.yaml").write_bytes(b"\xff")
    changed = file.changed()
    assert changed is not None and "UTF-8" in changed.problem
    (tmp_path / "plan.yaml").unlink()
    changed = file.changed()
    assert changed is not None and (changed.text, changed.problem) == ("", "")


def test_a_bad_plan_put_there_by_hand_leaves_the_one_that_was_taken(tmp_path: Path) -> None:
    path = tmp_path / "plan.yaml"
    file = PeerPlanFile(path)
    assert [read.text for read in file.at_start()] == [""]
    file.save("good: 1\n")
    assert [read.text for read in PeerPlanFile(path).at_start()] == ["good: 1\n"]
    path.write_text("bad: 1\n")
    assert [read.text for read in PeerPlanFile(path).at_start()] == ["good: 1\n", "bad: 1\n"]
    path.unlink()
    assert [read.text for read in PeerPlanFile(path).at_start()] == ["good: 1\n", ""]
    path.write_text("by hand: 2\n")
    file.save("by hand: 2\n", by_hand=True)
    assert [read.text for read in PeerPlanFile(path).at_start()] == ["by hand: 2\n"]


def test_whom_the_settings_trust(tmp_path: Path) -> None:
    private, public, calls = make_keys(tmp_path / "a")
    stranger, _, _ = make_keys(tmp_path / "b")
    trust = plan_trust(PeerPlanConfig(public_key_file=public, call_key_file=calls))
    assert len(trust.call_key) == 32
    assert trust.problem_of(signed("a: 1\n", private)) == ""
    assert "another key" in trust.problem_of(signed("a: 1\n", stranger))
    assert "not signed" in trust.problem_of("a: 1\n")


def test_keys_that_are_none_are_told_with_their_place(tmp_path: Path) -> None:
    private, public, _ = make_keys(tmp_path)
    with pytest.raises(ConfigError, match="peer_plan"):
        plan_trust(PeerPlanConfig(public_key_file=private, call_key_file=public))
