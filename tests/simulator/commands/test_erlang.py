"""`nirc-sim erlang` as it is typed."""

import json
import subprocess
import sys

import pytest
from typer.testing import CliRunner

from simulator.commands.main import app

RUN = CliRunner()
A = ["erlang", "a", "--rate", "1.6", "--aht", "60", "--patience", "120"]
C = ["erlang", "c", "--rate", "1.6", "--aht", "60"]
B = ["erlang", "b", "--rate", "1.6", "--aht", "60"]


def told(*words: str) -> dict[str, float]:
    done = RUN.invoke(app, [*words, "--json"])
    assert done.exit_code == 0, done.output
    found: dict[str, float] = json.loads(done.stdout)
    return found


def test_erlang_a() -> None:
    found = told(*A, "--agents", "100")
    assert found["abandonment"] == pytest.approx(0.0179674454, abs=1e-9)
    assert found["asa_s"] == pytest.approx(2.15609344, abs=1e-7)
    assert found["service_level"] == pytest.approx(0.97917164, abs=1e-7)
    assert found["load"] == 96.0


def test_the_reference_table() -> None:
    a = ["erlang", "a", "--rate", "0.8", "--aht", "60", "--patience", "120"]
    found = told(*a, "--agents", "50")
    assert found["abandonment"] == pytest.approx(0.0309122, abs=5e-8)
    assert found["asa_s"] == pytest.approx(3.7095, abs=5e-5)
    assert found["service_level"] == pytest.approx(0.943019, abs=5e-7)
    found = told("erlang", "c", "--rate", "0.8", "--aht", "60", "--agents", "50")
    assert found["waiting_share"] == pytest.approx(0.694456, abs=5e-7)
    assert found["wait_p90_s"] == pytest.approx(58.1, abs=0.05)


@pytest.mark.parametrize(
    ("words", "figure", "target", "more_is_better"),
    [
        ([*A, "--service-level", "0.8"], "service_level", 0.8, True),
        ([*A, "--asa", "5"], "asa_s", 5.0, False),
        ([*A, "--abandonment", "0.03"], "abandonment", 0.03, False),
        ([*C, "--service-level", "0.8", "--threshold", "30"], "service_level", 0.8, True),
        ([*C, "--asa", "5"], "asa_s", 5.0, False),
        ([*B, "--blocking", "0.01"], "blocking", 0.01, False),
    ],
)
def test_the_fewest_reach_it_and_one_fewer_does_not(
    words: list[str], figure: str, target: float, more_is_better: bool
) -> None:
    found = told(*words)
    fewer = found["one_fewer"]
    assert isinstance(fewer, dict)
    reached = (found[figure] >= target) if more_is_better else (found[figure] <= target)
    missed = (fewer[figure] < target) if more_is_better else (fewer[figure] > target)
    assert reached
    assert missed


@pytest.mark.parametrize(
    ("words", "remedy"),
    [
        (["erlang", "b", "--rate", "-1", "--aht", "60", "--trunks", "3"], "--rate is -1; give"),
        (["erlang", "b", "--rate", "nan", "--aht", "60", "--trunks", "3"], "--rate is nan; give"),
        (["erlang", "b", "--rate", "9e9", "--aht", "60", "--trunks", "3"], "calls per second"),
        ([*B, "--trunks", "-3"], "--trunks is -3; give 0 to"),
        (B, "exactly one of --trunks or --blocking (none given)"),
        ([*B, "--trunks", "3", "--blocking", "0.1"], "(--trunks and --blocking given)"),
        ([*B, "--blocking", "1.5"], "a share between 0 and 1"),
        ([*C, "--agents", "90"], "give at least 97 agents"),
        ([*C, "--agents", "100", "--threshold", "-1"], "--threshold is -1"),
        ([*A, "--service-level", "80"], "0.8 for 80 %"),
        ([*A, "--agents", "0"], "--agents is 0; give 1 to"),
        (A, "--agents, --service-level, --asa or --abandonment"),
    ],
)
def test_mistakes_are_told_with_their_remedy(words: list[str], remedy: str) -> None:
    done = RUN.invoke(app, words)
    assert done.exit_code == 2
    assert remedy in done.stderr
    assert done.stdout == ""


def test_a_person_gets_a_table() -> None:
    done = RUN.invoke(app, [*A, "--abandonment", "0.03"])
    assert "gave up" in done.stdout
    assert "one fewer" in done.stdout
    assert "trunks in use" in RUN.invoke(app, [*B, "--trunks", "100"]).stdout
    assert "mean wait of all" in RUN.invoke(app, [*C, "--agents", "100"]).stdout


def test_nothing_heavy_is_imported() -> None:
    text = (
        "import sys; import simulator.commands.erlang; "
        "sys.exit(any(name in sys.modules for name in ('numpy', 'scipy', 'numba', 'pyarrow')))"
    )
    assert subprocess.run([sys.executable, "-c", text], check=False).returncode == 0
