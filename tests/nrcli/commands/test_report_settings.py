from pathlib import Path

import pytest
import typer
from report_facts import stay, work

from nrcli.commands.report_settings import columns_named, csv_file, documented, with_documents
from nrcli.errors import SettingsError
from nrcli.reports.facts import End, Facts

NETWORK = """
apiVersion: nirc/v1
kind: NetworkService
metadata: {name: sales}
spec: {tenant: shop, queue: sales, service_level: {target: 0.8, threshold_s: 30}}
---
apiVersion: nirc/v1
kind: Path
metadata: {name: lisbon-porto}
spec: {from_site: lisbon, trunk_group: carrier, to_site: porto, methods: [refer],
       arrives_on: carrier, cost: 0.05}
"""


@pytest.fixture
def network(tmp_path: Path) -> Path:
    for number, text in enumerate(NETWORK.split("---")):
        (tmp_path / f"{number}.yaml").write_text(text)
    return tmp_path


def test_documents_say_thresholds_tenants_and_tariffs(network: Path) -> None:
    said = documented([network])
    assert said.thresholds_us == {"sales": 30_000_000}
    assert said.tenants == {"sales": "shop"}
    assert said.tariffs_micro == {"lisbon-porto": 50_000}
    assert documented(None).tenants == {}


def test_records_that_tell_are_believed_before_documents(network: Path) -> None:
    stays = (
        stay(End.ANSWERED, tenant=""),
        stay(End.ANSWERED, tenant="own", threshold_us=7),
        stay(End.ANSWERED, tenant="", service="unknown"),
    )
    facts = with_documents(Facts(stays=stays, works=(work(5, tenant=""),)), documented([network]))
    assert [(one.tenant, one.threshold_us) for one in facts.stays] == [
        ("shop", 30_000_000),
        ("own", 7),
        ("", 0),
    ]
    assert facts.works[0].tenant == "shop"


@pytest.mark.parametrize("data", [b"\xff\xfe\x00", None])
def test_a_file_that_is_no_text_ends_the_program(
    tmp_path: Path, data: bytes | None, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "x.csv"
    if data is not None:
        path.write_bytes(data)
    with pytest.raises(typer.Exit):
        csv_file(path)
    assert str(path) in capsys.readouterr().err


def test_their_columns_are_named_by_ours() -> None:
    assert columns_named("interval=Time, queue=Skill,offered=Calls") == {
        "interval": "Time",
        "queue": "Skill",
        "offered": "Calls",
    }


@pytest.mark.parametrize(
    "said", ["", "interval=Time", "interval=Time,queue=Skill", "interval=,queue=b,offered=c",
             "interval=a,queue=b,colour=c"]
)  # fmt: skip
def test_columns_that_make_no_sense_are_refused(said: str) -> None:
    with pytest.raises(SettingsError, match="--columns"):
        columns_named(said)
