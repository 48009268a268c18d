"""docs/dependencies.md lists what pyproject.toml names, no more and no less, and its place."""

import re
import tomllib

from source_tree import ROOT, imports_of, source_files

NAME = re.compile(r"^[A-Za-z0-9._-]+")
ROW = re.compile(r"^\| `([^`]+)` \| ([^|]*) \| ([^|]*) \| ([^|]*) \|$", re.MULTILINE)


def declared() -> set[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    groups = [project["dependencies"], *project["optional-dependencies"].values()]
    found = (NAME.match(requirement) for group in groups for requirement in group)
    return {name[0].lower() for name in found if name}


def rows() -> dict[str, tuple[str, str, str]]:
    text = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8")
    return {name.lower(): (place, why, licence) for name, place, why, licence in ROW.findall(text)}


def test_every_dependency_has_its_row_and_no_other() -> None:
    assert set(rows()) == declared()


def test_every_row_is_filled() -> None:
    empty = [name for name, cells in rows().items() if not all(cell.strip() for cell in cells)]
    assert empty == []


def test_a_library_with_one_place_is_imported_there_alone() -> None:
    """Where the table names files and not folders, nothing else imports the library."""
    for name, (place, _, _) in rows().items():
        files = set(re.findall(r"`([\w/]+\.py)`", place))
        if not files or "/`" in place:
            continue
        module = re.search(r"imported as `(\w+)`", place)
        library = module[1] if module else name
        users = {
            str(path)
            for path in source_files()
            for found in imports_of(path)
            if found.name.partition(".")[0] == library
        }
        assert users == files, f"{library} is imported by {sorted(users)}"


def test_a_library_is_imported_only_in_the_places_named() -> None:
    """A place is a file, or a folder with a slash at its end; who names none has no such rule."""
    strays: dict[str, set[str]] = {}
    for name, (place, _, _) in rows().items():
        places = tuple(re.findall(r"`([\w/]+(?:\.py|/))`", place))
        module = re.search(r"imported as `(\w+)`", place)
        library = module[1] if module else name
        users = {
            str(path)
            for path in source_files()
            for found in imports_of(path)
            if found.name.partition(".")[0] == library
        }
        outside = {user for user in users if not user.startswith(places)}
        if places and outside:
            strays[name] = outside
    assert strays == {}


def test_each_daemon_gets_what_it_imports_and_no_more() -> None:
    """The extras of the two daemons name only what their own packages import."""
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    extras = tomllib.loads(text)["project"]["optional-dependencies"]
    for extra, package in (("router", "nirc"), ("site", "site_agent")):
        named = {name[0].lower() for one in extras[extra] if (name := NAME.match(one))}
        imported = {
            found.name.partition(".")[0]
            for path in source_files()
            if str(path).startswith(f"{package}/")
            for found in imports_of(path)
        }
        unused = {name for name in named if name.partition("-")[0] not in imported}
        assert unused == set()
