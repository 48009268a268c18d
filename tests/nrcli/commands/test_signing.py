from pathlib import Path

from typer.testing import CliRunner

from nrcli.commands.main import app

RUN = CliRunner()
HEAD = "apiVersion: nirc/v1\n"
SITE = HEAD + "kind: Site\nmetadata: {name: %s}\nspec: {queues: [{name: sales}]}\n"
SERVICE = HEAD + "kind: NetworkService\nmetadata: {name: sales}\nspec: {queue: sales}\n"
TABLE = HEAD + (
    "kind: SiteTable\nmetadata: {name: t}\nspec: {addresses: ["
    "{site: a, trunk_group: network, host: 10.0.0.1, port: 1},"
    "{site: b, trunk_group: network, host: 10.0.0.2, port: 1}]}\n"
)
PLAN = HEAD + (
    "kind: PeerPlan\nmetadata: {name: network}\n"
    'spec: {serial: 7, valid_until: "%s-01-01T00:00:00Z"}\n'
)


def run(*words: object, code: int = 0) -> str:
    result = RUN.invoke(app, [str(word) for word in words])
    assert result.exit_code == code, result.output
    return result.output


def test_a_plan_is_drafted_signed_and_verified(tmp_path: Path) -> None:
    folder, keys, plan = tmp_path / "documents", tmp_path / "keys", tmp_path / "plan.yaml"
    folder.mkdir()
    for name, text in (("a", SITE % "a"), ("b", SITE % "b"), ("s", SERVICE), ("t", TABLE)):
        (folder / f"{name}.yaml").write_text(text)
    assert "plan-calls.key" in run("keys", keys)
    plan.write_text(run("peer-plan", folder, "--serial", 4))
    run("verify", plan, "--key", keys / "sign.pub", code=1)
    run("sign", plan, "--key", keys / "sign.key")
    assert "PeerPlan/network is signed" in run("verify", plan, "--key", keys / "sign.pub")
    plan.write_text(plan.read_text().replace("serial: 4", "serial: 5"))
    assert "changed" in run("verify", plan, "--key", keys / "sign.pub", code=1)


def test_mistakes_are_one_line_and_change_nothing(tmp_path: Path) -> None:
    run("keys", tmp_path)
    assert "is there already" in run("keys", tmp_path, code=2)
    file = tmp_path / "x.yaml"
    file.write_text("kind: Nothing\n")
    run("sign", file, "--key", tmp_path / "sign.key", code=5)
    assert file.read_text() == "kind: Nothing\n"
    file.write_text(SITE % "a")
    assert "nrcli keys" in run("sign", file, "--key", tmp_path / "sign.pub", code=2)
    assert file.read_text() == SITE % "a"
    assert "no such folder" in run("peer-plan", tmp_path / "none", code=2)
    (tmp_path / "empty").mkdir()
    assert "no Site" in run("peer-plan", tmp_path / "empty", code=5)


def test_a_plan_that_is_over_is_told_so_and_never_called_good(tmp_path: Path) -> None:
    run("keys", tmp_path)
    plan = tmp_path / "plan.yaml"
    for ends, code, said in (("2099", 0, "serial 7, good until 2099"), ("2020", 1, "but over")):
        plan.write_text(PLAN % ends)
        run("sign", plan, "--key", tmp_path / "sign.key")
        assert said in run("verify", plan, "--key", tmp_path / "sign.pub", code=code)
