"""docs/settings.md and docs/sip.md name every setting, with the bounds and default of the code."""

import dataclasses
import re
import types
import typing
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from documents import ROOT, blocks_of
from pydantic import BaseModel
from typer.testing import CliRunner

import nirc.__main__
import site_agent.__main__
from nirc.config import NodeConfig
from nirc.core.settings import RouterSettings
from site_agent.adapters.sip_acd.settings import LimitSettings
from site_agent.config import SiteConfig
from site_agent.core.settings import SiteSettings
from site_agent.sip.settings import MessageLimits, SipSettings

ROW = re.compile(r"^\| `([^`]+)` \| ([^|\n]*) \| ([^|\n]*) \| ([^|\n]*) \|$", re.MULTILINE)
SETTINGS, SIP = Path("docs/settings.md"), Path("docs/sip.md")
BOUNDS = {"ge": "from {}", "gt": "above {}", "le": "to {}", "lt": "below {}"}


@dataclasses.dataclass(frozen=True)
class Told:
    """What a row must say, apart from its meaning."""

    bounds: str
    default: str


def rows_of_model(model: type[BaseModel], prefix: str = "") -> dict[str, Told]:
    """Every setting of a file, by its path; `[]` stands for each entry of a list."""
    rows: dict[str, Told] = {}
    for name, field in model.model_fields.items():
        parts, suffix = models_in(field.annotation)
        if parts:
            for part in parts:
                rows |= rows_of_model(part, f"{prefix}{name}{suffix}.")
        else:
            told = Told(bounds_of(field.metadata), default_of(field.get_default(), field))
            rows[prefix + name] = told
    return rows


def models_in(annotation: Any) -> tuple[list[type[BaseModel]], str]:
    """The models that an annotation holds, and `[]` or `.*` where it holds several of them."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation], ""
    origin, inner = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is dict:
        models, _ = models_in(inner[1])
        return models, ".*"
    if origin in (typing.Union, types.UnionType, tuple, typing.Annotated):
        found = [model for one in inner for model in models_in(one)[0]]
        return found, "[]" if origin is tuple else ""
    return [], ""


def bounds_of(metadata: list[Any]) -> str:
    found = (
        text.format(number(getattr(item, name)))
        for item in metadata
        for name, text in BOUNDS.items()
        if hasattr(item, name)
    )
    return " ".join(found)


def default_of(value: Any, field: Any = None) -> str:
    if field is not None and field.is_required():
        return "required"
    if field is not None and field.default_factory is not None:
        value = field.default_factory()
    if value is None or value in ((), {}, "") or not str(value):
        return "none"
    if isinstance(value, tuple):
        return ", ".join(map(str, value))
    return number(value)


def number(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:,.6g}" if isinstance(value, float) else str(value)


def rows_of_dataclass(kind: type, prefix: str = "") -> dict[str, Told]:
    return {
        prefix + field.name: Told("", number(field.default) if field.default != "" else "none")
        for field in dataclasses.fields(kind)
        if field.default is not dataclasses.MISSING
    }


def rows_of_node() -> dict[str, Told]:
    rows = rows_of_model(NodeConfig)
    del rows["router"]
    return rows


TABLES: dict[tuple[Path, str], Callable[[], dict[str, Told]]] = {
    (SETTINGS, "## The node's file"): rows_of_node,
    (SETTINGS, "## Limits of the router"): lambda: rows_of_dataclass(RouterSettings, "router."),
    (SETTINGS, "## The site agent's file"): lambda: rows_of_model(SiteConfig),
    (SETTINGS, "## Times of the site agent"): lambda: rows_of_dataclass(SiteSettings),
    (SETTINGS, "## Times of the built-in ACD"): lambda: rows_of_dataclass(LimitSettings),
    (SIP, "## Timers and limits"): lambda: (
        rows_of_dataclass(SipSettings) | rows_of_dataclass(MessageLimits)
    ),
}


def table_under(document: Path, heading: str) -> dict[str, tuple[str, str, str]]:
    text = (ROOT / document).read_text(encoding="utf-8")
    assert f"\n{heading}\n" in text, f"{document}: the heading {heading} is missing"
    section = text.split(f"\n{heading}\n", 1)[1].split("\n## ", 1)[0]
    return {name: (unit, default, meaning) for name, unit, default, meaning in ROW.findall(section)}


@pytest.mark.parametrize(("document", "heading"), TABLES, ids=str)
def test_every_setting_has_its_row_and_no_other(document: Path, heading: str) -> None:
    expected, table = TABLES[document, heading](), table_under(document, heading)
    assert set(table) == set(expected)
    for name, told in expected.items():
        unit, default, meaning = (cell.strip() for cell in table[name])
        assert default == told.default, f"{document}: {name}: the default is {told.default}"
        assert told.bounds in unit, f"{document}: {name}: the bounds are `{told.bounds}`"
        assert meaning, f"{document}: {name}: say what it means"


def example(first_line: str) -> str:
    found = [block.text for block in blocks_of(SETTINGS) if block.text.startswith(first_line)]
    assert len(found) == 1, f"{SETTINGS}: one example begins with {first_line}"
    return found[0]


def test_the_node_of_the_example_is_well_described(tmp_path: Path) -> None:
    """The files that it names are put beside it; what is in them is not looked at."""
    file = tmp_path / "node.yaml"
    file.write_text(example("node: "), encoding="utf-8")
    (tmp_path / "tls").mkdir()
    for name in re.findall(r"tls/[\w-]+\.\w+", example("node: ")):
        (tmp_path / name).touch()
    done = CliRunner().invoke(nirc.__main__.app, ["config", "check", str(file)])
    assert done.exit_code == 0, done.output


def test_the_site_of_the_example_is_good(tmp_path: Path) -> None:
    file = tmp_path / "site.yaml"
    file.write_text(example("site: "), encoding="utf-8")
    (tmp_path / "tls").mkdir()
    for name in re.findall(r"tls/[\w-]+\.\w+", example("site: ")):
        (tmp_path / name).touch()
    done = CliRunner().invoke(site_agent.__main__.app, ["config", "check", str(file)])
    assert done.exit_code == 0, done.output
