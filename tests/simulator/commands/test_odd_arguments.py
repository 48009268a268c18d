"""Nonsense on the command line is told in a sentence; nobody sees a traceback, nothing is run."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from simulator.commands.main import app

STAY = ("-p", "stay", "-p", "stay")
FILES = ("/tmp", "/none/x", "bin.yaml", "empty.yaml", "list.yaml", "deep.yaml", "ring.yaml",
         "/dev/null", "-", "", "x" * 5000)  # fmt: skip
QUICK = ("quick-start", "--set", "duration_s=60", "--workers", "1")
RUN = (
    ("--seed", "-1"), ("-n", "0"), ("-n", "99999999"), ("--workers", "0"), ("--engine", "fast"),
    ("--policy", "/tmp"), ("--policy", "catalogue:../../x"), ("--policy", "bin.yaml"),
    ("--scheduler", "x"), ("--report", "/tmp"), ("--report", "/none/x.html"),
    ("--export", "/dev/null"), ("--outcomes", "/proc/x"), ("--resume", "/dev/null"),
    ("--resume", ""), ("--precision", "0"), ("--precision", "abc"), ("--precision", "nan"),
    ("--precision", "nofigure=5%"), ("--replications-max", "0"), ("--set", ""), ("--set", "a"),
    ("--set", "..=1"), ("--set", "sites=1"), ("--set", "duration_s=nan"), ("--set", "seed=-1"),
    ("--set", "arrivals.factor=1e12"), ("--set", "arrivals.0.per_s=1e9"),
    ("--set", "sites.*.agents.*.count=1000000"), ("--set", "interval_s=0.001"),
    ("--set", "time_zone=Mars"), ("--set", "start=99999"), ("--set", "policy=/tmp"),
)  # fmt: skip
OTHERS = (
    ("compare", *QUICK), ("compare", *QUICK, *STAY, "-p", "stay"),
    ("compare", *QUICK, "-p", "stay", "-p", "nope"), ("compare", *QUICK, *STAY, "-f", "nope"),
    ("sweep", *QUICK), ("sweep", *QUICK, "--vary", ""), ("sweep", *QUICK, "--vary", "a="),
    ("sweep", *QUICK, "--vary", "seed=-1,-2"), ("sweep", *QUICK, "--vary", "policy=stay,nope"),
    ("sweep", *QUICK, "--vary", "seed=" + ",".join(map(str, range(600)))),
    ("sweep", *QUICK, "--vary", "seed=1,2", "--csv", "/tmp"),
    ("capacity", *QUICK), ("capacity", *QUICK, "-t", ""), ("capacity", *QUICK, "-t", "asa<=nan"),
    ("capacity", *QUICK, "-t", "asa<=1e400"), ("capacity", *QUICK, "-t", "offered<=1"),
    ("capacity", *QUICK, "-t", "asa<=20", "--plans-max", "0"),
    ("capacity", *QUICK, "-t", "asa<=20", "--site", ""),
    ("capacity", *QUICK, "-t", "asa<=20", "--report", "/none/x"),
    ("replay", "bank", "-p", "stay"), ("replay", "bank", *STAY, "--from", "1999-02-30"),
    ("replay", "bank", *STAY, "--from", "2020-01-01"), ("replay", "bank", *STAY, "--days", "-1"),
    ("replay", "bank", *STAY, "--scenario", "/tmp"), ("replay", "bank", *STAY, "--format", "nope"),
    ("replay", "bin.yaml", *STAY), ("replay", "bin.yaml", *STAY, "--format", "list.yaml"),
    ("backtest", "bank-month", "--staff", "x"), ("backtest", "quick-start"),
    ("backtest", "bank-month", "--records", "bin.yaml"), ("backtest", "/tmp"),
    ("plan",), ("plan", "bin.yaml"), ("plan", "empty.yaml"), ("plan", "nope"),
    ("calibrate", "bin.yaml"), ("calibrate", "/tmp"), ("calibrate", "bank", "--interval", "nan"),
    ("calibrate", "bank", "--interval", "0"), ("calibrate", "bank", "--name", ""),
    ("calibrate", "bank", "--skill", "nope"), ("calibrate", "bank", "--format", "x"),
    ("calibrate", "bank", "-o", "/tmp"), ("calibrate", "/dev/null"),
    ("scenarios", "--show", "x"), ("scenarios", "extra"), ("scenarios", "--copy", "x", "y"),
    ("scenarios", "--copy", "quick-start", "/tmp"), ("scenarios", "--copy", "quick-start", "a\0b"),
    ("schema", "x"), ("schema", "--nope"), ("nope",), ("",), ("validate", "x"),
    ("erlang", "x"), ("erlang", "a"), ("erlang", "c", "--rate", "-1"),
    ("erlang", "b", "--rate", "nan", "--aht", "60", "--agents", "5"),
    ("erlang", "a", "--rate", "1", "--aht", "0", "--agents", "5"),
    ("erlang", "b", "--rate", "1e300", "--aht", "1e300", "--agents", "5"),
    ("erlang", "c", "--rate", "1", "--aht", "60", "--agents", "-5"),
    ("faults", "--seeds", "0"), ("faults", "--seeds", "x"), ("faults", "--for", "nan"),
    ("faults", "--first-seed", "-1", "--seeds", "1"), ("faults", "--append", "/tmp"),
    ("check", "bin.yaml"), ("check", "/tmp"), ("check", "empty.yaml"), ("check", "list.yaml"),
)  # fmt: skip


@pytest.fixture(autouse=True)
def _files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NIRC_SIM_WARM", "0")
    Path("bin.yaml").write_bytes(bytes(range(256)))
    Path("empty.yaml").touch()
    Path("list.yaml").write_text("- 1\n- 2\n")
    Path("deep.yaml").write_text("a: " + "[" * 5000 + "]" * 5000)
    Path("ring.yaml").write_text("a: &x [*x]\n")


@pytest.mark.parametrize(
    "words",
    [*(("run", file) for file in FILES), *(("run", *QUICK, *more) for more in RUN), *OTHERS],
    ids=lambda words: " ".join(words)[:60].encode("unicode_escape").decode(),
)
def test_it_is_refused_in_a_sentence(words: tuple[str, ...]) -> None:
    before = sorted(Path().iterdir())
    found = CliRunner().invoke(app, list(words))
    assert found.exit_code == 2, (found.output, found.exception)
    assert isinstance(found.exception, SystemExit)
    assert found.stderr.strip() and "Traceback" not in found.output
    assert "mistake of this program" not in found.output
    assert found.stdout == ""
    assert sorted(Path().iterdir()) == before, "nothing is left behind"
