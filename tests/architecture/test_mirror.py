"""Every source file has its tests at the same path under tests/."""

from pathlib import Path

from source_tree import PACKAGES, ROOT, source_files

WITHOUT_TESTS = ("__init__.py", "__main__.py")


def test_every_source_file_has_its_test_file() -> None:
    missing = [
        f"{path} has no tests/{path.parent}/test_{path.name}"
        for path in source_files()
        if path.name not in WITHOUT_TESTS
        and not (ROOT / "tests" / path.parent / f"test_{path.name}").exists()
    ]
    assert missing == []


def test_every_mirrored_folder_has_its_source_folder() -> None:
    folders = {
        path.parent for name in PACKAGES for path in (ROOT / "tests" / name).rglob("test_*.py")
    }
    stray = [
        str(path) for path in folders if not (ROOT / path.relative_to(ROOT / "tests")).is_dir()
    ]
    assert stray == []


def test_no_folder_of_tests_is_a_package() -> None:
    """An `__init__.py` there would hide the package of the same name."""
    assert list(Path(ROOT / "tests").rglob("__init__.py")) == []
