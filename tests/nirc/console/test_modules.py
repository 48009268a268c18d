"""How the console's files are written: small, from nowhere else, and never as markup."""

import re
from pathlib import Path

from source_tree import ROOT

CONSOLE = ROOT / "nirc" / "console"
LINES_MAX = 400
IMPORT = re.compile(r'^import .* from "([^"]+)"|import\("([^"]+)"\)', re.MULTILINE)
# Each of these makes code or markup out of a text, which may be somebody's name.
MARKUP = re.compile(
    r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|setHTML|"
    r"DOMParser|srcdoc|javascript:|createContextualFragment"
)
ELSEWHERE = re.compile(r"https?://(?!www\.w3\.org/2000/svg)[\w.]+")


def files(*suffixes: str) -> list[Path]:
    return sorted(path for path in CONSOLE.rglob("*") if path.suffix in suffixes)


def test_every_module_is_small_and_opens_with_its_rule() -> None:
    for path in files(".js", ".css"):
        text = path.read_text("utf-8")
        assert len(text.splitlines()) <= LINES_MAX, path
        assert re.match(r"(//|/\*) .+", text) and "Rule of this file:" in text[:600], path


def test_every_import_is_a_file_of_ours() -> None:
    for path in files(".js"):
        for one, later in IMPORT.findall(path.read_text("utf-8")):
            name = one or later
            assert name.startswith("."), f"{path} takes {name} from elsewhere"
            assert (path.parent / name).resolve().is_file(), f"{path} imports {name}"


def test_no_text_becomes_markup_or_code() -> None:
    assert [str(path) for path in files(".js", ".html") if MARKUP.search(path.read_text())] == []


def test_nothing_is_fetched_from_elsewhere() -> None:
    found = files(".js", ".css", ".html", ".svg", ".json")
    assert [str(path) for path in found if ELSEWHERE.search(path.read_text("utf-8"))] == []


def test_nothing_is_inline() -> None:
    """The page's policy forbids it; a browser would leave it out."""
    page = (CONSOLE / "index.html").read_text("utf-8")
    assert "<style" not in page and " style=" not in page and " on" not in page
    assert re.findall(r"<script[^>]*>([^<]*)</script>", page) == [""]


def test_every_page_has_its_own_path_and_its_own_key() -> None:
    routes = (CONSOLE / "js" / "routes.js").read_text("utf-8")
    paths = re.findall(r'path: "([^"]*)"', routes)
    keys = re.findall(r'keys: "([^"]*)"', routes)
    assert len(paths) > 8 and len(set(paths)) == len(paths)
    assert len(set(keys)) == len(keys) and all(len(key) == 1 for key in keys)
