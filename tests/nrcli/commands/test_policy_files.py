"""`nrcli policy check|test|lint|diff|schema` on files alone: what is said, and the exit codes."""

import json
from pathlib import Path

import pytest
from policy_texts import network_texts, policy_text
from typer.testing import CliRunner, Result

from nrcli.commands.main import app

GOOD = """\
apiVersion: nirc/v1
kind: RoutingPolicy
metadata: {name: default}
spec:
  rules:
    - name: idle
      when: call.waited_s > 10
      select: longest_available
      action: route
  otherwise: {action: queue_at_origin}
  tests:
    - name: a waiting caller goes to an idle agent
      call: {origin: lisbon, service: sales, waited_s: 20}
      queues:
        - {site: lisbon, queue: sales}
        - {site: porto, queue: sales, ready_count: 1}
      expect: {site: porto}
    - name: a new caller stays
      call: {origin: lisbon, service: sales}
      queues:
        - {site: porto, queue: sales, ready_count: 1}
      expect: {rule: otherwise}
"""


def nrcli(*words: object, text: str = "") -> Result:
    return CliRunner().invoke(app, [str(word) for word in words], input=text)


@pytest.fixture
def good(tmp_path: Path) -> Path:
    file = tmp_path / "good.yaml"
    file.write_text(GOOD)
    return file


def test_a_good_policy(good: Path) -> None:
    done = nrcli("policy", "check", good)
    assert done.exit_code == 0 and "default: 1 rules, 2 cases" in done.stdout
    assert nrcli("policy", "check", "-", text=GOOD).exit_code == 0


def test_a_mistake_is_shown_with_line_caret_and_remedy(good: Path) -> None:
    good.write_text(GOOD.replace("call.waited_s", "call.waited"))
    done = nrcli("policy", "check", good)
    assert done.exit_code == 5
    lines = done.stderr.splitlines()
    assert "good.yaml:7" in lines[0] and "call.waited_s" in lines[0]
    picture = lines.index("          when: call.waited > 10")
    assert lines[picture + 1].strip("^ ") == "" and "^" in lines[picture + 1]
    told = json.loads(nrcli("--json", "policy", "check", good).stdout)["files"][0]
    assert not told["good"] and told["faults"][0]["line"] == 7 and told["faults"][0]["remedy"]


def test_every_file_of_a_folder_is_looked_at(good: Path) -> None:
    (good.parent / "wrong.yaml").write_text(GOOD.replace("longest_available", "longest"))
    (good.parent / "site.yml").write_text(network_texts("lisbon")["Site/lisbon"])
    done = nrcli("policy", "check", good.parent)
    assert done.exit_code == 5 and "good.yaml" in done.stdout
    assert "2 of 3 files are wrong" in done.stderr and "is a Site, no RoutingPolicy" in done.stderr


def test_it_is_said_how_far_many_files_are(tmp_path: Path) -> None:
    for i in range(201):
        (tmp_path / f"p{i}.yaml").write_text(policy_text(f"p{i}"))
    done = nrcli("policy", "check", tmp_path)
    assert done.exit_code == 0 and "checked 100 of 201 files" in done.stderr


def test_names_are_looked_up_in_the_network(good: Path, tmp_path: Path) -> None:
    network = tmp_path / "network"
    network.mkdir()
    for key, text in network_texts("lisbon").items():
        (network / (key.replace("/", "-") + ".yaml")).write_text(text)
    redirect = tmp_path / "redirect.yaml"
    to = "action: redirect\n      to: {site: porot, queue: sales}"
    redirect.write_text(
        GOOD.partition("  tests:")[0].replace("select: longest_available\n      action: route", to)
    )
    assert nrcli("policy", "check", redirect).exit_code == 0
    done = nrcli("policy", "check", redirect, "--network", network)
    assert done.exit_code == 5 and "redirect.yaml" in done.stderr and "porot" in done.stderr
    assert nrcli("policy", "check", good, "--network", network).exit_code == 0


def test_cases_pass_or_tell_why_not(good: Path) -> None:
    done = nrcli("policy", "test", good)
    assert done.exit_code == 0 and "2 passed, 0 failed" in done.stdout
    good.write_text(GOOD.replace("expect: {site: porto}", "expect: {site: faro}"))
    done = nrcli("policy", "test", good)
    assert done.exit_code == 5
    assert "FAIL" in done.stdout and "expected site faro, got porto" in done.stdout
    done = nrcli("policy", "test", good, "--case", "new caller")
    assert done.exit_code == 0 and "1 passed" in done.stdout
    told = json.loads(nrcli("--json", "policy", "test", good).stdout)
    assert (told["passed"], told["failed"]) == (1, 1)


def test_lint_warns_and_refuses(good: Path, tmp_path: Path) -> None:
    assert nrcli("policy", "lint", good, "--strict").exit_code == 0
    bare = tmp_path / "bare.yaml"
    bare.write_text(policy_text())
    assert nrcli("policy", "lint", bare).exit_code == 0
    done = nrcli("policy", "lint", bare, "--strict")
    assert done.exit_code == 5 and "0 errors, 2 warnings" in done.stdout
    assert json.loads(nrcli("--json", "policy", "lint", bare).stdout)["findings"]


def test_lint_notes_rules_without_a_case_and_looks_at_a_folder_as_one(tmp_path: Path) -> None:
    (tmp_path / "p.yaml").write_text(
        GOOD.replace(
            "rules:",
            "rules:\n    - {name: never-seen, when: call.waited_s > 9000, "
            "select: rotary, action: route}",
            1,
        )
    )
    done = nrcli("policy", "lint", tmp_path, "--strict")
    assert done.exit_code == 0 and "no test ends in rule never-seen" in done.stdout
    assert "0 errors, 0 warnings, 1 notes" in done.stdout
    for name, text in network_texts("lisbon").items():
        (tmp_path / f"{name.replace('/', '-')}.yaml").write_text(text)
    done = nrcli("policy", "lint", tmp_path)
    assert done.exit_code == 0 and "Site-lisbon.yaml" in done.stdout


def test_a_difference_is_said_in_words(good: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.yaml"
    other.write_text(GOOD.replace("waited_s > 10", "waited_s > 30"))
    done = nrcli("policy", "diff", good, other)
    assert done.exit_code == 0 and "30" in done.stdout and "10" in done.stdout
    assert "nothing differs" in nrcli("policy", "diff", good, good).stdout
    assert json.loads(nrcli("--json", "policy", "diff", good, other).stdout)["differences"]


def test_a_schema_is_json() -> None:
    assert json.loads(nrcli("policy", "schema", "RoutingPolicy").stdout)
    assert nrcli("policy", "schema", "Policy").exit_code == 2


@pytest.mark.parametrize("command", ["check", "test", "lint"])
def test_files_that_are_not_there(command: str, tmp_path: Path) -> None:
    done = nrcli("policy", command, tmp_path / "absent.yaml")
    assert done.exit_code == 2 and "cannot be read" in done.stderr
    empty = tmp_path / "empty"
    empty.mkdir()
    done = nrcli("policy", command, empty)
    assert done.exit_code == 2 and "no YAML file" in done.stderr


def test_a_fault_of_another_document_is_shown_in_its_own_file(good: Path, tmp_path: Path) -> None:
    around = tmp_path / "network"
    around.mkdir()
    for key, text in network_texts("lisbon").items():
        (around / f"{key.replace('/', '_')}.yaml").write_text(text)
    other = GOOD.replace("default", "other").replace("call.waited_s > 10", "site.name == 'x'")
    other = other.replace("when:", "candidates:")
    (around / "other.yaml").write_text(other)
    done = nrcli("policy", "check", "--network", around, good)
    assert done.exit_code == 5
    lines = done.stderr.splitlines()
    told = next(i for i, line in enumerate(lines) if "there is no Site x" in line)
    assert lines[told].startswith(f"{around / 'other.yaml'}:7: ")
    assert lines[told + 1].strip() == "candidates: site.name == 'x'"


def test_a_filter_that_no_case_passes_is_a_mistake(good: Path) -> None:
    done = nrcli("policy", "test", good, "--case", "new claler")
    assert done.exit_code == 2 and "no case has this in its name" in done.stderr
