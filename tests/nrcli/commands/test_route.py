"""`nrcli route`: nothing is asked without --dry-run. (Against a real node: test_policy_store.)"""

from pathlib import Path

from typer.testing import CliRunner

from nrcli.commands.main import app
from nrcli.commands.route import notes
from nrcli.wire.api_models import DomainLeader
from nrcli.wire.policy_models import DryRun


def test_calls_are_moved_by_sites_alone() -> None:
    done = CliRunner().invoke(app, ["route", "--origin", "lisbon", "--service", "sales"])
    assert done.exit_code == 2 and "add --dry-run" in done.stderr


def test_a_broken_policy_is_shown_before_anything_is_asked(tmp_path: Path) -> None:
    file = tmp_path / "broken.yaml"
    file.write_text("kind: [")
    words = ["route", "--dry-run", "--origin", "lisbon", "--service", "sales", "--policy"]
    done = CliRunner().invoke(app, [*words, str(file)])
    assert done.exit_code == 5 and "broken.yaml:1" in done.stderr


def test_what_a_call_would_need_and_the_question_lacked_is_noted() -> None:
    leads = DomainLeader(domain="default", leader="n2", generation=1, revision=2, leads_here=False)
    bare = DryRun(origin="lisbon", service="sales")
    told = notes(bare, "n1", [leads])
    assert "n1 does not lead" in told[0] and "ask n2" in told[0]
    assert "--trunk-group" in told[1]
    nobody = leads.model_copy(update={"leader": ""})
    assert "nobody leads" in notes(bare, "n1", [nobody])[0]
    here = leads.model_copy(update={"leads_here": True})
    assert notes(bare.model_copy(update={"trunk_group": "carrier"}), "n2", [here]) == []
